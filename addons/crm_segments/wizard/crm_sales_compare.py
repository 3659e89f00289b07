"""Several systems side by side: who is where, what differs, which source is right."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tools import SQL

from ..models.crm_sales_conflict import COMPARED


class CrmSalesCompare(models.TransientModel):
    """The page of a company; found anew each time it is opened."""

    _name = "crm.sales.compare"
    _description = "Sources Side by Side"
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    pair_ids = fields.One2many("crm.sales.compare.pair", "compare_id", "Pairs of Sources")
    field_ids = fields.One2many("crm.sales.compare.field", "compare_id", "Leading Sources")
    result = fields.Char("What Was Taken Over", readonly=True)

    @api.model
    def action_open(self):
        """Compare the sources of the current company and show what was found.

        :return: action of the page
        :raises AccessError: for users who are not managers of segments
        """
        if not self.env.user.has_group("crm_segments.group_segments_manager"):
            raise AccessError(self.env._("Only managers of segments may compare sources."))
        company = self.env.company
        # sudo: derived rows; money is put on the page only for those who may see it
        self.env["crm.sales.overlap"].sudo()._find(company)
        compare = self.create(
            {
                "company_id": company.id,
                "pair_ids": [Command.create(vals) for vals in self._pair_vals(company)],
                "field_ids": [Command.create({"field": name}) for name in COMPARED],
            }
        )
        return compare._page()

    def action_again(self):
        """Compare anew."""
        self.ensure_one()
        return self.with_company(self.company_id).action_open() | {"target": "main"}

    def _page(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sources Side by Side"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def _pair_vals(self, company):
        """Values of the lines: each source with this database, and with each other source."""
        sources = self.env["crm.sales.source"].search([("company_id", "=", company.id)], order="id")
        if not sources:
            return
        self.sudo()._make_totals(company)  # sudo: as above
        visible = self.env["res.partner"]._sees_all_figures()
        pairs = [(one, self.env["crm.sales.source"]) for one in sources]
        pairs += [(one, two) for one in sources for two in sources if one.id < two.id]
        for one, two in pairs:
            counts, money = self._compared(one, two)
            yield {"source_id": one.id, "other_source_id": two.id, **counts} | (
                money if visible else {}
            )

    def _make_totals(self, company):
        """Temporary table of (source, customer, revenue); source 0 is this database.

        Customers of a source are those that it has a code or sales of.
        """
        Metrics = self.env["crm.customer.metrics"]
        Metrics._flush_sources()
        self.env["crm.sales.identity"].flush_model()
        today = self.env["crm.segmentation"]._today()
        own = "orders" if company.crm_sales_basis == "order" else "invoices"
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS crm_compare_total"))
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE crm_compare_total ON COMMIT DROP AS
                SELECT source, partner_id, SUM(amount) AS revenue FROM (
                    SELECT 0 AS source, d.partner_id, d.amount
                    FROM (WITH invoices AS (%(invoices)s) %(own)s)
                        d (partner_id, day, amount, is_purchase, order_keys)
                    UNION ALL
                    SELECT h.source_id, p.commercial_partner_id, h.amount_company
                    FROM crm_sales_history h JOIN res_partner p ON p.id = h.partner_id
                    WHERE h.company_id = %(company)s
                    UNION ALL
                    SELECT i.source_id, p.commercial_partner_id, 0
                    FROM crm_sales_identity i JOIN res_partner p ON p.id = i.partner_id
                    WHERE i.company_id = %(company)s
                ) t GROUP BY source, partner_id
                """,
                invoices=Metrics._invoices_sql(company, None),
                own=getattr(Metrics, f"_documents_{own}_sql")(company, None, today),
                company=company.id,
            )
        )

    def _compared(self, one, two):
        """:return: (dict of counts, dict of money) of a pair"""
        [[matched, left, right, m_left, m_right, o_left, o_right]] = self.env.execute_query(
            SQL(
                """
                WITH sides AS (
                    SELECT bool_or(source = %(one)s) AS l, bool_or(source = %(two)s) AS r,
                           SUM(revenue) FILTER (WHERE source = %(one)s) AS lr,
                           SUM(revenue) FILTER (WHERE source = %(two)s) AS rr
                    FROM crm_compare_total WHERE source IN (%(one)s, %(two)s) GROUP BY partner_id
                )
                SELECT COUNT(*) FILTER (WHERE l AND r), COUNT(*) FILTER (WHERE l AND NOT r),
                       COUNT(*) FILTER (WHERE r AND NOT l), SUM(lr) FILTER (WHERE r),
                       SUM(rr) FILTER (WHERE l), SUM(lr) FILTER (WHERE NOT r),
                       SUM(rr) FILTER (WHERE NOT l)
                FROM sides
                """,
                one=one.id,
                two=two.id or 0,
            )
        )
        counts = {"matched_count": matched, "only_count": left, "other_only_count": right}
        money = {
            "matched_amount": m_left or 0,
            "other_matched_amount": m_right or 0,
            "only_amount": o_left or 0,
            "other_only_amount": o_right or 0,
        }
        return counts, money
