"""Import of sales history: currencies of the file, and rates at the day of each sale."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .rates import rate_sql


class CrmSalesHistoryImportEngine(models.AbstractModel):
    _inherit = "crm.sales.history.import.engine"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _match_currencies(self, source, shift):
        ids = self._currency_ids(source)
        pairs = SQL(
            """SELECT DISTINCT COALESCE(currency, '') AS currency, date + %s AS date
            FROM crm_history_stage""",
            shift,
        )
        known = SQL(", ").join(SQL("(%s, %s)", code, id_) for code, id_ in ids.items())
        known = known if ids else SQL("(NULL::text, NULL::integer)")
        company = source.company_id
        self._make_table(
            "crm_history_rate",
            SQL(
                """SELECT d.currency, d.date, k.id AS currency_id,
                CASE WHEN k.id = %(own)s THEN 1 ELSE %(to)s / %(from)s END AS factor
                FROM (%(pairs)s) d JOIN (VALUES %(known)s) k(code, id) ON k.code = d.currency""",
                own=company.currency_id.id,
                to=rate_sql(SQL("%s", company.currency_id.id), company.root_id, SQL("d.date")),
                **{"from": rate_sql(SQL("k.id"), company.root_id, SQL("d.date"))},
                pairs=pairs,
                known=known,
            ),
        )

    @api.model
    def _currency_ids(self, source):
        """:return: dict code in the file -> id of an active currency; UserError if none"""
        rows = self.env.execute_query(
            SQL(
                """SELECT COALESCE(currency, ''), count(*), min(row)
                FROM crm_history_stage GROUP BY 1"""
            )
        )
        Currency = self.env["res.currency"].with_context(active_test=False)
        known = {}
        for currency in Currency.search([]):
            known.setdefault(currency.symbol, currency)
        known.update((currency.name, currency) for currency in Currency.search([]))
        known[""] = source.currency_id
        return {
            code: self._checked_currency(source, known.get(code), code, count, row).id
            for code, count, row in rows
        }

    @api.model
    def _checked_currency(self, source, currency, code, count, row):
        params = {"code": code or source.currency_id.name, "count": count, "row": row}
        if not currency:
            raise UserError(
                self.env._(
                    "%(code)s is not a currency of this database (%(count)s lines, the first "
                    "in row %(row)s). Correct the file, or add the currency first.",
                    **params,
                )
            )
        if not currency.active:
            raise UserError(
                self.env._(
                    "The currency %(code)s is switched off (%(count)s lines, the first in row "
                    "%(row)s). Activate it in the list of currencies.",
                    **params,
                )
            )
        own = source.company_id.currency_id
        if currency != own and not (currency + own).rate_ids:
            # The host would take 1:1, which is wrong and would never be noticed.
            raise UserError(
                self.env._(
                    "There is no exchange rate from %(code)s to %(own)s. Enter one in the list "
                    "of currencies.",
                    own=own.name,
                    **params,
                )
            )
        return currency
