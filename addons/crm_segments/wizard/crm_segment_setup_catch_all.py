"""Names that stand for many customers: found, and left out by one click."""

from odoo import fields, models
from odoo.tools import SQL

from ..lib.catch_all import SHARE, is_anonymous, is_catch_all
from ..models.metric_fields import ALL_FIGURES_GROUPS


class CrmSegmentSetupCatchAll(models.TransientModel):
    """A customer with a large part of all documents, far from the others."""

    _name = "crm.segment.setup.catch.all"
    _description = "Name That Stands for Many Customers"
    _order = "document_count desc, id"
    _rec_name = "partner_id"

    setup_id = fields.Many2one("crm.segment.setup", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index=True, ondelete="cascade"
    )
    document_count = fields.Integer("Documents", readonly=True)
    document_share = fields.Float("Of All Documents", readonly=True)
    currency_id = fields.Many2one(related="setup_id.currency_id")
    amount = fields.Monetary("Revenue", readonly=True, groups=ALL_FIGURES_GROUPS)
    amount_share = fields.Float("Of the Revenue", readonly=True, groups=ALL_FIGURES_GROUPS)
    is_anonymous = fields.Boolean(
        readonly=True, help="Has no tax number, no e-mail address and no contacts."
    )
    leave_out = fields.Boolean(
        help="Leave this name out of all segmentations of the company when the proposals are "
        "accepted."
    )
    is_excluded = fields.Boolean("Left Out", compute="_compute_is_excluded")

    def _compute_is_excluded(self):
        # sudo: whether a customer is left out, for the page's own rows
        excluded = self.env["crm.segment.exclusion"].sudo().search(
            [("partner_id", "in", self.partner_id.ids), ("company_id", "in", self._companies().ids)]
        )  # fmt: skip
        for row in self:
            own = excluded.filtered(lambda one, row=row: one.company_id == row.setup_id.company_id)
            row.is_excluded = row.partner_id in own.partner_id

    def _companies(self):
        return self.setup_id.company_id

    def action_open(self):
        """Open the customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }

    def action_leave_out(self):
        """Leave the name out of all segmentations of the company."""
        self._leave_out()
        return True

    def action_take_in(self):
        """Divide the name like any other customer again."""
        self.env["crm.segment.exclusion"].search(
            [("partner_id", "in", self.partner_id.ids), ("company_id", "in", self._companies().ids)]
        ).unlink()
        self.leave_out = False
        self.invalidate_recordset(["is_excluded"])
        return True

    def _leave_out(self):
        self.env["crm.segment.exclusion"].create(
            [
                {
                    "partner_id": row.partner_id.id,
                    "company_id": row.setup_id.company_id.id,
                    "reason": "catch_all",
                }
                for row in self
                if not row.is_excluded
            ]
        )
        self.invalidate_recordset(["is_excluded"])


class CrmSegmentSetup(models.TransientModel):
    _inherit = "crm.segment.setup"  # pylint: disable=consider-merging-classes-inherited

    def _catch_all_fact(self, facts):
        """Rows of the names, as dicts; ``median`` and ``documents_total`` go into the facts."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH spread AS (
                    SELECT SUM(documents) AS total,
                           percentile_cont(0.5) WITHIN GROUP (ORDER BY documents) AS median
                    FROM crm_setup_customer WHERE documents > 0
                )
                SELECT c.partner_id, c.documents, c.revenue, s.total, s.median, p.vat, p.email,
                       EXISTS (SELECT FROM res_partner k WHERE k.parent_id = p.id) AS contacts
                FROM crm_setup_customer c CROSS JOIN spread s
                JOIN res_partner p ON p.id = c.partner_id
                WHERE c.divided AND c.documents >= %s * s.total AND c.documents > 0
                ORDER BY c.documents DESC, c.partner_id
                """,
                SHARE,
            )
        )
        return [
            row
            for row in rows
            if is_catch_all(row["documents"], float(row["total"]), float(row["median"]))
        ]

    def _catch_all_vals(self, facts):
        visible = self.env["res.partner"]._sees_all_figures()
        revenue = facts["revenue"]
        for row in facts["catch_alls"]:
            nobody = is_anonymous(row["vat"], row["email"], row["contacts"])
            vals = {
                "partner_id": row["partner_id"],
                "document_count": row["documents"],
                "document_share": row["documents"] / float(row["total"]),
                "is_anonymous": nobody,
                "leave_out": nobody,
            }
            if visible:
                amount = float(row["revenue"])
                vals |= {"amount": amount, "amount_share": amount / revenue if revenue > 0 else 0}
            yield vals
