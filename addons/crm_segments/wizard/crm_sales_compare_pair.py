"""One pair of sources: counts, conflicts, overlap, and the decisions about it."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.metric_fields import ALL_FIGURES_GROUPS


class CrmSalesComparePair(models.TransientModel):
    _name = "crm.sales.compare.pair"
    _description = "Pair of Sources"
    _order = "id"
    _rec_name = "source_id"

    compare_id = fields.Many2one(
        "crm.sales.compare", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="compare_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    source_id = fields.Many2one(
        "crm.sales.source", required=True, readonly=True, ondelete="cascade"
    )
    other_source_id = fields.Many2one(
        "crm.sales.source", "Other One", readonly=True, ondelete="cascade"
    )
    other_name = fields.Char("Other Source", compute="_compute_other_name")
    matched_count = fields.Integer("In Both", readonly=True)
    only_count = fields.Integer("Only in the Source", readonly=True)
    other_only_count = fields.Integer("Only in the Other One", readonly=True)
    matched_amount = fields.Monetary(
        "Money of Both, in the Source", readonly=True, groups=ALL_FIGURES_GROUPS
    )
    other_matched_amount = fields.Monetary(
        "Money of Both, in the Other One", readonly=True, groups=ALL_FIGURES_GROUPS
    )
    only_amount = fields.Monetary(
        "Money Only in the Source", readonly=True, groups=ALL_FIGURES_GROUPS
    )
    other_only_amount = fields.Monetary(
        "Money Only in the Other One", readonly=True, groups=ALL_FIGURES_GROUPS
    )
    conflict_count = fields.Integer("Conflicting Values", compute="_compute_conflicts")
    missing_count = fields.Integer("Missing Values", compute="_compute_conflicts")
    overlap_count = fields.Integer("Documents in Both", compute="_compute_overlap")
    open_count = fields.Integer("To Decide", compute="_compute_overlap")
    overlap_amount = fields.Monetary(
        "Money in Both", compute="_compute_overlap_amount", groups=ALL_FIGURES_GROUPS
    )

    @api.depends("other_source_id")
    @api.depends_context("lang")
    def _compute_other_name(self):
        for pair in self:
            pair.other_name = pair.other_source_id.name or self.env._("This database")

    def _pair_domain(self):
        """Domain of conflicts and overlaps of the pair."""
        return [
            ("company_id", "=", self.company_id.id),
            ("source_id", "=", self.source_id.id),
            ("other_source_id", "=", self.other_source_id.id),
        ]

    def _compute_conflicts(self):
        rows = self.env["crm.sales.conflict"]._read_group(
            [("company_id", "in", self.company_id.ids)],
            ["source_id", "other_source_id", "kind"],
            ["__count"],
        )
        found = {(one.id, two.id, kind): count for one, two, kind, count in rows}
        for pair in self:
            key = pair.source_id.id, pair.other_source_id.id
            pair.conflict_count = found.get((*key, "differs"), 0)
            pair.missing_count = found.get((*key, "missing"), 0)

    def _compute_overlap(self):
        rows = self.env["crm.sales.overlap"]._read_group(
            [("company_id", "in", self.company_id.ids)],
            ["source_id", "other_source_id", "decision"],
            ["__count"],
        )
        for pair in self:
            own = {
                decision: count
                for one, two, decision, count in rows
                if (one, two) == (pair.source_id, pair.other_source_id)
            }
            pair.overlap_count = sum(own.values())
            pair.open_count = own.get("open", 0)

    def _compute_overlap_amount(self):
        rows = self.env["crm.sales.overlap"]._read_group(
            [("company_id", "in", self.company_id.ids)],
            ["source_id", "other_source_id"],
            ["amount:sum"],
        )
        found = {(one.id, two.id): amount for one, two, amount in rows}
        for pair in self:
            pair.overlap_amount = found.get((pair.source_id.id, pair.other_source_id.id), 0)

    # what is behind the numbers

    def action_open_matched(self):
        """Open the customers that both have."""
        name = self.env._("In %(one)s and %(two)s", **self._names())
        return self._open_customers(name, Domain("id", "in", self._customer_ids(True, True)))

    def action_open_only(self):
        """Open the customers that only the source has."""
        name = self.env._("In %(one)s, not in %(two)s", **self._names())
        return self._open_customers(name, Domain("id", "in", self._customer_ids(True, False)))

    def action_open_other_only(self):
        """Open the customers that only the other one has."""
        name = self.env._("In %(two)s, not in %(one)s", **self._names())
        return self._open_customers(name, Domain("id", "in", self._customer_ids(False, True)))

    def _names(self):
        return {"one": self.source_id.name, "two": self.other_name}

    def _customer_ids(self, left, right):
        """Ids of the customers of a side, as the page counts them."""
        self.ensure_one()
        self.check_access("read")
        self.compare_id.sudo()._make_totals(self.company_id)  # sudo: who has documents, no money
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id FROM crm_compare_total WHERE source IN (%(one)s, %(two)s)
                GROUP BY partner_id
                HAVING bool_or(source = %(one)s) = %(left)s
                   AND bool_or(source = %(two)s) = %(right)s
                """,
                one=self.source_id.id,
                two=self.other_source_id.id or 0,
                left=left,
                right=right,
            )
        )
        return [partner for (partner,) in rows]

    def _open_customers(self, name, domain):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "res.partner",
            "views": [(False, "list"), (False, "form")],
            "domain": list(domain),
            "context": {"active_test": False, "create": False},
        }

    def action_open_conflicts(self):
        """Open the values that the two tell differently."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%(one)s and %(two)s: values", **self._names()),
            "res_model": "crm.sales.conflict",
            "views": [(False, "list"), (False, "kanban")],
            "domain": self._pair_domain(),
        }

    def action_open_overlap(self):
        """Open the documents that both have."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%(one)s and %(two)s: documents in both", **self._names()),
            "res_model": "crm.sales.overlap",
            "views": [(False, "list"), (False, "kanban")],
            "domain": self._pair_domain(),
        }

    # one decision for all documents of the pair that are still open

    def action_count_source(self):
        """All of them count in the source."""
        return self._decide("action_count_source")

    def action_count_other(self):
        """All of them count in the other one."""
        return self._decide("action_count_other")

    def action_both_real(self):
        """All of them are real in both."""
        return self._decide("action_both_real")

    def _decide(self, method):
        self.ensure_one()
        waiting = self.env["crm.sales.overlap"].search(
            [*self._pair_domain(), ("decision", "=", "open")]
        )
        getattr(waiting, method)()
        return True
