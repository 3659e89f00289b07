"""Ours against the host's Invoice Analysis: equal, or different for named reasons."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..lib.month_ends import month_end


class CrmSegmentReconciliation(models.TransientModel):
    """From the revenue of the segments to the total of the host's Invoice Analysis.

    The total of the host is what its own report answers with its own default filters
    (invoiced, customers). Every step between is worked out from the documents themselves
    (``crm_segment_reconciliation_steps.py``); what the steps don't explain is shown as such.
    """

    _name = "crm.segment.reconciliation"
    _description = "Segments Compared with Invoice Analysis"

    segmentation_id = fields.Many2one(
        "crm.segmentation",
        required=True,
        ondelete="cascade",
        domain="[('exclusive', '=', True), ('enabled', '=', True)]",
        default=lambda self: self.env.company._leading_segmentation(),
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: self._first_of_month(months=11)
    )
    date_to = fields.Date("To", required=True, default=fields.Date.context_today)
    currency_id = fields.Many2one("res.currency", default=lambda self: self.env.company.currency_id)
    line_ids = fields.One2many("crm.segment.reconciliation.line", "reconciliation_id")
    host_total = fields.Monetary("Invoice Analysis", readonly=True)
    unexplained = fields.Monetary(readonly=True)

    @api.depends("segmentation_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._("Compared with Invoice Analysis")

    def _first_of_month(self, months):
        today = fields.Date.context_today(self)
        return fields.Date.subtract(today.replace(day=1), months=months)

    @api.model
    def action_open(self):
        """Open the comparison of the last twelve months.

        :raises UserError: if no exclusive segmentation is switched on
        """
        if not self.env.company._leading_segmentation():
            raise UserError(self.env._("Switch a segmentation on first: there is none to compare."))
        record = self.create({})
        record._compare()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compared with Invoice Analysis"),
            "res_model": self._name,
            "res_id": record.id,
            "view_mode": "form",
            "target": "current",
        }

    def action_compare(self):
        """Compare again, for other months or another segmentation."""
        self.ensure_one()
        self._compare()
        return True

    def _compare(self):
        """Write the steps from our total to the host's."""
        self._check_period()
        steps = self._steps()
        self.host_total = self._host_total()
        self.unexplained = self.currency_id.round(
            self.host_total - sum(step["amount"] for step in steps)
        )
        shown = [
            step
            for step in steps
            if step["amount"] or step["count"] or step["reason"] == "segments"
        ]
        self.line_ids.unlink()
        self.line_ids = [
            fields.Command.create({"sequence": place, **step}) for place, step in enumerate(shown)
        ]

    def _check_period(self):
        """Segments are known by month: whole months are compared, the last up to today."""
        if self.date_from > self.date_to:
            raise UserError(self.env._("The first day comes after the last one."))
        today = fields.Date.context_today(self)
        self.date_from = self.date_from.replace(day=1)
        self.date_to = min(month_end(self.date_to), today)
        if self.date_from > today:
            raise UserError(self.env._("Choose months that have begun."))

    def _host_domain(self):
        """The default filters of the host's Invoice Analysis, for the period."""
        return Domain(
            [
                ("invoice_date", ">=", self.date_from),
                ("invoice_date", "<=", self.date_to),
                ("state", "not in", ("draft", "cancel")),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("company_id", "in", self.env.companies.ids),
            ]
        )

    def _host_total(self):
        """What a director sees there, by the host's own report."""
        report = self.env["account.invoice.report"]
        [(total,)] = report._read_group(self._host_domain(), [], ["price_subtotal:sum"])
        return self.currency_id.round(total or 0)
