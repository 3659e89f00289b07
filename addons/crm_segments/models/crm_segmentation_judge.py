"""Judging segmentations: on demand, and once a month in the background."""

from odoo import api, models
from odoo.tools import SQL

from ..lib import worth
from ..lib.worth_split import LEAST_ENDS, finished_ends, split_ends
from .each_company import each_company

#: customers who are judged on while the user waits
AT_ONCE = 50_000


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def judge(self):
        """Find out how much these segmentations explain in the current company, and keep it.

        Learnt from month-ends long past, judged on customers and later month-ends kept out; see
        ``lib/worth_split.py`` and ``lib/worth_fit.py``. Others that are switched on and
        were not judged over the present months are judged as well, so that all can be compared.

        :return: True; :meth:`worth` tells what was found
        :raises AccessError: for users who may not manage segmentations
        """
        self.check_access("write")
        company = self.env.company
        # sudo: memberships and sales of all customers; what is told of them is up to worth()
        self = self.sudo()
        others = self._enabled()._applying_to(company)._to_judge(company)
        (self._applying_to(company) | others)._judge_company(company)
        return True

    def action_judge(self):
        """Judge now, or in the background where that takes long.

        :return: notification, False when it is done
        :raises AccessError: for users who may not manage segmentations
        """
        self.ensure_one()
        if self.customer_count <= AT_ONCE:
            return not self.judge()
        self.check_access("write")
        # sudo: whoever manages segmentations may have them judged, not read the judgements
        rows = self.env["crm.segmentation.worth"].sudo()._of(self, self.env.company)
        for row in rows.values():
            row.ends_key = False  # so that it is due
        self._trigger_judge()
        return self._notify(
            "info",
            self.env._("In the background"),
            self.env._("The segmentations are being judged; come back in some minutes."),
        )

    @api.model
    def _trigger_judge(self):
        if cron := self.env.ref("crm_segments.ir_cron_judge", raise_if_not_found=False):
            # sudo: whoever has the past computed may have it judged, not read the cron
            cron.sudo()._trigger()

    @api.model
    def _judge_due(self):
        """Cron: judge where a month-end has come to its 90 days, or a definition has changed."""
        for company in each_company(self.env):
            due = self._enabled()._applying_to(company)._to_judge(company)
            if due:
                self._retried(due.with_company(company)._judge_company, company)

    def _backfill_company(self, company, months):
        """More of the past is known afterwards: it is judged in the background."""
        runs = super()._backfill_company(company, months)
        self._trigger_judge()
        return runs

    def _to_judge(self, company):
        """Those whose judgement is not of today's month-ends and definition."""
        known = self.env["crm.segmentation.worth"].sudo()._of(self, company)  # sudo: keys only
        ends = self._known_ends(company)
        due = self.browse()
        for one in self:
            judged = known.get(one.id)
            now = (self._ends_key(ends[one]), one._definition_key())
            if not judged or (judged.ends_key, judged.definition_key) != now:
                due |= one
        return due

    def _known_ends(self, company):
        """Month-ends whose 90 days are over and on which anybody was in a segment.

        :return: dict of segmentation → list of dates, oldest first
        """
        ends = finished_ends(self._today())
        Membership = self.env["crm.segment.membership"]
        Membership.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT s.id, e.day
                FROM (
                    SELECT segmentation_id AS id, MIN(date_from) AS since
                    FROM crm_segment_membership
                    WHERE segmentation_id = ANY(%s) AND company_id = %s GROUP BY segmentation_id
                ) s JOIN unnest(%s::date[]) e(day) ON e.day >= s.since
                WHERE EXISTS (SELECT FROM (%s) m WHERE m.segmentation_id = s.id)
                ORDER BY e.day
                """,
                self.ids,
                company.id,
                ends,
                Membership._members_on_sql(self, company, SQL("e.day")),
            )
        )
        return {one: [day for found, day in rows if found == one.id] for one in self}

    @api.model
    def _ends_key(self, ends):
        return f"{ends[0]} {ends[-1]} {len(ends)}" if ends else ""

    def _judge_company(self, company):
        """Judge all of these and keep the results; what they share is read once."""
        Worth = self.env["crm.segmentation.worth"]
        known = self._known_ends(company)
        splits = {one: split_ends(ends) for one, ends in known.items()}
        days = sorted({day for split in splits.values() for part in split for day in part})
        results = {}
        if days:
            divided = self | self._enabled()._applying_to(company)
            with Worth.with_company(company)._facts(divided, company, days):
                for one, (learnt, judged) in splits.items():
                    if judged:
                        results[one] = one._verdict(company, learnt, judged)
        for one, ends in known.items():
            missing = [{"code": "ends", "have": len(ends), "need": LEAST_ENDS}]
            result = results.get(one, {"missing": missing})
            Worth._keep(one, company, result, self._ends_key(ends))

    def _verdict(self, company, learnt, judged):
        """The judgement as data, with the month-ends that it rests on."""
        Worth = self.env["crm.segmentation.worth"]
        return {
            **worth.verdict(
                Worth._counts(self, company, learnt, judged),
                Worth._lines(self, company, learnt, judged),
            ),
            "learnt": [str(day) for day in learnt],
            "judged": [str(day) for day in judged],
            "today_fields": self._today_fields(company, judged[0]),
        }

    def _today_fields(self, company, day):
        """Fields that decided as they are today, because nobody knows what they were."""
        members = self.env["crm.segment.membership"]._members_on_sql(self, company, day)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT jsonb_array_elements_text(s.evidence -> 'today_fields')
                FROM (%s) m JOIN crm_segment_membership s ON s.id = m.membership_id
                WHERE s.evidence ? 'today_fields'
                """,
                members,
            )
        )
        return sorted(name for (name,) in rows)
