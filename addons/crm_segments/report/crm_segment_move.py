"""Who moved between two days, why, and how much money is at stake."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.metric_fields import EmptyMonetary

#: of the context: what is compared
SEGMENTATION, FIRST, SECOND = "moves_segmentation", "moves_from", "moves_to"


class CrmSegmentMove(models.Model):
    """One row per customer who is elsewhere on the second day than on the first.

    In overlapping segmentations one row per segment that the customer left or joined. The
    context names the segmentation and the two days; without them there are no rows. The
    current company's stays are read, lived ones and those computed for the past.

    How the cause is found: ``lib/move_cause.py``, ``crm_segment_move_query.py``.
    """

    _name = "crm.segment.move"
    _description = "Move between Segments"
    _auto = False
    _order = "stake desc nulls last, id"
    _rec_name = "partner_id"
    _depends = {
        "crm.segment.membership": [
            "partner_id", "segment_id", "segmentation_id", "company_id", "date_from", "date_to",
            "pinned", "origin", "evidence",
        ],
        "crm.segmentation.version": ["segmentation_id", "number", "changes"],
        "crm.segmentation.run": ["segmentation_id", "company_id", "state", "origin"],
        "crm.sales.history": [],
        "account.move": ["state", "partner_id", "invoice_date", "amount_untaxed_signed"],
        "sale.order": ["state", "partner_id", "date_order", "amount_untaxed"],
        "res.partner": ["commercial_partner_id"],
    }  # fmt: skip

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    segmentation_id = fields.Many2one("crm.segmentation", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    segment_from_id = fields.Many2one("crm.segment", "From", readonly=True)
    segment_to_id = fields.Many2one("crm.segment", "To", readonly=True)
    membership_id = fields.Many2one("crm.segment.membership", "Decided By", readonly=True)
    moved_on = fields.Date(readonly=True, help="The day of the last of these moves.")
    cause = fields.Selection(
        [
            ("hand", "By hand"),
            ("newcomer", "New customer"),
            ("rule", "Rule changed"),
            ("corrected", "Data corrected"),
            ("own", "Own figures or data"),
            ("time", "Time passed"),
            ("others", "Boundary shifted by others"),
            ("unknown", "Not recorded"),
        ],
        readonly=True,
    )
    stake = EmptyMonetary(
        "Money at Stake",
        readonly=True,
        help="The greater of the revenues of the twelve months before each of the two days.",
    )
    revenue_before = EmptyMonetary(
        "Revenue Before",
        readonly=True,
        help="Of the twelve months up to the first day.",
    )
    revenue_after = EmptyMonetary(
        "Revenue After",
        readonly=True,
        help="Of the twelve months up to the second day.",
    )
    reason = fields.Char(compute="_compute_reason")

    @api.depends("membership_id")
    @api.depends_context("uid", "lang", "company")
    def _compute_reason(self):
        for move in self:
            move.reason = move.membership_id.evidence_text if move.segment_to_id else ""

    def action_open_customer(self):
        """Open the customer of a row."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    @api.model
    def _compared(self):
        """The segmentation and the two days that the context names; empty without them.

        :return: (crm.segmentation, date, date)
        """
        segmentations = self.env["crm.segmentation"]
        try:
            asked = segmentations.browse(int(self.env.context.get(SEGMENTATION) or 0)).exists()
            days = segmentations._migration_days(
                self.env.context.get(FIRST), self.env.context.get(SECOND)
            )
        except (UserError, TypeError, ValueError):
            return segmentations, None, None
        return asked._filtered_access("read"), *days
