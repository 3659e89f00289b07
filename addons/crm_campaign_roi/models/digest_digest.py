"""The host's digest tells what campaigns earned."""

from odoo import fields, models
from odoo.exceptions import AccessError

from .utm_campaign import FIGURES


class DigestDigest(models.Model):
    _inherit = "digest.digest"  # pylint: disable=consider-merging-classes-inherited

    kpi_crm_roi_margin = fields.Boolean("Margin of Campaigns")
    kpi_crm_roi_margin_value = fields.Monetary(
        compute="_compute_kpi_crm_roi_margin_value", export_string_translation=False
    )

    def _compute_kpi_crm_roi_margin_value(self):
        """Margin of the orders that campaigns are credited for, by the company's model."""
        if not self.env.user.has_group(FIGURES):
            raise AccessError(self.env._("Margins of campaigns are not shown to you."))
        start, end, _companies = self._get_kpi_compute_parameters()
        for digest in self:
            company = digest.company_id or self.env.company
            report = self.env["crm.campaign.roi.report"].with_company(company)
            report = report.with_context(allowed_company_ids=company.ids)
            [[margin]] = report._read_group(
                [("month", ">=", fields.Date.to_date(start)), ("month", "<", fields.Date.to_date(end)),
                 ("campaign_id", "!=", False)],
                [], ["return_margin:sum"],
            )  # fmt: skip
            digest.kpi_crm_roi_margin_value = margin or 0

    def _compute_kpis_actions(self, company, user):
        """A click opens the return."""
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("crm_campaign_roi.menu_roi_root").id
        actions["kpi_crm_roi_margin"] = (
            f"crm_campaign_roi.crm_campaign_roi_report_action?menu_id={menu}"
        )
        return actions
