"""The line that ties the return to the books: attributed + unattributed = ledger + history."""

from odoo import models
from odoo.addons.crm_segments.models.books import sees_books
from odoo.tools import SQL

from .roi_sql import in_one_currency


class CrmMarketingReturn(models.AbstractModel):
    _inherit = "crm.marketing.return"  # pylint: disable=consider-merging-classes-inherited

    def _tie(self, first, last):
        """Invoiced money of the report beside that of the books, which is added up apart.

        :return: dict of ``attributed``, ``unattributed`` (of the report), ``ledger`` (posted
            customer invoices less credit notes, from their headers), ``history`` (documents of
            the sales history that count), ``difference`` and ``as_of`` (when results that are
            kept were added up; what came since is a difference); None for users who may not see
            the books
        """
        if not sees_books(self.env):
            return None
        rows = self.env["crm.campaign.roi.report"]._read_group(
            self._domain(first, last), ["campaign_id"], ["invoiced:sum"]
        )
        parts = {True: 0.0, False: 0.0}
        for campaign, amount in rows:
            parts[bool(campaign)] += amount or 0.0
        ledger, history = (self._tie_total(select, first, last) for select in (_LEDGER, _HISTORY))
        return {
            "attributed": parts[True],
            "unattributed": parts[False],
            "ledger": ledger,
            "history": history,
            "difference": self.env.company.currency_id.round(
                sum(parts.values()) - ledger - history
            ),
            "as_of": self._kept_at(),
        }

    def _kept_at(self):
        """When results were added up, the oldest of them; None where all are read live."""
        report = self.env["crm.campaign.roi.report"]._asking({"campaign_id", "invoiced"})
        kept = report._kept(self.env.companies).sudo()  # sudo: a setting, of which the time is told
        days = kept.mapped("crm_roi_kept_date")
        return min(days).isoformat(timespec="seconds") if days else None

    def _tie_total(self, select, first, last):
        """Sum of a SELECT of (company_id, day, amount), at the rate of each day."""
        self.env["account.move"].flush_model()
        self.env["crm.sales.history"].flush_model()
        companies = self.env.companies
        rows = SQL(
            "SELECT company_id, day, SUM(amount) AS amount FROM (%s) x"
            " WHERE company_id = ANY(%s) AND date_trunc('month', day) BETWEEN %s AND %s"
            " GROUP BY 1, 2",
            select,
            companies.ids,
            first,
            last,
        )
        money = in_one_currency(self.env, rows, companies, ["company_id", "day"], ["amount"])
        [[total]] = self.env.execute_query(SQL("SELECT SUM(amount)::float FROM (%s) y", money))
        return total or 0.0


_LEDGER = SQL(
    """
    SELECT company_id, invoice_date AS day, amount_untaxed_signed AS amount FROM account_move
    WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')
    """
)
_HISTORY = SQL(
    """
    SELECT h.company_id, MIN(h.date) AS day, SUM(h.amount_company) AS amount
    FROM crm_sales_history h JOIN crm_sales_source s ON s.id = h.source_id
    JOIN res_partner p ON p.id = h.partner_id
    WHERE h.not_counted IS NOT TRUE AND (s.cutover_date IS NULL OR h.date < s.cutover_date)
    GROUP BY h.company_id, p.commercial_partner_id, h.source_id, h.document
    """
)
