"""What is committed and not yet cost: draft bills, and confirmed purchase orders."""

from odoo import api, models
from odoo.tools import SQL

from .roi_sql import columns, in_one_currency

COMMITTED_KEYS = ["company_id", "campaign_id", "day", "kind", "move_id", "purchase_id"]


class CrmCampaignCost(models.AbstractModel):
    _inherit = "crm.campaign.cost"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _committed_sql(self, companies):
        """SELECT of ``COMMITTED_KEYS`` and ``amount``, in the current company's currency.

        :param companies: res.company records
        :return: SQL; ``kind`` is bill or purchase
        """
        names = columns([*COMMITTED_KEYS, "amount"])
        parts = [self._draft_bills_sql(companies)]
        if "purchase.order.line" in self.env:
            self.env["purchase.order.line"].flush_model()
            self.env["purchase.order"].flush_model()
            parts.append(self._purchases_sql(companies))
        select = SQL(" UNION ALL ").join(SQL("SELECT %s FROM (%s) x", names, one) for one in parts)
        return in_one_currency(self.env, select, companies, COMMITTED_KEYS, ["amount"])

    def _distribution_sql(self, alias):
        """The share of a line that its distribution gives to a campaign.

        A key names one account per plan, so an account may stand in several keys.
        """
        return SQL(
            """
            JOIN LATERAL (
                SELECT c.id AS campaign_id, SUM(d.percent::numeric) / 100 AS share
                FROM jsonb_each_text(CASE jsonb_typeof(%(line)s.analytic_distribution)
                    WHEN 'object' THEN %(line)s.analytic_distribution END) d (accounts, percent)
                JOIN utm_campaign c
                  ON c.crm_analytic_account_id::text = ANY(string_to_array(d.accounts, ','))
                GROUP BY c.id
            ) s ON TRUE
            """,
            line=SQL.identifier(alias),
        )

    def _draft_bills_sql(self, companies):
        return SQL(
            """
            SELECT m.company_id, s.campaign_id, COALESCE(m.invoice_date, m.date) AS day,
                   'bill' AS kind, m.id AS move_id, NULL::int AS purchase_id,
                   l.balance * s.share AS amount
            FROM account_move m
            JOIN account_move_line l ON l.move_id = m.id AND l.analytic_distribution IS NOT NULL
            JOIN account_account a ON a.id = l.account_id AND a.account_type LIKE 'expense%%'
            %(distribution)s
            WHERE m.company_id = ANY(%(companies)s) AND m.state = 'draft'
              AND m.move_type IN ('in_invoice', 'in_refund', 'in_receipt')
            """,
            distribution=self._distribution_sql("l"),
            companies=companies.ids,
        )

    def _purchases_sql(self, companies):
        """What is ordered and not yet on a bill, at the rate of the order."""
        return SQL(
            """
            SELECT o.company_id, s.campaign_id, o.date_order::date AS day, 'purchase' AS kind,
                   NULL::int AS move_id, o.id AS purchase_id,
                   l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1) * s.share
                       * (l.product_qty - l.qty_invoiced) / l.product_qty AS amount
            FROM purchase_order o
            JOIN purchase_order_line l ON l.order_id = o.id AND l.analytic_distribution IS NOT NULL
            %(distribution)s
            WHERE o.company_id = ANY(%(companies)s) AND o.state = 'purchase'
              AND l.product_qty > l.qty_invoiced
            """,
            distribution=self._distribution_sql("l"),
            companies=companies.ids,
        )
