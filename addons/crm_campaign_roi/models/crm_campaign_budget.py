"""The budget of a campaign, month by month."""

from odoo import api, fields, models


class CrmCampaignBudget(models.Model):
    """What a campaign may cost in a month."""

    _name = "crm.campaign.budget"
    _description = "Budget of a Campaign"
    _order = "month, id"
    _rec_name = "month"

    campaign_id = fields.Many2one("utm.campaign", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
        help="Any day of it; kept as its first.",
    )
    amount = fields.Monetary(required=True)

    _month_unique = models.UniqueIndex(
        "(campaign_id, company_id, month)", "The month of this campaign has a budget already."
    )
    _amount_positive = models.Constraint("CHECK (amount >= 0)", "A budget can't be negative.")

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the first day of the month."""
        return super().create([self._first_day(vals) for vals in vals_list])

    def write(self, vals):
        """Keep the first day of the month."""
        return super().write(self._first_day(vals))

    def _first_day(self, vals):
        if not vals.get("month"):
            return vals
        return {**vals, "month": fields.Date.to_date(vals["month"]).replace(day=1)}
