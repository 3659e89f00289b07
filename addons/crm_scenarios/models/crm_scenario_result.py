"""What a scenario is worth against its hold-out, and whether a hold-out is worth it."""

from odoo import api, models
from odoo.addons.crm_segments.lib import experiment
from odoo.tools import SQL

from ..lib.scenario_result import Arm, advise, compare

#: goal rate that is assumed before any customer has finished
ASSUMED_RATE = 0.1


class CrmScenario(models.Model):
    _inherit = "crm.scenario"  # pylint: disable=consider-merging-classes-inherited

    @api.readonly
    def result(self):
        """The comparison of the two arms, of each version by itself.

        Customers whose time is over are counted, with their first run of the version; all who
        were drawn count, whatever became of their run. Money is the untaxed sales from the day
        after entering to the deadline, in the currency of the current company.

        :return: dict with ``currency_id``, ``advice`` (whether a hold-out is worth it) and
            ``versions``: list of dicts with ``number``, ``from``, ``to``, ``open`` (runs that
            are not over), ``arms`` and what ``lib/scenario_result.py: compare`` finds
        :raises AccessError: for users who are no managers of segments
        """
        self.ensure_one()
        self._check_may_compare()
        versions = [self._version_result(version) for version in self.version_ids]
        # money covers all documents: only for those to whom the host shows them
        money = self.env["res.partner"]._sees_all_figures()
        for one in versions if not money else []:
            one["money"] = None
            for arm in one["arms"].values():
                arm["mean"] = None
        return {
            "currency_id": self.env.company.currency_id.id,
            "money_visible": money,
            "holdout": self.holdout / 100,
            "advice": self._holdout_advice(),
            "versions": versions,
        }

    def _version_result(self, version):
        """One version: its arms, and what the comparison says."""
        arms, first, last, still_open = self._arms(version)
        treated, control = arms["treated"], arms["control"]
        found = compare(treated, control, version.holdout / 100, experiment)
        return {
            **found,
            "id": version.id, "number": version.number, "holdout": version.holdout / 100,
            "from": first, "to": last, "open": still_open,
            "arms": {
                name: {"customers": arm.customers, "goals": arm.goals, "rate": arm.rate,
                       "mean": arm.mean if arm.customers else None}
                for name, arm in arms.items()
            },
        }  # fmt: skip

    @api.model
    def _note_worths(self, company):
        """Keep what was measured of each version, so that 'Today' needn't measure it."""
        versions = self.env["crm.scenario.version"].search([("holdout", ">", 0)])
        for version in versions.with_context(allowed_company_ids=company.ids):
            found = version.scenario_id._version_result(version)
            worths = dict(version.worths or {})
            worths.pop(str(company.id), None)
            if found["money"] and found["state"] in ("better", "worse"):
                worths[str(company.id)] = max(found["money"][0], 0.0)
            if worths != (version.worths or {}):
                version.worths = worths

    def _arms(self, version):
        """The arms of the runs that are over, first and last day of entering, open ones."""
        arms, first, last, still_open = {"treated": Arm(0, 0), "control": Arm(0, 0)}, None, None, 0
        for arm, customers, goals, mean, variance, begin, end, going in self._arm_rows(version):
            arms[arm] = Arm(customers, goals, float(mean or 0), float(variance or 0))
            first = min(filter(None, (first, begin)), default=None)
            last = max(filter(None, (last, end)), default=None)
            still_open += going
        return arms, first, last, still_open

    def _arm_rows(self, version, window=None):
        """Per arm: customers, goals, mean and variance of sales, days of entering, open runs.

        :param SQL window: condition on ``r``, which runs count; None for all
        """
        metrics = self.env["crm.customer.metrics"]
        metrics._flush_sources()
        self.env["crm.scenario.run"].flush_model()
        today = self.env["crm.segmentation"]._today()
        return self.env.execute_query(
            SQL(
                """
                WITH runs AS (
                    SELECT DISTINCT ON (r.company_id, COALESCE(r.lead_id, 0),
                                        COALESCE(r.partner_id, 0))
                           r.id, r.arm, r.company_id, r.partner_id, r.date_start,
                           r.date_deadline, r.date_goal
                    FROM crm_scenario_run r
                    WHERE r.version_id = %(version)s AND r.arm IN ('treated', 'control')
                      AND r.company_id = ANY(%(companies)s) AND %(window)s
                    ORDER BY r.company_id, COALESCE(r.lead_id, 0), COALESCE(r.partner_id, 0), r.id
                ), sales AS (
                    SELECT r.id, SUM(d.amount) AS amount
                    FROM (%(documents)s) d JOIN runs r ON r.partner_id = d.partner_id
                     AND r.company_id = d.company_id
                     AND d.day > r.date_start AND d.day <= r.date_deadline
                    WHERE r.date_deadline < %(today)s GROUP BY r.id
                )
                SELECT r.arm, COUNT(*) FILTER (WHERE %(over)s),
                       COUNT(r.date_goal) FILTER (WHERE %(over)s),
                       AVG(COALESCE(s.amount, 0)) FILTER (WHERE %(over)s),
                       VAR_SAMP(COALESCE(s.amount, 0)) FILTER (WHERE %(over)s),
                       MIN(r.date_start), MAX(r.date_start), COUNT(*) FILTER (WHERE NOT (%(over)s))
                FROM runs r LEFT JOIN sales s ON s.id = r.id GROUP BY r.arm
                """,
                version=version.id,
                window=window or SQL("TRUE"),
                companies=self.env.companies.ids,
                documents=metrics.sudo()._documents_sql(self.env.companies, today),
                over=SQL("r.date_deadline < %s", today),
                today=today,
            )
        )

    def _holdout_advice(self):
        """Whether enough customers will come for a hold-out to tell anything.

        :return: dict ``enough``, ``expected`` (customers in half a year), ``needed``, ``rate``
            (goal rate that this rests on), ``assumed`` (the rate is not from runs)
        """
        expected = self._expected_customers()
        rate, assumed = self._base_rate()
        share = self.holdout / 100 or 0.2
        enough, needed = advise(expected, rate, experiment, control_share=share)
        return {
            "enough": enough, "expected": expected, "needed": needed, "rate": rate,
            "assumed": assumed,
        }  # fmt: skip

    def _expected_customers(self):
        """Customers of half a year: who is in the segments, if they enter, or who joined."""
        memberships = self.env["crm.segment.membership"]
        if not self.segment_ids:  # whoever bought within a year may lapse, or get a quotation
            metrics = self.env["crm.customer.metrics"].sudo()  # sudo: a number of customers
            return metrics.search_count(
                [("company_id", "=", self.env.company.id), ("purchase_count_12m", ">", 0)]
            )
        domain = [
            ("company_id", "=", self.env.company.id), ("origin", "!=", "backfill"),
            ("segment_id", "in", self.segment_ids.ids),
        ]  # fmt: skip
        now = memberships.search_count([*domain, ("date_to", "=", False)])
        if self.trigger != "segment":
            return now
        recent = memberships.search_count([*domain, ("date_from", ">", "today -180d")])
        return max(now if self.enter_existing else 0, recent)

    def _base_rate(self):
        """Goal rate of runs that are over, of the hold-out first; else an assumed one."""
        runs = self.env["crm.scenario.run"].sudo()  # sudo: a rate only
        for arm in ("control", "treated"):
            domain = [("scenario_id", "=", self.id), ("arm", "=", arm),
                      ("date_deadline", "<", "today")]  # fmt: skip
            total = runs.search_count(domain)
            if total >= 30:
                return runs.search_count([*domain, ("date_goal", "!=", False)]) / total, False
        return ASSUMED_RATE, True
