"""Early warning, once; at night running programmes follow the calendar."""

from datetime import date

from odoo.tests import freeze_time, tagged

from .common_programme_actual import ProgrammeActualCase


@freeze_time("2026-05-04 07:00:00")
@tagged("post_install", "-at_install")
class TestProgrammeWarning(ProgrammeActualCase):
    def warn(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["crm.programme"]._warn_phases(self.company)

    def activities(self):
        return self.work.activity_ids.filtered(lambda one: "spends faster" in one.summary)

    def test_at_exactly_80_percent_and_once(self):
        """A has 7,050: 5,639.99 is below 80 %, 5,640 is not."""
        self.work.user_id = self.seller
        self.bill(5639.99, self.one.account_id)
        self.assertFalse(self.warn())
        self.assertFalse(self.work.money_warning)
        self.bill(0.01, self.one.account_id)
        self.bill(100, self.two.account_id)
        self.assertEqual(self.warn(), self.one)
        self.assertTrue(self.work.warned)
        [activity] = self.activities()
        self.assertEqual(activity.user_id, self.seller)
        self.assertNotRegex(str(activity.note), "5,?6")
        self.assertFalse(self.warn())
        activity.action_done()
        self.assertFalse(self.warn() or self.activities())
        # as much is done as spent: over
        self.a1.progress = self.a2.progress = 0.8
        self.assertFalse(self.warn())
        self.assertFalse(self.one.warned_on or self.work.warned)
        # again, after it had been over
        self.bill(600, self.one.account_id)
        self.assertEqual(self.warn(), self.one)
        self.assertEqual(len(self.activities()), 1)

    def test_words(self):
        """With the books: numbers of now; without: of last night, and no amount."""
        self.work.user_id = self.seller
        self.bill(6000, self.one.account_id)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertRegex(
            self.work.money_warning,
            r"“A”: 85 % of its money is spent \(.*6,000\.00 of .*7,050\.00\), 0 % of its work",
        )
        theirs = self.work.with_env(self.env(user=self.seller, su=False))
        self.assertFalse(theirs.money_warning)
        self.warn()
        self.assertRegex(theirs.money_warning, "80 % or more of the money of “A” is spent")
        self.assertNotRegex(theirs.money_warning, "6,?000|7,?050|85")
        # what they change doesn't tell what is spent
        theirs.step_ids.filtered(lambda step: step.phase_id.name == "A").write({"progress": 0.9})
        self.assertTrue(theirs.money_warning)
        self.assertTrue(theirs.warned)

    def test_accepted_and_finished(self):
        self.bill(6000, self.one.account_id)
        self.one.accepted_on = date(2026, 5, 20)
        self.assertFalse(self.warn())
        self.one.accepted_on = False
        self.assertEqual(self.warn(), self.one)
        self.work.step_ids.write({"state": "done", "done_on": "2026-05-20"})
        self.work.action_finish()
        self.assertFalse(self.work.warned or self.work.money_warning)

    def test_only_this_company(self):
        self.bill(6000, self.one.account_id)
        self.assertFalse(self.env["crm.programme"]._warn_phases(self._create_company(name="S")))

    def test_at_night(self):
        """A holiday entered later, Wednesday 13 May: the end and what is due move by a day."""
        end = self.work._day_of(self.work.date_end)
        self.assertEqual((end, self.b1.activity_id.date_deadline), (date(2026, 5, 25),) * 2)
        self.lead.write({"state": "done", "done_on": "2026-05-05"})
        self.env["resource.calendar.leaves"].create(
            {"name": "New holiday", "calendar_id": self.calendar.id,
             "company_id": self.company.id, "date_from": "2026-05-13 00:00:00",
             "date_to": "2026-05-13 23:59:59"}
        )  # fmt: skip
        self.bill(6000, self.one.account_id)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("crm_scenarios.ir_cron_programme").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.work._day_of(self.work.date_end), date(2026, 5, 26))
        self.assertEqual(self.b1.date_end.date(), date(2026, 5, 26))
        self.assertEqual(self.b1.activity_id.date_deadline, date(2026, 5, 26))
        self.assertEqual(self.a1.activity_id.date_deadline, date(2026, 5, 11))
        self.assertEqual(self.b1.planned_end.date(), date(2026, 5, 25))
        self.assertTrue(self.one.warned_on)
