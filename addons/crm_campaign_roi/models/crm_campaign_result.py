"""What was sold, document by document: ordered, invoiced, paid, margin."""

from odoo import api, models
from odoo.tools import SQL

from .roi_sql import columns, in_one_currency, local_day

#: what a row of results is of; ``doc_day`` is the day of the order, ``day`` that of the row
RESULT_KEYS = [
    "company_id", "order_id", "move_id", "history_key", "invoice_id", "partner_id", "doc_day",
    "day", "orders",
]  # fmt: skip
RESULT_MONEY = ["ordered", "invoiced", "paid", "margin", "margin_base"]


class CrmCampaignResult(models.AbstractModel):
    """Results by order document, whatever campaign they are credited to.

    An *order document* is a confirmed order, a posted customer invoice without an order, or a
    document of the sales history. Money is untaxed. Invoices stand on their own day beside the
    order that they are of; a document has one row of its own day and one per invoice:

    * ``history_key``: id of the source, of the customer, and number of the document, with colons;
    * ``invoice_id``: the invoice of a row that is one;
    * ``orders``: 1 on the row that the document begins with, else 0;
    * ``ordered``: the order; an invoice without one counts as ordered at its amount;
    * ``invoiced``: posted, net of credit notes; ``paid``: invoiced × (1 − residual / total);
    * ``margin``: invoiced less cost (of the order where *Margins* keeps it, else the product's),
      None where no cost can be known; ``margin_base``: the invoiced money with a known cost.
    """

    _name = "crm.campaign.result"
    _description = "Results of Campaigns"

    @api.model
    def _results_sql(self, companies):
        """SELECT of ``RESULT_KEYS`` and ``RESULT_MONEY``, in the current company's currency.

        Flush first (:meth:`_flush_results`).

        :param companies: res.company records; empty amounts stand for nothing
        :return: SQL
        """
        parts = [part for company in companies for part in self._sources(company)]
        names = columns([*RESULT_KEYS, *RESULT_MONEY])
        select = SQL(" UNION ALL ").join(SQL("SELECT %s FROM (%s) x", names, one) for one in parts)
        return in_one_currency(self.env, select, companies, RESULT_KEYS, RESULT_MONEY)

    def _flush_results(self):
        """Write what the statement reads."""
        # sudo: tables are flushed, nothing is read
        self.env["crm.customer.metrics"].sudo()._flush_sources()
        for model in ("sale.order.line", "account.move.line", "product.product", "uom.uom"):
            self.env[model].flush_model()
        self.env["account.move"].flush_model()

    def _sources(self, company):
        """One SELECT per kind of rows; add-ons add theirs."""
        return [
            self._orders_sql(company),
            self._invoiced_sql(company),
            self._history_sql(company),
        ]

    def _orders_sql(self, company):
        """Confirmed orders on their day; margin from their lines where nothing is invoiced here."""
        margin = SQL("0::numeric AS margin, NULL::numeric AS margin_base")
        join = SQL()
        if company.crm_sales_basis == "order":
            margin = SQL("l.margin / r.rate AS margin, l.margin_base / r.rate AS margin_base")
            join = SQL("LEFT JOIN (%s) l ON l.order_id = o.id", self._order_margins(company))
        return SQL(
            """
            SELECT o.company_id, o.id AS order_id, NULL::int AS move_id, NULL::text AS history_key,
                   NULL::int AS invoice_id, p.commercial_partner_id AS partner_id,
                   %(day)s AS doc_day, %(day)s AS day, 1 AS orders,
                   o.amount_untaxed / r.rate AS ordered,
                   NULL::numeric AS invoiced, NULL::numeric AS paid, %(margin)s
            FROM sale_order o
            JOIN res_partner p ON p.id = o.partner_id
            CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(o.currency_rate, 0), 1) AS rate) r
            %(join)s
            WHERE o.company_id = %(company)s AND o.state = 'sale'
            """,
            day=local_day(SQL("o.date_order"), company),
            margin=margin,
            join=join,
            company=company.id,
        )

    def _order_margins(self, company):
        cost = SQL("l.product_uom_qty * %s", self._unit_cost(company, SQL("l"), in_order=True))
        return SQL(
            """
            SELECT l.order_id, SUM(l.price_subtotal - COALESCE(%(cost)s, 0)) AS margin,
                   SUM(l.price_subtotal) FILTER (WHERE %(cost)s IS NOT NULL) AS margin_base
            FROM sale_order_line l
            JOIN sale_order o ON o.id = l.order_id AND o.company_id = %(company)s
            %(product)s
            WHERE l.display_type IS NULL AND NOT COALESCE(l.is_downpayment, FALSE)
            GROUP BY l.order_id
            """,
            cost=cost,
            company=company.id,
            product=self._product_join(SQL("l.product_uom_id")),
        )

    def _history_sql(self, company):
        """The sales history: ordered, invoiced and paid at its amount; no cost is known."""
        metrics = self.env["crm.customer.metrics"]
        today = self.env["crm.segmentation"]._today()
        history = metrics._documents_history_sql(company, None, today)
        return SQL(
            """
            SELECT %(company)s AS company_id, NULL::int AS order_id, NULL::int AS move_id,
                   regexp_replace(substr(h.keys[1], 2), ':', ':' || h.partner_id || ':')
                       AS history_key, NULL::int AS invoice_id, h.partner_id,
                   h.day AS doc_day, h.day,
                   h.is_purchase::int AS orders, h.amount AS ordered, h.amount AS invoiced,
                   h.amount AS paid, NULL::numeric AS margin, NULL::numeric AS margin_base
            FROM (%(history)s) h
                (partner_id, day, amount, is_purchase, keys, amount_currency, currency_id, doc_id)
            """,
            company=company.id,
            history=history,
        )
