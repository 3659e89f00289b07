"""The model behind predicted value: one row per company and fit, with its check."""

from odoo import api, fields, models
from odoo.addons.crm_segments.models.each_company import each_company
from odoo.addons.crm_segments.models.metric_fields import ALL_FIGURES_GROUPS
from odoo.exceptions import AccessError, UserError

#: totals of the company are for those who see every customer's documents
TOTALS = {"readonly": True, "groups": ALL_FIGURES_GROUPS, "aggregator": None}


class CrmValueModel(models.Model):
    """Parameters of BG/NBD and Gamma-Gamma as fitted on one day, and how well they predicted.

    The check fits the same model on what was known some months ago and compares what it expected
    of the months since with what came, and with each customer's own rate (``lib/calibration.py``).
    Predictions are shown only where the check says 'better'.
    """

    _name = "crm.value.model"
    _description = "Predicted Value"
    _order = "date desc, id desc"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("Fitted On", required=True, readonly=True)
    verdict = fields.Selection(
        [
            ("better", "Better than the own rate"),
            ("worse", "Not better than the own rate"),
            ("off", "Total too far off"),
            ("few", "Too few customers"),
            ("short", "Too short a history"),
        ],
        required=True,
        readonly=True,
    )
    shown = fields.Boolean(
        readonly=True, help="Whether customers have predictions from this fit, or would have."
    )
    revenue_shown = fields.Boolean(
        readonly=True, help="Whether the check of the money was passed as well."
    )
    weeks = fields.Integer("Weeks of History", readonly=True, aggregator=None)
    customers = fields.Integer(**TOTALS)
    repeaters = fields.Integer("Bought Again", **TOTALS)

    r = fields.Float(readonly=True, aggregator=None, help="Shape of the rates.")
    alpha = fields.Float(readonly=True, aggregator=None, help="Rate of the rates, in weeks.")
    a = fields.Float(readonly=True, aggregator=None, help="Of leaving for good.")
    b = fields.Float(readonly=True, aggregator=None, help="Of staying.")
    log_likelihood = fields.Float(**TOTALS)
    p = fields.Float(help="Shape of the money of a purchase.", **TOTALS)
    q = fields.Float(help="Shape of the rates of money.", **TOTALS)
    v = fields.Float(help="Rate of the rates of money, in the currency.", **TOTALS)
    money_log_likelihood = fields.Float(**TOTALS)
    money_correlation = fields.Float(
        help="Rank correlation between how often customers buy and what they spend each time; "
        "the model of the money takes it for 0.",
        **TOTALS,
    )
    refund_share = fields.Float(
        help="Credit notes in the money of purchases, of all customers.", **TOTALS
    )

    @api.model
    def _latest(self, company):
        """The last fit of a company; empty if there was none."""
        return self.search([("company_id", "=", company.id)], limit=1)

    def action_fit(self):
        """Fit anew in the current company, and write the predictions.

        :return: action that opens the new fit
        :raises AccessError: for users who are no managers of segments
        :raises UserError: while another fit of the same company is under way
        """
        if not self.env.user.has_group("crm_segments.group_segments_manager"):
            raise AccessError(self.env._("Only managers of segments may fit the model anew."))
        # sudo: the model is learnt from all customers, whoever starts it; what of it may be
        # read is decided where it is read
        fitted = self.sudo()._fit_company(self.env.company.sudo())  # sudo: as above
        if not fitted:
            raise UserError(self.env._("The model of this company is being fitted just now."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Predicted Value"),
            "res_model": self._name,
            "res_id": fitted.id,
            "views": [(False, "form")],
        }

    @api.model
    def _refresh_all(self):
        """Cron, nightly: fit what is a month old; predict anew whoever bought since."""
        for company in each_company(self.env):
            self._refresh_company(company)

    def _refresh_company(self, company):
        today, latest = self.env["crm.segmentation"]._today(), self._latest(company)
        if not latest or latest.date <= fields.Date.subtract(today, months=1):
            return self._fit_company(company)
        if latest.shown:
            latest._predict_outdated(today)
        return latest
