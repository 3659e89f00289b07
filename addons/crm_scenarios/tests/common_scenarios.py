"""What the tests of scenarios share: scenarios with steps, running the cron's work."""

from odoo.addons.crm_segments.tests.common import SegmentsCase, SegmentsMixin
from odoo.fields import Command


class ScenariosMixin(SegmentsMixin):
    """Helpers; the class that uses it calls ``set_up_segments`` once."""

    @classmethod
    def set_up_scenarios(cls):
        """Nothing of the shipped scenarios runs; no cap unless a test sets one."""
        cls.env["crm.scenario"].sudo().search([]).state = "draft"
        cls.company.crm_scenario_contact_cap = 0
        cls.Run = cls.env["crm.scenario.run"].sudo()

    @classmethod
    def step(cls, summary="Call", days=0, kind="activity", **values):
        """Command of a step so many days after entering."""
        return Command.create(
            {"summary": summary, "scenario_kind": kind, "delay_count": days,
             "delay_from": "after_plan_date", "responsible_type": "salesperson",
             "activity_type_id": cls.env.ref("mail.mail_activity_data_call").id, **values}
        )  # fmt: skip

    @classmethod
    def scenario(cls, *steps, start=True, **values):
        """A running scenario of these steps."""
        scenario = cls.env["crm.scenario"].sudo().create(
            {"name": "Test", "template_ids": list(steps) or [cls.step()], "company_id": False,
             "holdout_except_ids": [Command.clear()], **values}
        )  # fmt: skip
        if start:
            scenario.action_start()
        return scenario

    @classmethod
    def process(cls, sweep=True):
        """What the cron does, without its commits."""
        for company in cls.env["res.company"].search([]) if sweep else ():
            runs = cls.Run.with_company(company)
            runs.env["crm.scenario"]._collect(company)
            runs._sweep(company)
        while cls.Run._process_batch():
            pass
        cls.env.flush_all()

    def runs(self, scenario):
        """All runs, in the order of entering."""
        return self.Run.search([("scenario_id", "=", scenario.id)], order="id")

    def back(self, runs, days):
        """As if everything about the runs had happened so many days ago."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE crm_scenario_run SET date_start = date_start - %(d)s,
                   date_base = date_base - %(d)s, date_next = date_next - %(d)s,
                   date_deadline = date_deadline - %(d)s, date_end = date_end - %(d)s,
                   date_paused = date_paused - %(d)s,
                   watched_from = watched_from - %(d)s * INTERVAL '1 day',
                   create_date = create_date - %(d)s * INTERVAL '1 day'
            WHERE id = ANY(%(ids)s)
            """,
            {"d": days, "ids": runs.ids},
        )
        self.env.invalidate_all()

    def planned(self, partner):
        """Open activities on a customer or lead, as (summary, user)."""
        found = self.env["mail.activity"].sudo().search(
            [("res_model", "=", partner._name), ("res_id", "=", partner.id)], order="id"
        )
        return [(one.summary, one.user_id) for one in found]


class ScenariosCase(ScenariosMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_scenarios()
