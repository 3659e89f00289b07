"""The page as a PDF, on the first of each month, to whom the company names."""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .utm_campaign import FIGURES

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    crm_roi_report_user_ids = fields.Many2many(
        "res.users",
        "crm_roi_report_user_rel",
        "company_id",
        "user_id",
        "Monthly Marketing Return To",
        help="They get the page as a PDF by e-mail, as far as they may see it.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    crm_roi_report_user_ids = fields.Many2many(
        related="company_id.crm_roi_report_user_ids", readonly=False
    )


class CrmMarketingReturn(models.AbstractModel):
    _inherit = "crm.marketing.return"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _send_monthly(self):
        """Cron: to each user of each company, with the user's rights and language."""
        for company in self.env["res.company"].search([("crm_roi_report_user_ids", "!=", False)]):
            for user in company.crm_roi_report_user_ids:
                if user.email and user.has_group(FIGURES) and company in user.company_ids:
                    self._send_to(user, company)

    def _send_to(self, user, company):
        context = {"allowed_company_ids": company.ids, "lang": user.lang}
        own = self.with_user(user).with_context(**context)
        report = own.env["ir.actions.report"]
        try:
            content, _kind = report._render_qweb_pdf(
                "crm_campaign_roi.action_report_marketing_return", company.ids
            )
        except UserError as error:
            _logger.warning("The monthly return of %s was not made: %s", company.name, error)
            return
        day = format_date(own.env, fields.Date.context_today(own))
        title = own.env._("Marketing return, %(day)s", day=day)
        # sudo: written by the system, not by the one who gets it
        self.env["mail.mail"].sudo().create(
            {
                "subject": f"{company.name}: {title}",
                "email_from": company.email_formatted or user.email_formatted,
                "email_to": user.email_formatted,
                "body_html": own.env._("The return of the last twelve months is attached."),
                "attachment_ids": [(0, 0, {"name": f"{title}.pdf", "raw": content})],
                "auto_delete": True,
            }
        )
