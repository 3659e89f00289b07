"""Before the launch: how many, who is left out, which effect they could show."""

from datetime import timedelta

from odoo import fields, models
from odoo.addons.crm_segments.lib import experiment
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..lib import audience_plan, audience_power
from ..lib.audience_plan import REASONS
from .crm_campaign_audience import NOTED

#: money of fewer customers than this is that of each of them
LEAST_FOR_MONEY = 10


class CrmCampaignAudience(models.Model):
    _inherit = "crm.campaign.audience"  # pylint: disable=consider-merging-classes-inherited

    def action_check(self):
        """Look at the sizes, the overlap and the power; nothing is drawn.

        :raises UserError: if the audience is drawn already
        """
        self.check_access("write")
        for one in self:
            one._check_is_draft()
            one.with_context(**NOTED).write(one._figures(*one._plan()))

    def _check_is_draft(self):
        if self.state != "draft":
            raise UserError(self.env._("“%s” is drawn already.", self.name))

    def _plan(self):
        """:return: (list of Customer, lib.audience_plan.Plan)"""
        self = self.with_company(self.company_id)
        customers = self._customers()
        cap = self.company_id.sudo().crm_roi_contact_cap  # sudo: a setting
        found = audience_plan.plan(customers, self._contacts(), self.contacts_most, cap)
        return customers, found

    def _figures(self, customers, plan):
        """Values of the fields that tell of sizes and power."""
        drawn = [one for one in customers if one.id in plan.units]
        base = self._baseline(plan.units)
        size = len(plan.strata)
        share = self._planned_share(size, base)
        reasons = plan.reasons
        values = {
            "checked_date": fields.Datetime.now(),
            "customer_count": size,
            "contact_count": sum(map(len, plan.recipients.values())),
            "merged_count": plan.merged,
            "overlap": self._overlap_text(plan.units),
            "baseline_rate": base["rate"] if size else None,
            "detectable_rate": share and audience_power.detectable_rate(
                size, base["rate"], share),
            **{f"left_{reason}": reasons[reason] for reason in REASONS},
            "advice": self._advice(size, base, share),
        }  # fmt: skip
        money = {
            "revenue_12m": sum(one.revenue for one in drawn) if size >= LEAST_FOR_MONEY else None,
            "detectable_revenue": share and audience_power.detectable_mean(
                base["deviation"], size * (1 - share), size * share),
        }  # fmt: skip
        self.sudo().write(money)  # sudo: sums, which only those with figures may read
        return values

    def _baseline(self, units):
        """How many of these customers ordered in the last window, and how their sales spread."""
        today = fields.Date.context_today(self)
        days = timedelta(days=self.window_days)
        rows = self._outcomes(today - days, today, today - 2 * days, units)
        totals, n = {}, len({*units.values()})
        for unit, orders, ordered in ((row[0], row[1], row[2]) for row in rows):
            had = totals.get(unit, (0, 0.0))
            totals[unit] = (had[0] + orders, had[1] + ordered)
        bought = sum(1 for orders, _money in totals.values() if orders > 0)
        money = [amount for _orders, amount in totals.values()]
        mean = sum(money) / n if n else 0.0
        squares = sum(amount * amount for amount in money)
        variance = max(0.0, (squares - n * mean * mean) / (n - 1)) if n > 1 else 0.0
        return {"rate": bought / n if n else 0.0, "deviation": variance**0.5}

    def _outcomes(self, first, after, before, units):
        """Orders and sales of the customers in a time, as rows of (unit, orders, ordered, …)."""
        results = self.env["crm.campaign.result"].sudo()  # sudo: sums over the audience only
        results._flush_results()
        return self.env.execute_query(
            SQL(
                """
                SELECT u.unit, SUM(x.orders)::float, COALESCE(SUM(x.ordered), 0)::float
                FROM unnest(%(ids)s, %(units)s) u (id, unit)
                JOIN (%(results)s) x ON x.partner_id = u.id
                WHERE x.doc_day >= %(first)s AND x.doc_day < %(after)s
                GROUP BY 1
                """,
                ids=list(units),
                units=list(units.values()),
                results=results.with_company(self.company_id)._results_sql(self.company_id),
                first=first,
                after=after,
            )
        )

    def _planned_share(self, size, base):
        """Share of the hold-out: as asked for, or as many as the wanted effect needs."""
        if self.holdout == "none" or not size:
            return 0.0
        if self.holdout == "share":
            return self.control_share
        share, _needed = audience_power.share_for(size, base["rate"], self.effect)
        return share

    def _advice(self, size, base, share):
        """What can be learnt from so many, in words."""
        if not size:
            return self.env._("Nobody would get it.")
        if not share:
            return self.env._(
                "Without a hold-out nobody can tell what would have come without the campaign."
            )
        seen = audience_power.detectable_rate(size, base["rate"], share)
        needed = experiment.sample_size(
            min(base["rate"], 0.99 - min(self.effect, 0.9)), min(self.effect, 0.9),
            audience_power.POWER, audience_power.ALPHA, share,
        )  # fmt: skip
        texts = {
            "rate": self._points(base["rate"]),
            "days": self.window_days,
            "share": self._points(share),
            "seen": self._points(seen) if seen else self.env._("n/a"),
            "effect": self._points(self.effect),
            "needed": needed,
            "size": size,
        }
        if size >= needed:
            return self.env._(
                "%(rate)s %% of them ordered in the last %(days)s days. With %(share)s %% held "
                "out, a rise of %(seen)s points is seen with a probability of 80 %%: enough for "
                "the %(effect)s points of interest.",
                **texts,
            )
        return self.env._(
            "%(rate)s %% of them ordered in the last %(days)s days. With %(share)s %% held out, "
            "only a rise of %(seen)s points is seen with a probability of 80 %%. For the "
            "%(effect)s points of interest %(needed)s customers are needed, and these are "
            "%(size)s: too small to tell, unless the effect is larger.",
            **texts,
        )

    def _points(self, share):
        return formatLang(self.env, 100 * share, digits=1)

    def _overlap_text(self, units):
        """Which of the customers are in audiences whose window runs, a line per audience."""
        for model in (self._name, "crm.campaign.audience.member"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id, COUNT(*)
                FROM crm_campaign_audience_member m
                JOIN crm_campaign_audience a ON a.id = m.audience_id
                WHERE m.arm_id IS NOT NULL AND m.partner_id = ANY(%s) AND a.id <> %s
                  AND a.company_id = %s AND a.state = 'launched'
                  AND a.launch_date + a.window_days > %s
                GROUP BY 1 ORDER BY 2 DESC
                """,
                list(units),
                self.id,
                self.company_id.id,
                fields.Date.context_today(self),
            )
        )
        return "\n".join(
            self.env._("%(count)s customers: %(campaign)s, %(audience)s", count=count,
                       campaign=other.campaign_id.title, audience=other.name)
            for other, count in ((self.browse(one), count) for one, count in rows)
        )  # fmt: skip
