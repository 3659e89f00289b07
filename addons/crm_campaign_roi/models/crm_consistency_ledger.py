"""Credit against the ledger: to the cent, per order and per invoice."""

from odoo import models
from odoo.addons.crm_segments.models.crm_consistency import Check, Found
from odoo.tools import SQL

from .crm_campaign_credit_sql import WEIGHTS, document

#: shares are floats: so much of a unit is rounding
TOLERANCE = 1e-6


class CrmConsistency(models.AbstractModel):
    _inherit = "crm.consistency"  # pylint: disable=consider-merging-classes-inherited

    def _checks(self):
        checks = [
            self._derived(
                "shares", self.env._("The shares of each order add up, under every model"),
                "crm.campaign.credit",
            ),
            Check(
                "ledger", self.env._("What is shared out among campaigns is the ledger"),
                "account.move",
                self.env._("Open the invoices: the money of their lines isn't that of the entry."),
            ),
            self._derived(
                "credit_orphans", self.env._("Credit is of campaigns and orders that there are"),
                "crm.campaign.credit",
            ),
            self._derived(
                "markov", self.env._("The shares of channels by removal effect add up"),
                "crm.campaign.markov",
            ),
        ]  # fmt: skip
        return [*super()._checks(), *checks]

    def _check_shares(self, company):
        """Credit rows of orders whose shares don't add up to 1."""
        sums = SQL(" OR ").join(
            SQL("ABS(SUM(%s) OVER d - 1) > %s", SQL.identifier("c", name), TOLERANCE)
            for name in WEIGHTS
        )
        found = self._found_ids(
            SQL(
                """
                SELECT id FROM (
                    SELECT c.id, %(sums)s OR COUNT(*) OVER d <> GREATEST(MAX(c.touches) OVER d, 1)
                        AS off
                    FROM crm_campaign_credit c WHERE c.company_id = %(company)s
                    WINDOW d AS (PARTITION BY %(document)s)
                ) x WHERE off IS NOT FALSE
                """,
                sums=sums,
                company=company.id,
                document=document("c"),
            )
        )
        return Found(self._count("crm_campaign_credit", company), found)

    def _check_ledger(self, company):
        """Posted customer invoices whose money isn't all on orders and documents.

        Each order is shared out fully (the check of the shares), and the history is read as the
        figures read it: attributed and unattributed together are ledger and history then.
        """
        results = self.env["crm.campaign.result"]
        results._flush_results()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.id, ABS(m.amount_untaxed_signed - COALESCE(r.invoiced, 0)) >= %(cent)s
                FROM account_move m LEFT JOIN (
                    SELECT x.invoice_id, SUM(x.invoiced) AS invoiced
                    FROM (%(invoiced)s) x GROUP BY x.invoice_id
                ) r ON r.invoice_id = m.id
                WHERE m.company_id = %(company)s AND m.state = 'posted'
                  AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                """,
                cent=company.currency_id.rounding / 2,
                company=company.id,
                invoiced=results._invoiced_sql(company),
            )
        )
        return Found(len(rows), {move for move, off in rows if off})

    def _check_credit_orphans(self, company):
        """Credit of campaigns, media, sources or companies that are gone; these have no key."""
        tables = {"campaign_id": "utm_campaign", "medium_id": "utm_medium",
                  "source_id": "utm_source"}  # fmt: skip
        gone = SQL(" OR ").join(
            SQL(
                "%(column)s IS NOT NULL AND NOT EXISTS (SELECT FROM %(table)s u"
                " WHERE u.id = %(column)s)",
                column=SQL.identifier("c", column),
                table=SQL.identifier(table),
            )
            for column, table in tables.items()
        )
        found = self._found_ids(
            SQL(
                "SELECT c.id FROM crm_campaign_credit c WHERE c.company_id = %s AND (%s)",
                company.id,
                gone,
            )
        )
        if company == self.env.companies[:1]:
            companies = SQL("SELECT FROM res_company o WHERE o.id = c.company_id")
            found |= self._found_ids(
                SQL("SELECT c.id FROM crm_campaign_credit c WHERE NOT EXISTS (%s)", companies)
            )
        return Found(self._count("crm_campaign_credit", company), found)

    def _check_markov(self, company):
        """Rows of a company whose shares don't add up to 1, or to 0 where nothing was sold."""
        table = "crm_campaign_markov"
        off = SQL(" OR ").join(
            SQL("SUM(%(n)s) OVER () <> 0 AND ABS(SUM(%(n)s) OVER () - 1) > %(tolerance)s",
                n=SQL.identifier(name), tolerance=TOLERANCE)
            for name in ("share_orders", "share_amount")
        )  # fmt: skip
        found = self._found_ids(
            SQL(
                "SELECT id FROM (SELECT id, %s AS off FROM %s WHERE company_id = %s) x WHERE off",
                off,
                SQL.identifier(table),
                company.id,
            )
        )
        return Found(self._count(table, company), found)
