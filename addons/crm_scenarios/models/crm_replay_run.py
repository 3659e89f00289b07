"""Computing a replay: what was known, the product's own functions, what followed."""

import logging
import time

import numpy as np
from odoo import api, fields, models
from odoo.addons.crm_segments.models.past import shadow_tables
from odoo.tools import SQL

from ..lib import calibration
from ..lib.replay_advice import Advisor
from ..lib.replay_score import judge_due, judge_lists, judge_segments, own_interval
from .crm_customer_metrics_value import PREDICTIONS

_logger = logging.getLogger(__name__)

#: customers whose lists are made, evenly drawn among those who bought afterwards
SAMPLE = 2000
#: more lines of sales than that are not replayed while the user waits
AT_ONCE = 30_000
STEPS = 3
#: parts of a result that tell amounts
MONEY = {"money", "revenue"}


class CrmReplay(models.Model):
    _inherit = "crm.replay"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _run_waiting(self):
        """Cron: one replay after the other, each step committed so that progress shows."""
        cron = self.env["ir.cron"]
        waiting = self.search([("state", "in", ("waiting", "running"))], order="id")
        cron._commit_progress(remaining=len(waiting))
        for replay in waiting:
            replay._run()
            cron._commit_progress(1)

    def _run(self):
        """Compute and keep the result, or why there is none."""
        self = self.with_company(self.company_id)
        in_cron = self.env.context.get("ir_cron_progress_id")
        try:
            if in_cron:
                self._compute_result()
            else:
                with self.env.cr.savepoint():
                    self._compute_result()
        except Exception as error:  # noqa: BLE001 the user is told, and the next one is computed
            _logger.exception("Replay %s failed", self.id)
            if in_cron:
                self.env.cr.rollback()
            self.write({"state": "failed", "error": str(error)[:500]})

    def _compute_result(self):
        start = time.monotonic()
        self._at_step(0, STEPS)
        divisions = self._divisions()
        members = self._members_then(divisions)
        self._at_step(1)
        lists = self._judge_lists(members)
        self._at_step(2)
        result = {
            "days": (self._until() - self.as_of).days,
            "lists": lists,
            "due": self._judge_due(),
            "segments": self._judge_segments(divisions, members),
        }
        self.write(
            {
                "state": "done",
                "step": STEPS,
                "date": fields.Datetime.now(),
                "seconds": time.monotonic() - start,
                "error": False,
                "result": without_money(result),
                "result_money": result,
            }
        )

    def _is_small(self):
        Affinity = self.env["crm.product.affinity"]
        Affinity._flush_purchases()
        lines = Affinity._purchases_sql(self.company_id, self._until())
        [[count]] = self.env.execute_query(
            SQL("SELECT COUNT(*) FROM (SELECT FROM (%s) l LIMIT %s) l", lines, AT_ONCE + 1)
        )
        return count <= AT_ONCE

    # segments

    def _divisions(self):
        """Those that are switched on; before any is, all of them."""
        found = self.env["crm.segmentation"].search([])._applying_to(self.company_id)
        found = found.filtered("enabled") or found
        return found.filtered(lambda one: self._unpredicted().isdisjoint(one._own_fields_read()))

    @api.model
    def _unpredicted(self):
        """Figures that nobody knows of the past: they are predicted for today."""
        return {*PREDICTIONS, "prediction_date"}

    def _members_then(self, divisions):
        """Who was where at the end of the day, by the rules of today.

        :return: dict of segmentation → list of (customer, segment), ids; without those that failed
        """
        found = {}

        def watch(_day):
            for one, *row in self.env.execute_query(
                SQL(
                    """
                    SELECT segmentation_id, partner_id, segment_id FROM crm_segment_membership
                    WHERE company_id = %s AND date_to IS NULL AND pinned IS DISTINCT FROM 'out'
                    """,
                    self.company_id.id,
                )
            ):
                found.setdefault(one, []).append(tuple(row))

        self.env["crm.customer.metrics"]._flush_sources()
        days = {one: [self.as_of] for one in divisions}
        with shadow_tables(self.env) as schema:
            failed = divisions._play(self.company_id, days, schema, watch)
        return {one: found.get(one.id, []) for one in divisions if one not in failed}

    def _judge_segments(self, divisions, members):
        came, revenue = self._came()
        rows = []
        for division in divisions:
            if division not in members:
                continue
            placed = {}
            for partner_id, segment_id in members[division]:
                placed.setdefault(segment_id, []).append(partner_id)
            ids = [(one.id, placed.get(one.id, [])) for one in division.segment_ids]
            names = {one.id: one.name for one in division.segment_ids}
            rows.append(
                {
                    "name": division.name,
                    "as_today": division._labels_without_past(),
                    "segments": [
                        {**row, "name": names[row["key"]]}
                        for row in judge_segments(ids, came, revenue)
                    ],
                }
            )
        return rows

    def _followed_sql(self):
        """Documents dated after the day, as the figures count them."""
        Metrics = self.env["crm.customer.metrics"]
        return SQL(
            "SELECT * FROM (%s) d WHERE day > %s",
            Metrics._dated_documents_sql(self.company_id, self._until()),
            self.as_of,
        )

    def _came(self):
        """:return: (set of customers who bought afterwards, dict of customer → their money)"""
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, bool_or(is_purchase), SUM(amount)::float8 FROM (%s) d"
                " GROUP BY partner_id",
                self._followed_sql(),
            )
        )
        return {one for one, came, _m in rows if came}, {one: money for one, _c, money in rows}

    # recommendations

    def _advisor(self, members):
        """:return: the recommender as of the day, None before anything was sold"""
        Model = self.env["crm.recommendation.model"]
        baskets, _lines = Model._read_baskets(self.company_id, self.as_of)
        if not len(baskets.item):
            return None
        among = self.env["crm.segmentation"].browse([one.id for one in members])
        placed = [
            Model._placed(members[division], baskets.customers)
            for division in Model._learning_segmentations(self.company_id, among)
        ]
        return Advisor(baskets, self.as_of.toordinal(), placed, self._templates(baskets.items))

    def _judge_lists(self, members):
        """:return: as ``lib.replay_score.judge_lists``, None before anything was sold"""
        advisor = self._advisor(members)
        if not advisor:
            return None
        bought, customers = self._bought_afterwards(), advisor.baskets.customers
        asked = advisor.asked(np.isin(customers, list(bought)), SAMPLE)
        followed = {int(at): bought[int(customers[at])] for at in asked}
        return {
            "learnt": advisor.customers,
            "sample": len(asked),
            **judge_lists(advisor, asked, followed),
        }

    def _bought_afterwards(self):
        """:return: dict of customer → dict of product → money"""
        Affinity = self.env["crm.product.affinity"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, product_id, SUM(amount) FROM (%s) l WHERE day > %s
                GROUP BY partner_id, product_id HAVING SUM(quantity) > 0
                """,
                Affinity._purchases_sql(self.company_id, self._until()),
                self.as_of.toordinal(),
            )
        )
        found = {}
        for partner_id, product_id, amount in rows:
            found.setdefault(partner_id, {})[product_id] = amount
        return found

    def _templates(self, product_ids):
        rows = self.env.execute_query(
            SQL(
                "SELECT id, product_tmpl_id FROM product_product WHERE id = ANY(%s)",
                product_ids.tolist(),
            )
        )
        return dict(rows)

    # due dates

    def _value_then(self):
        """:return: values of the model of value as fitted and checked on what was known"""
        return self.env["crm.value.model"]._fit_values(self.company_id, self.as_of)

    def _judge_due(self):
        """Due dates against who came, and when."""
        values = self._value_then()
        if "alpha" not in values:
            return {"verdict": values["verdict"]}
        known = self._histories_then()
        then = self.env["crm.value.model"].new(values)
        horizon = (self._until() - self.as_of).days
        predicted = then._predict(known)
        judged = judge_due(
            predicted["next_purchase_days"], predicted["alive_probability"],
            self._first_after(known["partner_id"]), horizon,
            own_interval(known["x"], known["t_x"], known["T"]),
        )  # fmt: skip
        return {"verdict": then.verdict, **judged, **self._totals(then, known, horizon / 7)}

    def _histories_then(self):
        Metrics = self.env["crm.customer.metrics"]
        return Metrics._purchase_histories(self.company_id, self.as_of, end=self._until())

    def _totals(self, then, known, weeks):
        """Purchases and money of all customers: what came, was expected, and by the own rate."""
        expected, revenue = then._expectations(known, weeks)
        naive = calibration.naive_purchases(weeks, known["x"], known["T"])
        check = calibration.judge(known["later"], expected, naive)
        own = naive * known["money"] * (1 - then.refund_share)
        amounts = known["later_revenue"], revenue, own
        names = ("actual", "expected", "naive")
        return {
            "purchases": {
                name: getattr(check, name) for name in (*names, "surplus_low", "surplus_high")
            },
            "revenue": {name: float(one.sum()) for name, one in zip(names, amounts, strict=True)},
        }

    def _first_after(self, partner_ids):
        """:return: array: days to the first purchase after the day, NaN without one"""
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, MIN(day) - %s FROM (%s) d WHERE is_purchase"
                " GROUP BY partner_id",
                self.as_of,
                self._followed_sql(),
            )
        )
        first = dict(rows)
        return np.array([first.get(one, np.nan) for one in partner_ids.tolist()], dtype=float)


def without_money(result):
    """The result without its parts that tell amounts."""
    if isinstance(result, dict):
        return {key: without_money(one) for key, one in result.items() if key not in MONEY}
    return [without_money(one) for one in result] if isinstance(result, list) else result
