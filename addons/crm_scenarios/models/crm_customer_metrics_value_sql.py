"""Days with a purchase from the documents, and predictions into their columns."""

from datetime import date

import numpy as np
from odoo import models
from odoo.tools import SQL, split_every

from .crm_customer_metrics_value import PREDICTIONS

#: customers written by one statement
BATCH = 50_000


class CrmCustomerMetrics(models.Model):
    _inherit = "crm.customer.metrics"  # pylint: disable=consider-merging-classes-inherited

    def _purchase_histories(self, company, until, end=None, partner_ids=None):
        """Purchases of each customer who bought by a day, and what came after it.

        The documents are those of the figures. Days count, not documents: two invoices of one
        day are one purchase.

        :param date until: the last day that is known to the prediction
        :param date end: the last day of what comes after it; ``until`` by default
        :param partner_ids: ids of commercial entities, None for everybody
        :return: dict of numpy arrays, one position per customer: ``partner_id``, ``x`` (days
            after the first one), ``t_x``, ``T`` (weeks), ``money`` (mean of a day with a
            purchase), ``later`` (days), ``later_revenue`` (net of credit notes)
        """
        self._flush_sources()
        rows = self.env.execute_query(
            self._histories_sql(company, until, end or until, partner_ids)
        )
        columns = list(zip(*rows, strict=True)) or [()] * 7
        partner_id, days, first, last, money, later, later_revenue = (
            np.array(column, dtype=float) for column in columns
        )
        return {
            "partner_id": partner_id.astype(int),
            "x": days - 1,
            "t_x": (last - first) / 7,
            "T": -first / 7,
            "money": money / days,
            "later": later,
            "later_revenue": later_revenue,
        }

    def _histories_sql(self, company, until, end, partner_ids):
        """SELECT of a row per customer; days are counted from ``until``, so 0 or negative."""
        return SQL(
            """
            SELECT partner_id, COUNT(DISTINCT day) FILTER (WHERE known) AS days,
                   MIN(day - %(until)s) FILTER (WHERE known) AS first,
                   MAX(day - %(until)s) FILTER (WHERE known) AS last,
                   SUM(amount) FILTER (WHERE known)::float8 AS money,
                   COUNT(DISTINCT day) FILTER (WHERE is_purchase AND NOT known) AS later,
                   COALESCE(SUM(amount) FILTER (WHERE day > %(until)s), 0)::float8 AS later_revenue
            FROM (SELECT d.*, is_purchase AND day <= %(until)s AS known
                  FROM (%(documents)s) d) d
            GROUP BY partner_id HAVING bool_or(known)
            """,
            until=until,
            documents=self._dated_documents_sql(company, end, partner_ids),
        )

    def _dated_documents_sql(self, company, end, partner_ids=None):
        """SELECT of the documents of the company until a day, as the figures count them."""
        return SQL(
            """
            SELECT * FROM (WITH invoices AS (%(invoices)s) %(sources)s)
                d (partner_id, day, amount, is_purchase, order_keys)
            """,
            invoices=self._invoices_sql(company, partner_ids),
            sources=SQL(" UNION ALL ").join(
                self._document_sources(company, partner_ids, end).values()
            ),
        )

    def _sales_since(self, company, until):
        """First day with a purchase, and the share of credit notes in the money of purchases.

        :return: (date or None, float)
        """
        self._flush_sources()
        [[first, share]] = self.env.execute_query(
            SQL(
                """
                SELECT MIN(day) FILTER (WHERE is_purchase),
                       -SUM(amount) FILTER (WHERE NOT is_purchase)
                       / NULLIF(SUM(amount) FILTER (WHERE is_purchase), 0)
                FROM (%s) d
                """,
                self._dated_documents_sql(company, until),
            )
        )
        return first, min(max(float(share or 0), 0.0), 1.0)

    def _write_predictions(self, company, today, partner_ids, values):
        """Write the predictions of customers into rows that differ.

        :param date today: the day of the predictions
        :param list partner_ids: ids of commercial entities
        :param dict values: name of the prediction → list in the same order, None where empty
        :return: how many rows changed
        """
        changed = 0
        names = list(PREDICTIONS)
        for batch in split_every(BATCH, range(len(partner_ids))):
            columns = [[values[name][index] for index in batch] for name in names]
            ids = [partner_ids[index] for index in batch]
            self.env.cr.execute(self._predictions_sql(company, today, ids, columns))
            changed += self.env.cr.rowcount
        self._forget_predictions()
        return changed

    def _predictions_sql(self, company, today, ids, columns):
        arrays = [
            SQL("%s::%s[]", column, SQL(kind))
            for column, kind in zip(columns, PREDICTIONS.values(), strict=True)
        ]
        names = [*PREDICTIONS, "prediction_date"]
        fresh = [SQL.identifier("p", name) for name in PREDICTIONS] + [SQL("%s::date", today)]
        return SQL(
            """
            UPDATE crm_customer_metrics m SET (%(names)s) = ROW(%(fresh)s)
            FROM unnest(%(ids)s::int[], %(arrays)s) AS p (partner_id, %(own)s)
            WHERE m.partner_id = p.partner_id AND m.company_id = %(company)s
              AND (%(stored)s) IS DISTINCT FROM (%(fresh)s)
            """,
            names=SQL(", ").join(map(SQL.identifier, names)),
            fresh=SQL(", ").join(fresh),
            ids=list(ids),
            arrays=SQL(", ").join(arrays),
            own=SQL(", ").join(map(SQL.identifier, PREDICTIONS)),
            company=company.id,
            stored=SQL(", ").join(SQL.identifier("m", name) for name in names),
        )

    def _clear_predictions(self, company, except_on=None):
        """Empty the predictions of a company's customers.

        :param date except_on: leave those predicted on that day
        :return: how many rows changed
        """
        names = [*PREDICTIONS, "prediction_date"]
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_customer_metrics SET %s
                WHERE company_id = %s AND prediction_date IS NOT NULL AND %s
                """,
                SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in names),
                company.id,
                SQL("prediction_date <> %s", except_on) if except_on else SQL("TRUE"),
            )
        )
        count = self.env.cr.rowcount
        self._forget_predictions()
        return count

    def _forget_predictions(self):
        names = [*PREDICTIONS, "prediction_date"]
        self.invalidate_model(names, flush=False)
        self.env["res.partner"].invalidate_model(names, flush=False)

    def _outdated_predictions(self, company, today):
        """Ids of customers who bought since they were predicted, or did not when expected to."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id FROM crm_customer_metrics
                WHERE company_id = %(company)s AND last_purchase_date IS NOT NULL
                  AND prediction_date IS DISTINCT FROM %(today)s
                  AND (prediction_date IS NULL OR last_purchase_date > prediction_date
                       OR next_purchase_date < %(today)s)
                """,
                company=company.id,
                today=today,
            )
        )
        return [partner_id for (partner_id,) in rows]

    @staticmethod
    def _prediction_lists(company, today, predicted):
        """Arrays of ``crm.value.model._predict`` as lists of what the columns hold.

        Four digits are more than a prediction is worth, and keep rows from differing by noise.
        """
        digits = company.currency_id.decimal_places
        numbers = {
            "expected_purchases_12m": 4,
            "alive_probability": 4,
            "expected_revenue_12m": digits,
        }
        lists = {
            name: [None if np.isnan(one) else round(float(one), places) for one in predicted[name]]
            for name, places in numbers.items()
        }
        ordinal = today.toordinal()
        lists["next_purchase_date"] = [
            None if np.isnan(days) else date.fromordinal(ordinal + int(days))
            for days in predicted["next_purchase_days"]
        ]
        return lists
