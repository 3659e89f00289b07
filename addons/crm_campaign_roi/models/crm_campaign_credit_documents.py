"""The documents that credit is given for: each purchase once, wherever it is written down."""

from odoo import models
from odoo.addons.crm_segments.models.metric_fields import sql_any
from odoo.tools import SQL

_ENTITY = SQL.identifier("p", "commercial_partner_id")
_END_OF_DAY = SQL("TIME '23:59:59'")
#: gaps that a customer's own usual interval needs, and how often the expected one makes it lost
OWN_GAPS, LOST = 3, 3
#: expected interval of a customer without figures, as the figures have it
DEFAULT_INTERVAL = 90


class CrmCampaignCredit(models.Model):
    _inherit = "crm.campaign.credit"  # pylint: disable=consider-merging-classes-inherited

    def _documents_sql(self, company, partner_ids):
        """SELECT of what is sold, each with what kind of customer it was for.

        Columns: ``key`` (bigint, tells documents apart), ``partner_id``, ``order_id``,
        ``move_id``, ``history_key``, ``date``, ``lead_date``, ``opportunity_date``, ``amount``
        (untaxed, in the company's currency, credit notes negative), ``kind_of_customer``,
        ``expected_anyway``.

        :param list partner_ids: ids of commercial entities, None for everybody
        """
        return SQL(
            """
            SELECT d.key, d.partner_id, d.order_id, d.move_id, d.history_key, d.date,
                   d.lead_date, d.opportunity_date, d.amount,
                   CASE WHEN d.before IS NULL THEN 'new'
                        WHEN d.gap > %(lost)s * COALESCE(m.interval_expected, %(default)s)
                        THEN 'reactivated' ELSE 'repeat' END AS kind_of_customer,
                   d.before IS NOT NULL AND m.interval_count >= %(own)s
                       AND d.gap <= m.interval_p75 AS expected_anyway
            FROM (
                SELECT d.*, d.date::date - d.before AS gap FROM (
                    SELECT d.*, MAX(d.purchase) OVER (
                        PARTITION BY d.partner_id ORDER BY d.date::date
                        RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '1 day' PRECEDING) AS before
                    FROM (
                        SELECT d.*, CASE WHEN d.amount > 0 THEN d.date::date END AS purchase
                        FROM (%(documents)s) d
                    ) d
                ) d
            ) d
            LEFT JOIN crm_customer_metrics m
                   ON m.partner_id = d.partner_id AND m.company_id = %(company)s
            """,
            lost=LOST,
            own=OWN_GAPS,
            default=DEFAULT_INTERVAL,
            company=company.id,
            documents=self._plain_documents_sql(company, partner_ids),
        )

    def _plain_documents_sql(self, company, partner_ids):
        parts = (
            self._credited_orders_sql(company, partner_ids),
            self._credited_moves_sql(company, partner_ids),
            self._credited_history_sql(company, partner_ids),
        )
        return SQL(" UNION ALL ").join(parts)

    def _credited_orders_sql(self, company, partner_ids):
        """Confirmed orders. An opportunity that was never a lead is its own lead."""
        return SQL(
            """
            SELECT o.id::bigint * 4 AS key, p.commercial_partner_id AS partner_id,
                   o.id AS order_id, NULL::int AS move_id, NULL::varchar AS history_key,
                   o.date_order AS date, l.create_date AS lead_date,
                   CASE WHEN l.type = 'opportunity'
                        THEN COALESCE(l.date_conversion, l.create_date) END AS opportunity_date,
                   o.amount_untaxed / COALESCE(NULLIF(o.currency_rate, 0), 1) AS amount
            FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
            LEFT JOIN crm_lead l ON l.id = o.opportunity_id
            WHERE o.company_id = %(company)s AND o.state = 'sale' AND %(scope)s
            """,
            company=company.id,
            scope=sql_any(_ENTITY, partner_ids),
        )

    def _credited_moves_sql(self, company, partner_ids):
        """Posted customer invoices that no order stands behind, with their credit notes.

        A credit note goes where the credit of its invoice went, so it is dated like it.
        """
        return SQL(
            """
            SELECT m.id::bigint * 4 + 1, p.commercial_partner_id, NULL::int, m.id, NULL::varchar,
                   COALESCE(r.invoice_date, m.invoice_date) + %(end)s,
                   NULL::timestamp, NULL::timestamp, m.amount_untaxed_signed
            FROM account_move m JOIN res_partner p ON p.id = m.partner_id
            LEFT JOIN account_move r ON r.id = m.reversed_entry_id AND m.move_type = 'out_refund'
            WHERE m.company_id = %(company)s AND m.state = 'posted'
              AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
              AND %(scope)s AND NOT %(ordered)s
            """,
            end=_END_OF_DAY,
            company=company.id,
            scope=sql_any(_ENTITY, partner_ids),
            ordered=self.env["crm.touchpoint"]._ordered_sql(),
        )

    def _credited_history_sql(self, company, partner_ids):
        """Documents of the sales history that the figures count, as they count them.

        An old system may have given one number to two customers: that is two documents.
        """
        return SQL(
            """
            SELECT MIN(h.id)::bigint * 4 + 2, p.commercial_partner_id, NULL::int, NULL::int,
                   CONCAT_WS(':', h.source_id, p.commercial_partner_id, h.document),
                   MIN(h.date) + %(end)s,
                   NULL::timestamp, NULL::timestamp, SUM(h.amount_company)
            FROM crm_sales_history h JOIN crm_sales_source s ON s.id = h.source_id
            JOIN res_partner p ON p.id = h.partner_id
            WHERE h.company_id = %(company)s AND h.not_counted IS NOT TRUE AND %(scope)s
              AND (s.cutover_date IS NULL OR h.date < s.cutover_date)
            GROUP BY h.source_id, h.document, p.commercial_partner_id
            """,
            end=_END_OF_DAY,
            company=company.id,
            scope=sql_any(_ENTITY, partner_ids),
        )
