"""The host's digest tells what campaigns earned."""

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .attribution_models import PATH_MODELS
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
            digest.kpi_crm_roi_margin_value = self._credited_margin(
                company, fields.Date.to_date(start), fields.Date.to_date(end)
            )

    def _credited_margin(self, company, start, end):
        """Margin of documents dated in a time, by the share that campaigns are credited with."""
        report = self.env["crm.campaign.roi.report"].with_company(company)
        report._flush()
        code = company.sudo().crm_roi_model  # sudo: a setting
        code = code if code in dict(PATH_MODELS) else "last_non_direct"
        [[margin]] = self.env.execute_query(
            SQL(
                """
                SELECT SUM(x.margin * %(weight)s)::float
                FROM (%(results)s) x JOIN (%(credits)s) c ON %(same)s
                WHERE x.day >= %(start)s AND x.day < %(end)s AND %(counted)s
                """,
                weight=report._weight(code),
                results=self.env["crm.campaign.result"].with_company(company)._results_sql(company),
                credits=report._credits_sql(company),
                same=report._same_document(),
                start=start,
                end=end,
                counted=report._counted(company, "c", "c"),
            )
        )
        return margin or 0.0

    def _compute_kpis_actions(self, company, user):
        """A click opens the return."""
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("crm_campaign_roi.menu_roi_root").id
        actions["kpi_crm_roi_margin"] = (
            f"crm_campaign_roi.crm_campaign_roi_report_action?menu_id={menu}"
        )
        return actions
