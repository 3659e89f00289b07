"""The consistency check of scenarios: each thing that is broken is found."""

from odoo.tests import tagged
from odoo.tools import SQL

from .common_scenarios import ScenariosCase

CODES = ("runs", "arms", "progress", "steps")


@tagged("post_install", "-at_install")
class TestConsistencyScenarios(ScenariosCase):
    """A scenario of two steps with ten customers, two of whom are held out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.crowd = cls.env["res.partner"].create(
            [{"name": f"C{number}", "is_company": True} for number in range(10)]
        )
        cls.flow = cls.scenario(cls.step("Call"), cls.step("Visit", days=5), holdout=20)
        cls.flow._enter(cls.company, cls.flow._partners_sql(cls.crowd.ids), "trigger")
        cls.process()
        cls.entered = cls.Run.search([("scenario_id", "=", cls.flow.id)])
        cls.treated = cls.entered.filtered(lambda run: run.arm == "treated")

    def found(self):
        """Code → ids of what was found in our company, of the checks of this add-on."""
        results = self.env["crm.consistency"].check()
        self.assertFalse([one["error"] for one in results if one["error"]])
        return {
            one["code"]: one["wrong"]
            for one in results
            if one["wrong"] and one["code"] in CODES and one["company_id"] == self.company.id
        }

    def break_by(self, statement, *values):
        """Break what is stored, past the ORM."""
        self.env.flush_all()
        self.env.cr.execute(SQL(statement, *values))  # pylint: disable=sql-injection
        self.env.invalidate_all()

    def test_nothing_on_clean_data(self):
        """At every stage: entering, running, paused, ended by hand and by time."""
        self.assertEqual((len(self.entered), len(self.treated)), (10, 8))
        self.assertFalse(self.found())
        self.treated[0].action_pause()
        self.treated[1].action_cancel()
        self.back(self.treated, 6)
        self.process()
        self.assertFalse(self.found())
        self.treated[0].action_resume()
        self.back(self.entered, 100)
        self.process()
        self.assertFalse(self.found())
        self.flow.reentry = "always"
        self.flow._enter(self.company, self.flow._partners_sql(self.crowd.ids), "trigger")
        self.assertFalse(self.found())
        self.process()
        self.assertFalse(self.found())

    def test_runs(self):
        """A second open run, as if the index had been lost."""
        run = self.treated[0]
        self.break_by("DROP INDEX crm_scenario_run_open_uniq")
        twin = run.copy({"arm": "treated"})
        self.break_by(
            "UPDATE crm_scenario_run SET version_id = %s, state = 'running', date_next = date_start"
            " WHERE id = %s", run.version_id.id, twin.id,
        )  # fmt: skip
        self.assertEqual(self.found(), {"runs": sorted([run.id, twin.id])})

    def test_arms(self):
        """No arm; and another one than at the first time in the same version."""
        run, other = self.treated[:2]
        self.break_by("UPDATE crm_scenario_run SET arm = NULL WHERE id = %s", run.id)
        self.assertEqual(self.found(), {"arms": run.ids})
        self.break_by("UPDATE crm_scenario_run SET arm = 'treated' WHERE id = %s", run.id)
        other.action_cancel()
        again = other.copy()
        self.break_by(
            "UPDATE crm_scenario_run SET version_id = %s, state = 'running', arm = 'control',"
            " date_next = NULL, date_end = NULL WHERE id = %s", other.version_id.id, again.id,
        )  # fmt: skip
        self.assertEqual(self.found(), {"arms": sorted([other.id, again.id])})

    def test_progress(self):
        """Stuck before a step, behind the last one, ended without a day."""
        stuck, behind, ended = self.treated[:3]
        self.break_by("UPDATE crm_scenario_run SET date_next = NULL WHERE id = %s", stuck.id)
        self.assertEqual(self.found(), {"progress": stuck.ids})
        self.break_by("UPDATE crm_scenario_run SET position = 3 WHERE id = %s", behind.id)
        ended.action_cancel()
        self.break_by("UPDATE crm_scenario_run SET date_end = NULL WHERE id = %s", ended.id)
        self.assertEqual(self.found(), {"progress": sorted([stuck.id, behind.id, ended.id])})

    def test_steps(self):
        """Activities without a run, of a run that ended, of the hold-out, of somebody else."""
        calls = self.treated.activity_ids.sorted("id")
        alone, over, strange = calls[:3]
        held_out = self.entered - self.treated
        self.break_by("UPDATE mail_activity SET scenario_run_id = NULL WHERE id = %s", alone.id)
        self.assertEqual(self.found(), {"steps": alone.ids})
        self.break_by(
            "UPDATE crm_scenario_run SET state = 'left', date_end = date_start, date_next = NULL"
            " WHERE id = %s", over.scenario_run_id.id,
        )  # fmt: skip
        self.break_by("UPDATE mail_activity SET res_id = %s WHERE id = %s",
                      self.env.company.partner_id.id, strange.id)  # fmt: skip
        self.break_by("UPDATE mail_activity SET scenario_run_id = %s WHERE id = %s",
                      held_out[0].id, calls[3].id)  # fmt: skip
        self.assertEqual(self.found(), {"steps": sorted(calls[:4].ids)})
