"""What a day that has passed since the last run explains."""

from datetime import timedelta

from odoo import fields, models

#: days that are looked at: who was placed on any of them is as that day had it
DAYS = 7


class CrmConsistency(models.AbstractModel):
    _inherit = "crm.consistency"  # pylint: disable=consider-merging-classes-inherited

    def _rebuilt(self, company):
        """When everything was last brought up to date in a company; now if never.

        :return: datetime
        """
        run = self.env["crm.segmentation.run"].search(
            [("company_id", "=", company.id), ("origin", "in", ("cron", "manual"))],
            order="id desc", limit=1,
        )  # fmt: skip
        cron = self.env.ref("crm_segments.ir_cron_rebuild", raise_if_not_found=False)
        moments = [one for one in (run.date_start, cron and cron.lastcall) if one]
        return max(moments, default=fields.Datetime.now())

    def _days_since(self, moment):
        """Today, the day of a moment, and those between: at most a week of them."""
        today, first = self.env["crm.segmentation"]._today(), moment.date()
        # a clock that was put back may have left a day to come
        days = range(min(max((today - first).days, 0), DAYS) + 1)
        between = [today - timedelta(days=number) for number in days]
        return [*between[:1], *reversed(between[1:])]

    def _differing(self, moment, differing):
        """What differs from a rebuild of today, and from that of each day since a moment.

        Windows such as '12 months' move on, and stored rows follow at night: a row is wrong if
        no day since the last run explains it.

        :param differing: function of a day that returns a set
        :return: (set of what is wrong, set of what waits for the next run)
        """
        days = self._days_since(moment)
        today = wrong = differing(days[0])
        for day in days[1:]:
            if not wrong:
                break
            wrong = wrong & differing(day)
        return wrong, today - wrong
