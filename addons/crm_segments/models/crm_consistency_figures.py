"""The figures of customers against the documents, by the statement that writes them."""

from odoo import models
from odoo.tools import SQL

from .crm_consistency import Check, Found
from .crm_customer_metrics_sql import COLUMNS

#: columns that follow at night only: whoever writes to a customer doesn't wait for us
NIGHTLY = ("last_contact_date", "contacts_30d")
#: a customer has figures besides contacts
_FIGURES = SQL(
    """
    (COALESCE(x.last_purchase_date, x.first_purchase_date) IS NOT NULL OR x.revenue_total <> 0
     OR x.refund_total <> 0 OR x.amount_overdue <> 0 OR x.days_to_pay <> 0
     OR x.opportunity_open_count + x.won_count + x.lost_count > 0)
    """
)


class CrmConsistency(models.AbstractModel):
    _inherit = "crm.consistency"  # pylint: disable=consider-merging-classes-inherited

    def _checks(self):
        check = Check(
            "figures",
            self.env._("Customer figures against the documents"),
            "res.partner",
            self.env._("Rebuild: the figures are derived from the documents anew."),
            "crm_segments.ir_cron_rebuild",
        )
        return [*super()._checks(), check]

    def _check_figures(self, company):
        """Customers whose row isn't what their documents give."""
        since = self._rebuilt(company)
        contacts = set()

        def differing(day):
            rows = self.env["crm.customer.metrics"]._differing_rows(company, day)
            if not contacts:
                contacts.update(partner for partner, figures in rows if not figures)
            return {partner for partner, figures in rows if figures}

        wrong, waiting = self._differing(since, differing)
        queued = self._queued()
        late = waiting | (wrong & queued)
        wrong -= queued
        if self._contacts_since(since):
            late |= contacts - wrong
        else:
            wrong |= contacts - queued - late
        return Found(self._count("crm_customer_metrics", company), wrong, late)

    def _contacts_since(self, moment):
        """Whether there may have been a contact with a customer after a moment, or a day passed."""
        if len(self._days_since(moment)) > 1:
            return True
        tables = ["mail_message", "mail_activity", "calendar_event"]
        if "mailing.trace" in self.env:
            tables.append("mailing_trace")
        return self._written_since(moment, *tables)


class CrmCustomerMetrics(models.Model):
    _inherit = "crm.customer.metrics"  # pylint: disable=consider-merging-classes-inherited

    def _differing_rows(self, company, today):
        """Customers whose stored row isn't what the documents say, by the statement of the run.

        The usual interval of all customers is the stored one, as for a customer that is placed:
        it follows at night.

        :return: list of (partner id, whether more than contacts differ)
        """
        self._flush_sources()
        parts = self._fresh_parts(company, None, today)
        parts["population"] = self._population_sql(company, [])
        names = [name for name in COLUMNS if name not in NIGHTLY]
        return self.env.execute_query(
            SQL(
                """
                WITH %(fresh)s
                SELECT COALESCE(f.partner_id, s.partner_id),
                       CASE WHEN s.id IS NULL THEN %(new)s WHEN f.partner_id IS NULL THEN %(gone)s
                            ELSE (%(names_f)s) IS DISTINCT FROM (%(names_s)s) END
                FROM fresh f
                FULL JOIN (SELECT * FROM crm_customer_metrics WHERE company_id = %(company)s) s
                  ON s.partner_id = f.partner_id
                WHERE f.partner_id IS NULL OR s.id IS NULL
                   OR (%(all_f)s) IS DISTINCT FROM (%(all_s)s)
                """,
                fresh=self._joined_parts(parts),
                company=company.id,
                new=SQL(_FIGURES.code.replace("x.", "f.")),  # pylint: disable=sql-injection
                gone=SQL(_FIGURES.code.replace("x.", "s.")),  # pylint: disable=sql-injection
                names_f=_columns("f", names),
                names_s=_columns("s", names),
                all_f=_columns("f", COLUMNS),
                all_s=_columns("s", COLUMNS),
            )
        )


def _columns(alias, names):
    return SQL(", ").join(SQL.identifier(alias, name) for name in names)
