"""What the rules say of one customer today, by the SQL that places everybody."""

import psycopg2
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, Query, mute_logger

from ..lib import distance
from .crm_segmentation_rfm import AXES
from .own_call import EVALUATING
from .segment_plan import SegmentPlan
from .stored_domain import condition_path


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def _explain_target(self, company, partner_id):
        """Rows (segment_id, code, evidence) that the method gives the customer now.

        The same call as that of the engine for a customer who is saved, without writing.

        :raises UserError: if a rule can't be evaluated
        """
        if self not in self._applying_to(company):
            return []
        scoped = self.with_env(self._rule_env(company))
        scoped = scoped.with_context(segments_scope=[partner_id], **EVALUATING)
        prepare = getattr(scoped, f"_explain_prepare_{self.method}", lambda *_args: None)
        population = scoped._looked_at(company)
        scoped = scoped.with_context(
            segments_prepared={self.id: prepare(company, population)}
        )
        Membership = scoped.env["crm.segment.membership"]
        plan = SegmentPlan(scoped, company, [partner_id])
        return scoped._explain_fetch(
            SQL(
                """
                WITH %(proposed)s,
                changes AS (
                    SELECT segmentation_id, partner_id, segment_id, code, measure FROM proposed),
                explained (partner_id, segment_id, evidence) AS (%(evidence)s)
                SELECT c.segment_id, c.code, e.evidence
                FROM changes c LEFT JOIN explained e USING (partner_id, segment_id)
                """,
                proposed=Membership._proposed_sql(plan),
                evidence=scoped._evidence_sql(),
            )
        )

    def _explain_prepare_rfm(self, company, population):
        return self._prepare_rfm(company, population)

    def _explain_in_population(self, company, partner_id):
        scoped = self.with_env(self._rule_env(company))
        domain = scoped._looked_at(company) & Domain("id", "=", partner_id)
        return self in self._applying_to(company) and bool(
            scoped.env["res.partner"].search_count(domain, limit=1)
        )

    def _explain_fetch(self, sql):
        """Rows of a statement that a rule is part of."""
        self.env.flush_all()
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint(flush=False):
                return self.env.execute_query(sql)
        except psycopg2.Error as error:
            raise UserError(self._plain_error(error)) from error

    def _explain_evaluate(self, partner_id, domains, names):
        """Verdict of each domain on the customer, and the values of fields, in one query.

        :param list domains: Domains on res.partner, each compiled as where customers are selected
        :param names: names of partner fields
        :return: list of bool, dict of values
        """
        Partner = self.env["res.partner"]
        table = Partner._table
        query = Query(self.env, table, Partner._table_sql)
        query.add_where(SQL("%s = %s", SQL.identifier(table, "id"), partner_id))
        verdicts = [
            SQL("(%s) IS TRUE", domain.optimize_full(Partner)._to_sql(Partner, table, query))
            for domain in domains
        ]
        pairs = [
            part
            for name in names
            for part in (SQL("%s::text", name), self._explain_value_sql(name, query))
        ]
        values = SQL("jsonb_build_object(%s)", SQL(", ").join(pairs))
        [row] = self._explain_fetch(query.select(values, *verdicts)) or [
            ({}, *[False] * len(domains))
        ]
        return list(row[1:]), row[0]

    def _explain_value_sql(self, name, query):
        if "." in name:
            return self._path_sql(name, query)
        return self.env["res.partner"]._field_to_sql(query.table, name, query)

    def _explain_fields(self, conditions):
        """Names of the fields of the conditions that hold one value per customer, and paths."""
        Partner = self.env["res.partner"]
        known, metrics = Partner._fields, Partner._customer_metrics()
        names = filter(None, map(condition_path, conditions))
        return [
            name
            for name in dict.fromkeys(names)
            if name in metrics
            or self._readable_path(name)
            or (name in known and known[name].store and known[name].column_type
                and known[name].type not in ("json", "properties"))
        ]  # fmt: skip

    def _explain_oldest_day(self, company, partner_id, today):
        """Day of the first purchase that counts in the figures of twelve months."""
        # sudo: the caller asks only for customers whose figures the user may see
        Metrics = self.env["crm.customer.metrics"].sudo()
        Metrics._flush_sources()
        sources = Metrics._document_sources(company, [partner_id], today).values()
        invoices = Metrics._invoices_sql(company, [partner_id])
        [[day]] = self.env.execute_query(
            SQL(
                """
                WITH invoices AS (%s)
                SELECT MIN(day) FILTER (WHERE is_purchase AND day > %s)
                FROM (%s) d (partner_id, day, amount, is_purchase, order_keys)
                """,
                invoices,
                Metrics._year_ago(today),
                SQL(" UNION ALL ").join(sources),
            )
        )
        return day

    def _explain_reach_abc(self, company, partner_id, cutoff):
        """The least figure that lies before the cut-off, all other customers unchanged.

        The SQL twin of ``lib.distance.pareto_reach``.
        """
        domain = self._looked_at(company) & Domain("id", "!=", partner_id)
        [[found]] = self._explain_fetch(
            SQL(
                """
                WITH steps AS (
                    SELECT v1 AS start, SUM(v1) AS held FROM (%s) f WHERE v1 > 0 GROUP BY v1
                    UNION ALL SELECT 0, 0
                ), ranked AS (
                    SELECT start, LAG(start) OVER (ORDER BY start DESC) AS larger,
                           SUM(held) OVER (ORDER BY start DESC) - held AS before,
                           SUM(held) OVER () AS total
                    FROM steps
                )
                SELECT MIN(found) FROM (
                    SELECT larger, GREATEST(start, 100.0 * before / %s - total) AS found
                    FROM ranked
                ) x WHERE larger IS NULL OR found < larger
                """,
                self._population_query(domain, self.metric),
                cutoff,
            )
        )
        return found

    def _explain_edge_rfm(self, company, partner_id, axis, score):
        """The value of the best of the buyers who have to be worse for a score on an axis."""
        buyers = self._looked_at(company) & Domain("purchase_count", ">", 0)
        others = self._population_query(
            buyers & Domain("id", "!=", partner_id), self._rfm_metrics()[AXES.index(axis)]
        )
        [[count]] = self._explain_fetch(SQL("SELECT COUNT(*) FROM (%s) o", others))
        worse = distance.worse_needed(count + 1, score)
        if not 0 < worse <= count:
            return None
        [[edge]] = self._explain_fetch(
            SQL(
                "SELECT v1 FROM (%s) o ORDER BY v1 NULLS FIRST OFFSET %s LIMIT 1", others, worse - 1
            )
        )
        return edge
