"""Documents that two sources have both, and where they count."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .metric_fields import ALL_FIGURES_GROUPS


class CrmSalesOverlap(models.Model):
    """A document of the sales history that looks like one of another source.

    The other one is of the sales history too, or of this database (no source). What was
    decided marks the lines that don't count (:meth:`_mark`). Found by :meth:`_find`.
    """

    _name = "crm.sales.overlap"
    _description = "Document in Two Sources"
    _order = "decision, date desc, id"
    _rec_name = "document"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, readonly=True, ondelete="cascade"
    )
    source_id = fields.Many2one(
        "crm.sales.source", required=True, index=True, readonly=True, ondelete="cascade"
    )
    document = fields.Char(required=True, readonly=True)
    date = fields.Date(readonly=True)
    other_source_id = fields.Many2one(
        "crm.sales.source",
        index=True,
        readonly=True,
        ondelete="cascade",
        help="Empty: this database.",
    )
    other_document = fields.Char(required=True, readonly=True)
    other_date = fields.Date(readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(readonly=True, groups=ALL_FIGURES_GROUPS)
    other_amount = fields.Monetary(readonly=True, groups=ALL_FIGURES_GROUPS)
    kind = fields.Selection(
        [
            ("number", "Same number"),
            ("day", "Same day and amount"),
            ("near", "Same amount within 3 days"),
        ],
        required=True,
        readonly=True,
    )
    decision = fields.Selection(
        [
            ("open", "To decide"),
            ("source", "Counts in the source"),
            ("other", "Counts in the other one"),
            ("both", "Both are real"),
        ],
        required=True,
        default="open",
        readonly=True,
    )

    _documents_uniq = models.UniqueIndex(
        "(source_id, document, COALESCE(other_source_id, 0), other_document)"
    )

    def action_count_source(self):
        """The documents count in the source on the left."""
        if self.filtered(lambda one: not one.other_source_id):
            raise UserError(
                self.env._(
                    "Documents of this database are in its books and always count. Count them "
                    "here, or say that both are real."
                )
            )
        return self._decide("source")

    def action_count_other(self):
        """The documents count in the other source, or in this database."""
        return self._decide("other")

    def action_both_real(self):
        """These are two purchases: both count."""
        return self._decide("both")

    def action_undo(self):
        """Take the decision back: both count until it is decided."""
        return self._decide("open")

    def _decide(self, decision):
        """Note where the documents count, and count the customers' sales anew."""
        self.check_access("read")  # only managers of segments may
        # sudo: lines and figures follow from the decision, not from the rights of who decides
        self.sudo().decision = decision
        self.sudo()._mark(self.source_id | self.other_source_id)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _mark(self, sources):
        """Mark the lines of these sources that don't count; write only differences."""
        self.flush_model()
        self.env["crm.sales.history"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH rejected AS (
                    SELECT source_id, document FROM crm_sales_overlap WHERE decision = 'other'
                    UNION SELECT other_source_id, other_document FROM crm_sales_overlap
                    WHERE decision = 'source' AND other_source_id IS NOT NULL
                )
                UPDATE crm_sales_history h SET not_counted = n.rejected
                FROM (
                    SELECT h.id, r.document IS NOT NULL AS rejected
                    FROM crm_sales_history h
                    LEFT JOIN rejected r
                        ON r.source_id = h.source_id AND r.document = h.document
                    WHERE h.source_id = ANY(%s)
                ) n
                WHERE n.id = h.id AND COALESCE(h.not_counted, FALSE) <> n.rejected
                RETURNING h.company_id, h.partner_id
                """,
                sources.ids,
            )
        )
        self.env["crm.sales.history"].invalidate_model()
        changed = {}
        for company, partner in rows:
            changed.setdefault(company, set()).add(partner)
        sources._refresh_customers(
            {
                self.env["res.company"].browse(company): self.env["res.partner"]
                .browse(ids)
                .commercial_partner_id
                for company, ids in changed.items()
            }
        )

    def unlink(self):
        """What was decided no longer holds for the lines."""
        sources = self.source_id | self.other_source_id
        res = super().unlink()
        self.sudo()._mark(sources.exists())  # sudo: as for deciding
        return res
