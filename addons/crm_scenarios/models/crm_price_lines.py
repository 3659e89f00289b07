"""The lines that prices are learnt from: one SELECT, read as numpy columns."""

from odoo import models
from odoo.tools import SQL

from ..lib.copy_columns import CopyColumns
from ..lib.price_guidance import BANDS

#: months of lines that are looked at
MONTHS = 24
_COLUMNS = [
    *((name, "int32") for name in ("segment", "categ", "product", "band", "partner", "day")),
    *((name, "float64") for name in ("quantity", "price", "list_price", "cost")),
]


class CrmPriceGuidance(models.Model):
    _inherit = "crm.price.guidance"  # pylint: disable=consider-merging-classes-inherited

    @staticmethod
    def _bands():
        """Lower ends of the bands of quantity."""
        return BANDS

    def _read_lines(self, company, today, only=None):
        """Lines that prices are learnt from.

        :param SQL only: condition on ``s`` (membership) and ``x`` (lines)
        :return: dict of columns; prices and costs per unit, NaN where unknown
        """
        query = self._lines_sql(company, today, only)
        return CopyColumns(_COLUMNS).receive(self.env.cr._obj, query.code, query.params)

    def _lines_sql(self, company, today, only=None):
        """SELECT of ``_COLUMNS``: untaxed, per unit of the product, in the company's currency."""
        return SQL(
            """
            SELECT COALESCE(s.segment_id, 0) AS segment, COALESCE(t.categ_id, 0) AS categ,
                   x.product_id AS product,
                   width_bucket(x.quantity, %(bands)s::float8[]) - 1 AS band,
                   x.partner_id AS partner, x.day - DATE '0001-01-01' + 1 AS day,
                   x.quantity, x.amount / x.quantity AS price,
                   COALESCE(NULLIF(x.list_price, 0), 'NaN')::float8 AS list_price,
                   COALESCE(NULLIF(x.cost, 0), 'NaN')::float8 AS cost
            FROM (%(sources)s) x
                (partner_id, product_id, quantity, amount, list_price, cost, day)
            JOIN product_product pp ON pp.id = x.product_id
            JOIN product_template t ON t.id = pp.product_tmpl_id
            LEFT JOIN crm_segment_membership s ON s.partner_id = x.partner_id
                AND s.company_id = %(company)s AND s.segmentation_id = %(segmentation)s
                AND s.date_to IS NULL AND s.pinned IS DISTINCT FROM 'out'
            WHERE x.quantity > 0 AND x.amount > 0 AND x.product_id <> ALL(%(charges)s)
              AND x.day <= %(today)s AND x.day > %(today)s::date - %(months)s * INTERVAL '1 month'
              AND %(only)s
            """,
            only=only or SQL("TRUE"),
            sources=SQL(" UNION ALL ").join(self._line_sources(company).values()),
            bands=list(BANDS),
            company=company.id,
            segmentation=company._leading_segmentation().id or 0,
            charges=self.env["crm.product.affinity"]._charge_products(company),
            today=today,
            months=MONTHS,
        )

    def _line_sources(self, company):
        """Name → SELECT of (partner_id, product_id, quantity, amount, list_price, cost, day)."""
        joins, factor = self.env["crm.product.affinity"]._units(
            SQL.identifier("l", "product_uom_id")
        )
        orders = SQL(
            """
            SELECT p.commercial_partner_id, l.product_id,
                   (l.product_uom_qty * %(factor)s)::float8,
                   (l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1))::float8,
                   l.crm_list_price::float8, l.crm_cost::float8, o.date_order::date
            FROM sale_order o
            JOIN res_partner p ON p.id = o.partner_id
            JOIN sale_order_line l ON l.order_id = o.id
            %(joins)s
            WHERE o.company_id = %(company)s AND o.state = 'sale' AND l.display_type IS NULL
              AND NOT COALESCE(l.is_downpayment, FALSE)
            """,
            factor=factor,
            joins=joins,
            company=company.id,
        )
        history = SQL(
            """
            SELECT p.commercial_partner_id, h.product_id, h.quantity::float8,
                   h.amount_company::float8, h.list_price::float8, h.cost::float8, h.date
            FROM crm_sales_history h
            JOIN crm_sales_source s ON s.id = h.source_id
            JOIN res_partner p ON p.id = h.partner_id
            WHERE h.company_id = %s AND h.product_id IS NOT NULL AND h.not_counted IS NOT TRUE
              AND NOT COALESCE(h.is_refund, FALSE)
              AND (s.cutover_date IS NULL OR h.date < s.cutover_date)
            """,
            company.id,
        )
        return {"orders": orders, "history": history}

    def _rebates(self, company, today):
        """Customer → what came back without a product in the period, above zero.

        Credit notes without product, and cash discounts that were taken (the host posts them to
        an account of their own).
        """
        # sudo: learnt from all documents, only sums per customer leave this method
        account = company.sudo().account_journal_early_pay_discount_loss_account_id
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, SUM(amount)::float8 FROM (
                    SELECT p.commercial_partner_id AS partner_id, l.balance AS amount
                    FROM account_move m
                    JOIN res_partner p ON p.id = m.partner_id
                    JOIN account_move_line l ON l.move_id = m.id
                    WHERE m.company_id = %(company)s AND m.state = 'posted'
                      AND m.move_type = 'out_refund' AND l.display_type = 'product'
                      AND l.product_id IS NULL AND NOT COALESCE(l.is_downpayment, FALSE)
                      AND %(period)s
                    UNION ALL
                    SELECT p.commercial_partner_id, l.balance
                    FROM account_move_line l
                    JOIN account_move m ON m.id = l.move_id
                    JOIN res_partner p ON p.id = l.partner_id
                    WHERE l.company_id = %(company)s AND l.account_id = %(account)s
                      AND m.state = 'posted' AND %(period)s
                    UNION ALL
                    SELECT p.commercial_partner_id, -m.amount_company
                    FROM crm_sales_history m
                    JOIN crm_sales_source s ON s.id = m.source_id
                    JOIN res_partner p ON p.id = m.partner_id
                    WHERE m.company_id = %(company)s AND m.is_refund AND m.product_id IS NULL
                      AND COALESCE(m.product_ref, '') = '' AND m.not_counted IS NOT TRUE
                      AND (s.cutover_date IS NULL OR m.date < s.cutover_date) AND %(period)s
                ) x GROUP BY partner_id HAVING SUM(amount) > 0
                """,
                company=company.id,
                account=account.id or 0,
                period=SQL(
                    "m.date <= %s AND m.date > %s::date - %s * INTERVAL '1 month'",
                    today, today, MONTHS,
                ),
            )
        )  # fmt: skip
        return dict(rows)

    def _costs(self, company, products):
        """Product → its present cost in the company's currency, those without one left out."""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT id, (standard_price->>%s)::float8 FROM product_product
                    WHERE id = ANY(%s) AND (standard_price->>%s)::float8 > 0
                    """,
                    str(company.id), products, str(company.id),
                )
            )
        )  # fmt: skip
