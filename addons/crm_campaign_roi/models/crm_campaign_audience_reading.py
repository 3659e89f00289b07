"""What an audience was worth: read once, when its window is over."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.crm_segments.lib.cuped import Moments
from odoo.tools import SQL

from ..lib import lift_reading
from .crm_campaign_audience import NOTED

#: days before the launch whose sales explain part of those after it
PRE_DAYS = 180
#: what a customer does itself; a mailing that is opened is no answer
RESPONSES = ("lead", "clicked", "replied", "link", "event", "website", "call", "fair", "visit",
             "promotion", "asked")  # fmt: skip


class CrmCampaignAudience(models.Model):
    _inherit = "crm.campaign.audience"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _read_due(self):
        """Cron: read the audiences whose window is over; each once."""
        launched = self.search([("state", "=", "launched"), ("reading_date", "=", False)])
        for one in launched.filtered(lambda one: one._is_due()):
            one._read()

    def _is_due(self):
        return bool(self.end_date) and self.end_date <= fields.Date.context_today(self)

    def _read(self):
        """Compare the arms as they were assigned, and keep the result."""
        self = self.with_company(self.company_id).with_context(**NOTED)
        arms, segments = self._arm_outcomes()
        treated = self._treatments()
        control = arms.get(self.arm_ids.filtered("is_control"))
        found = {"state": "none", "ratio_p": None, "treatments": []}
        if control:
            given = [arms[arm] for arm in treated if arm in arms]
            found = lift_reading.read(control, given, self.outcome, self.effect)
            found["segments"] = self._by_segment(segments)
        found["arms"] = [self._arm_values(arm, arms[arm]) for arm in self.arm_ids if arm in arms]
        sizes = {arms[arm].name: arms[arm].customers for arm in treated if arm in arms}
        margin = lift_reading.incremental(found, sizes) or [None] * 3
        verdict = found["state"]
        if verdict == "read":
            verdict = _overall([one["verdict"] for one in found["treatments"]])
        self.write(
            {
                "reading": found,
                "reading_date": fields.Datetime.now(),
                "verdict": verdict,
                **dict(zip(("incremental_margin", "incremental_low", "incremental_high"), margin,
                           strict=True)),
            }
        )  # fmt: skip

    def _arm_values(self, arm, one):
        return {
            "name": one.name,
            "is_control": arm.is_control,
            "customers": one.customers,
            "planned": one.share,
            "successes": one.successes,
            "means": {name: moments.mean for name, moments in one.moments.items()},
        }

    def _arm_outcomes(self):
        """:return: (arm → lib.lift_reading.Arm, segment → arm → (customers, who ordered))"""
        results = self.env["crm.campaign.result"]
        results._flush_results()
        for model in ("crm.campaign.audience.member", "crm.touchpoint"):
            self.env[model].flush_model()
        rows = self.env.execute_query_dict(self._outcomes_sql())
        shares = self._planned_shares()
        by_arm, by_segment = defaultdict(list), defaultdict(dict)
        for row in rows:
            arm = self.env["crm.campaign.audience.arm"].browse(row["arm_id"])
            by_arm[arm].append(row)
            by_segment[row["segment_id"]][arm] = (row["n"], row["bought"])
        arms = {arm: _arm(arm.name, shares[arm], parts) for arm, parts in by_arm.items()}
        return arms, by_segment

    def _planned_shares(self):
        """Share of all customers that each arm was to get."""
        treated = self._treatments()
        weight, rest = sum(treated.mapped("weight")), 1 - self.drawn_share
        shares = {arm: rest * arm.weight / weight for arm in treated}
        return shares | {self.arm_ids.filtered("is_control"): self.drawn_share}

    def _outcomes_sql(self):
        """Sums per arm and segment over units, those without a sale as zeros.

        An order counts where it was placed within the window, with all that was invoiced on it
        since; the sales before the launch explain part of it.
        """
        first = self.launch_date
        return SQL(
            """
            WITH member AS (
                SELECT m.arm_id, m.unit, m.partner_id,
                       FIRST_VALUE(m.segment_id) OVER (PARTITION BY m.unit ORDER BY m.partner_id)
                           AS segment_id
                FROM crm_campaign_audience_member m
                WHERE m.audience_id = %(audience)s AND m.arm_id IS NOT NULL
            ), sold AS (
                SELECT x.partner_id,
                       SUM(x.orders) FILTER (WHERE x.doc_day >= %(first)s) AS orders,
                       SUM(x.ordered) FILTER (WHERE x.doc_day >= %(first)s) AS revenue,
                       SUM(x.margin) FILTER (WHERE x.doc_day >= %(first)s) AS margin,
                       SUM(x.ordered) FILTER (WHERE x.doc_day < %(first)s) AS pre
                FROM (%(results)s) x
                WHERE x.doc_day >= %(before)s AND x.doc_day < %(after)s
                  AND x.partner_id IN (SELECT partner_id FROM member)
                GROUP BY 1
            ), answered AS (
                SELECT DISTINCT t.partner_id FROM crm_touchpoint t
                JOIN crm_touchpoint_kind k ON k.id = t.kind_id
                WHERE k.code = ANY(%(responses)s) AND t.date >= %(first)s AND t.date < %(after)s
                  AND COALESCE(t.company_id, %(company)s) = %(company)s
                  AND t.partner_id IN (SELECT partner_id FROM member)
            ), unit AS (
                SELECT m.arm_id, m.unit, m.segment_id,
                       GREATEST(COALESCE(SUM(s.orders), 0), 0)::float AS orders,
                       COALESCE(SUM(s.revenue), 0)::float AS revenue,
                       COALESCE(SUM(s.margin), 0)::float AS margin,
                       COALESCE(SUM(s.pre), 0)::float AS pre,
                       bool_or(a.partner_id IS NOT NULL) AS answered
                FROM member m LEFT JOIN sold s ON s.partner_id = m.partner_id
                LEFT JOIN answered a ON a.partner_id = m.partner_id
                GROUP BY 1, 2, 3
            )
            SELECT arm_id, segment_id, COUNT(*) AS n,
                   COUNT(*) FILTER (WHERE orders > 0) AS bought,
                   COUNT(*) FILTER (WHERE answered) AS answered,
                   SUM(pre) AS pre, SUM(pre * pre) AS pre_squares, %(sums)s
            FROM unit GROUP BY 1, 2
            """,
            audience=self.id,
            company=self.company_id.id,
            first=first,
            after=first + timedelta(days=self.window_days),
            before=first - timedelta(days=PRE_DAYS),
            responses=list(RESPONSES),
            results=self.env["crm.campaign.result"]._results_sql(self.company_id),
            sums=SQL(", ").join(
                SQL(
                    "SUM(%(n)s) AS %(t)s, SUM(%(n)s * %(n)s) AS %(s)s, SUM(%(n)s * pre) AS %(p)s",
                    n=SQL.identifier(name),
                    t=SQL.identifier(name),
                    s=SQL.identifier(f"{name}_squares"),
                    p=SQL.identifier(f"{name}_pre"),
                )
                for name in lift_reading.MEANS
            ),
        )

    def _by_segment(self, segments):
        """Rise of the conversion in each segment, drawn towards the common one.

        Exploration: of many segments the best looks better than it is.
        """
        control = self.arm_ids.filtered("is_control")
        rows, effects = [], []
        for segment, arms in segments.items():
            n, bought = _together(arms, self._treatments())
            m, other = arms.get(control, (0, 0))
            if min(n, m) < lift_reading.LEAST_CUSTOMERS:
                continue
            # one success and one failure more: no segment without an order is certain
            a, b = (bought + 1) / (n + 2), (other + 1) / (m + 2)
            effects.append((a - b, (a * (1 - a) / n + b * (1 - b) / m) ** 0.5))
            rows.append({"segment": segment, "customers": n + m})
        shrunk = lift_reading.shrunk(effects)
        return [
            {**row, "seen": seen, "shrunk": value, "error": error}
            for row, (seen, _error), (value, error) in zip(rows, effects, shrunk, strict=True)
        ]


def _arm(name, share, parts):
    """Arm of the sums per segment."""
    total = defaultdict(float)
    for row in parts:
        for key, value in row.items():
            if key not in ("arm_id", "segment_id"):
                total[key] += value or 0
    n = int(total["n"])
    moments = {
        key: Moments.of_sums(
            n, total[key], total[f"{key}_squares"], total["pre"], total["pre_squares"],
            total[f"{key}_pre"],
        )
        for key in lift_reading.MEANS
    }  # fmt: skip
    successes = {"conversion": int(total["bought"]), "response": int(total["answered"])}
    return lift_reading.Arm(name, n, share, successes, moments)


def _together(arms, treated):
    found = [arms[arm] for arm in treated if arm in arms]
    return sum(n for n, _bought in found), sum(bought for _n, bought in found)


def _overall(verdicts):
    """Of several treatments the strongest statement: each stands for itself on the screen."""
    return next(one for one in ("better", "worse", "nothing", "small") if one in verdicts)
