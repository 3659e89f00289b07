"""Where each deal stands between the first contact and the payment."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..models.crm_deal_norm import STEPS


class CrmDealControl(models.Model):
    """One row per open opportunity without an order, open quotation and unfinished order.

    An opportunity that has a quotation is watched by it, so its money counts once. With several
    companies switched on, amounts are in the currency of the current one. How it is made:
    ``crm_deal_control_query.py``.
    """

    _name = "crm.deal.control"
    _description = "Deal Control"
    _auto = False
    _order = "late desc, money desc, id"
    _rec_name = "name"
    _depends = {
        "crm.lead": [
            "name", "type", "active", "won_status", "partner_id", "user_id", "team_id",
            "company_id", "expected_revenue", "date_deadline",
        ],
        "sale.order": [
            "name", "state", "opportunity_id", "partner_id", "user_id", "team_id", "company_id",
            "date_order", "validity_date", "commitment_date", "amount_untaxed", "currency_rate",
            "invoice_status",
        ],
        "sale.order.line": ["order_id"],
        "account.move": [
            "state", "move_type", "payment_state", "amount_residual", "amount_total",
            "amount_untaxed", "amount_untaxed_signed", "invoice_date", "invoice_date_due",
        ],
        "account.move.line": ["move_id", "price_subtotal", "sale_line_ids"],
        "mail.activity": ["res_model", "res_id", "active", "date_deadline", "date_done"],
        "mail.message": ["model", "res_id", "date", "author_id", "message_type"],
        "calendar.event": ["opportunity_id", "start", "active"],
        "crm.segment.membership": ["partner_id", "segment_id", "date_to", "pinned"],
        "crm.deal.norm": ["company_id", "segment_id", "step", "days", "completed"],
        "res.partner": ["commercial_partner_id"],
    }  # fmt: skip

    name = fields.Char("Deal", readonly=True)
    lead_id = fields.Many2one("crm.lead", "Opportunity", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    segment_id = fields.Many2one(
        "crm.segment", readonly=True, help="Of the company's leading segmentation, today."
    )
    user_id = fields.Many2one("res.users", "Owner", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    # all steps in their order, also those where nothing waits
    step = fields.Selection(STEPS, "Waits For", readonly=True, group_expand=True)
    date_start = fields.Date("Waits Since", readonly=True)
    days = fields.Integer("Days Spent", readonly=True, aggregator="avg")
    norm = fields.Float(
        "Norm (Days)", readonly=True, aggregator=None, digits=(16, 0),
        help="Four in five completed deals of the segment took no longer for this step; where it "
        "has fewer than 20 of them, those of all customers. Empty: not enough data.",
    )  # fmt: skip
    norm_count = fields.Integer("Completed Deals", readonly=True, aggregator=None)
    norm_own = fields.Boolean(
        "Norm of the Segment", readonly=True, help="Otherwise that of all customers."
    )
    promised = fields.Date(
        readonly=True,
        help="Expected closing of an opportunity, expiry of a quotation, promised delivery, "
        "due date of an invoice.",
    )
    next_date = fields.Date("Next Step On", readonly=True, help="The earliest planned activity.")
    verdict = fields.Selection(
        [
            ("stalled", "Stalled"),
            ("late", "Late"),
            ("no_step", "No next step"),
            ("on_time", "On time"),
            ("unknown", "No norm yet"),
        ],
        readonly=True,
        help="Late: longer than the norm, or after the promised date. Stalled: longer than twice "
        "the norm, and nothing planned.",
    )
    late = fields.Boolean("Held Up", readonly=True, help="Late or stalled.")
    money = fields.Monetary(
        readonly=True,
        help="Expected revenue, untaxed amount of the order, or what of it is unpaid.",
    )
    money_held = fields.Monetary("Money Held Up", readonly=True, help="Of what is late or stalled.")

    def action_open_document(self):
        """Open the opportunity or the order, with the rights of the user.

        :return: action
        :raises UserError: it is gone meanwhile
        """
        self.ensure_one()
        document = self.order_id or self.lead_id
        if not document:
            raise UserError(self.env._("This deal is closed or gone meanwhile."))
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }
