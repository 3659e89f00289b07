"""The lines that prices are learnt from: one SELECT, read as numpy columns."""

import numpy as np
from odoo import models
from odoo.tools import SQL

from ..lib.copy_columns import CopyColumns
from ..lib.price_cells import by_id
from ..lib.price_guidance import BANDS

#: months of lines that are looked at
MONTHS = 24
#: as PostgreSQL sends them: a date as days since the first of 2000
_SENT = [
    *((name, "int32") for name in ("partner", "product", "day")),
    *((name, "float64") for name in ("quantity", "price", "list_price", "cost")),
]
_PAIR = [("id", "int32"), ("value", "int32")]
_FIRST_OF_2000 = 730_120  # as date.toordinal() has it


class CrmPriceGuidance(models.Model):
    _inherit = "crm.price.guidance"  # pylint: disable=consider-merging-classes-inherited

    @staticmethod
    def _bands():
        """Lower ends of the bands of quantity."""
        return BANDS

    def _read_lines(self, company, today, segment=None, since=None):
        """Lines that prices are learnt from.

        Category, segment and band follow from product, customer and quantity: joining some
        million lines with them, and sending them along, takes PostgreSQL as long as the rest.

        :param segment: lines of its present customers only
        :param since: lines after this day only
        :return: dict of columns: ``segment`` and ``categ`` (0 for none), ``product``, ``band``,
            ``partner``, ``day`` (as ``date.toordinal``), ``quantity``, ``price``, ``list_price``
            and ``cost`` (per unit, NaN where unknown)
        """
        lines = self._received(_SENT, self._lines_sql(company, today, segment, since))
        lines["day"] += _FIRST_OF_2000
        lines["price"] /= lines["quantity"]
        lines["band"] = np.searchsorted(BANDS, lines["quantity"], "right").astype(np.int32) - 1
        categories = self._received(_PAIR, self._categories_sql())
        lines["categ"] = by_id(lines["product"], categories["id"], categories["value"])
        stays = self._received(_PAIR, self._stays_sql(company))
        lines["segment"] = by_id(lines["partner"], stays["id"], stays["value"])
        return lines

    def _received(self, columns, query):
        return CopyColumns(columns).receive(self.env.cr._obj, query.code, query.params)

    def _lines_sql(self, company, today, segment=None, since=None):
        """SELECT of the columns that are sent: untaxed, in the company's currency."""
        of_segment = SQL("TRUE")
        if segment:
            of_segment = SQL(
                "x.partner_id IN (SELECT id FROM (%s) s WHERE segment_id = %s)",
                self._stays_sql(company), segment.id,
            )  # fmt: skip
        return SQL(
            """
            SELECT x.partner_id AS partner, x.product_id AS product, x.day, x.quantity,
                   x.amount AS price,
                   COALESCE(NULLIF(x.list_price, 0), 'NaN')::float8 AS list_price,
                   COALESCE(NULLIF(x.cost, 0), 'NaN')::float8 AS cost
            FROM (%(sources)s) x
                (partner_id, product_id, quantity, amount, list_price, cost, day)
            WHERE x.quantity > 0 AND x.amount > 0 AND x.product_id <> ALL(%(charges)s)
              AND x.day <= %(today)s AND x.day > %(today)s::date - %(months)s * INTERVAL '1 month'
              AND x.day > %(since)s AND %(segment)s
            """,
            sources=SQL(" UNION ALL ").join(self._line_sources(company).values()),
            charges=self.env["crm.product.affinity"]._charge_products(company),
            today=today,
            months=MONTHS,
            since=since or "-infinity",
            segment=of_segment,
        )

    def _categories_sql(self):
        """SELECT of the category of each product."""
        return SQL(
            "SELECT pp.id, COALESCE(t.categ_id, 0) FROM product_product pp"
            " JOIN product_template t ON t.id = pp.product_tmpl_id"
        )

    def _stays_sql(self, company):
        """SELECT of the present segment of each customer, of the leading segmentation."""
        return SQL(
            """
            SELECT partner_id AS id, segment_id FROM crm_segment_membership
            WHERE company_id = %s AND segmentation_id = %s AND date_to IS NULL
              AND pinned IS DISTINCT FROM 'out'
            """,
            company.id,
            company._leading_segmentation().id or 0,
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
