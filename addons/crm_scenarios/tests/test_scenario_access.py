"""Who may do what with scenarios, runs, the ledger; merging customers."""

from odoo.addons.crm_segments.tests.common import UsersMixin
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_scenarios import ScenariosCase

SELLERS = {"own", "all"}
INSIDE = {*SELLERS, "marketer", "reader"}
WRITES = {"marketer"}
NOBODY = set()
#: model → who may (read, write, create, delete)
MODELS = {
    "crm.scenario": (INSIDE, WRITES, WRITES, WRITES),
    "crm.scenario.version": (WRITES, NOBODY, NOBODY, NOBODY),
    "crm.scenario.run": (SELLERS | WRITES, NOBODY, NOBODY, NOBODY),
    "crm.scenario.launch": (SELLERS | WRITES,) * 4,
    "crm.advice": (SELLERS | WRITES, NOBODY, NOBODY, NOBODY),
    "crm.advice.statement": (WRITES, NOBODY, NOBODY, NOBODY),
}


@tagged("post_install", "-at_install")
class TestScenarioAccess(UsersMixin, ScenariosCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.metrics.refresh(cls.ours, cls.company)

    def test_models(self):
        for name, allowed in MODELS.items():
            for login in self.USERS:
                model = self.env[name].with_user(self.users[login])
                for operation, who in zip(
                    ("read", "write", "create", "unlink"), allowed, strict=True
                ):
                    self.assertEqual(
                        model.has_access(operation), login in who, (name, login, operation)
                    )

    def test_methods(self):
        scenario = self.scenario()
        scenario.enter_by_hand(self.mine.ids)
        self.process()
        run = self.runs(scenario)
        due = {"source": "due", "partner_id": self.mine.id}
        seers = SELLERS | {"marketer"}
        calls = {
            "start": ({"marketer"}, lambda env: scenario.with_env(env).action_start()),
            "stop": ({"marketer"}, lambda env: scenario.copy().with_env(env).action_stop()),
            "enter": ({"marketer"}, lambda env: scenario.with_env(env).action_enter()),
            "result": ({"marketer"}, lambda env: scenario.with_env(env).result()),
            "picture": ({"marketer"}, lambda env: scenario.with_env(env).picture()),
            "versions": ({"marketer"}, lambda env: scenario.with_env(env).compare_versions()),
            "by hand": (SELLERS, lambda env: scenario.with_env(env).enter_by_hand(self.mine.ids)),
            "pause": (seers, lambda env: run.with_env(env).action_pause()),
            "resume": (seers, lambda env: run.with_env(env).action_resume()),
            "today": (seers, lambda env: env["crm.today"].actions()),
            "snooze": (seers, lambda env: env["crm.today"].snooze(due, 2)),
            "dismiss": (seers, lambda env: env["crm.today"].dismiss(due, "other")),
            "find": (seers, lambda env: env["crm.caller"].find("02079460958")),
            "brief": (seers, lambda env: env["crm.caller"].brief(self.mine.id)),
            "log": (seers, lambda env: env["crm.caller"].log("0207946", partner_id=self.mine.id)),
            "cancel": (seers, lambda env: run.with_env(env).action_cancel()),
        }
        for name, (allowed, call) in calls.items():
            for login in self.USERS:
                env = self.as_user(login, self.env["res.partner"]).env
                with self.subTest(name=name, login=login), self.env.cr.savepoint():
                    if login in allowed:
                        call(env)
                    else:
                        self.assertRaises(AccessError, call, env)

    def test_runs_of_colleagues(self):
        scenario = self.scenario()
        scenario.enter_by_hand(self.ours.ids)
        self.process()
        mine = [("scenario_id", "=", scenario.id)]
        own = self.as_user("own", self.env["crm.scenario.run"]).search(mine)
        self.assertEqual(own.partner_id, self.mine | self.free)
        everything = self.as_user("all", self.env["crm.scenario.run"]).search(mine)
        self.assertEqual(everything.partner_id, self.ours)
        theirs = self.runs(scenario).filtered(lambda run: run.partner_id == self.theirs)
        with self.assertRaises(AccessError):
            self.as_user("own", theirs).action_cancel()

    def test_marketer_writes_steps_but_no_actions(self):
        """A manager of segments makes a scenario; code is for system administrators."""
        Scenario = self.as_user("marketer", self.env["crm.scenario"])
        scenario = Scenario.create({"name": "Mine", "template_ids": [self.step("Call")]})
        scenario.template_ids.summary = "Ring"
        action = self.env["ir.actions.server"].create(
            {"name": "Code", "model_id": self.env["ir.model"]._get_id("res.partner"),
             "state": "code", "code": "pass"}
        )  # fmt: skip
        with self.assertRaises(AccessError):
            scenario.template_ids.scenario_action_id = action.id
        with self.assertRaises(AccessError):
            Scenario.create(
                {"name": "Bad", "template_ids": [
                    self.step(kind="action", scenario_action_id=action.id)]}
            )  # fmt: skip
        scenario.unlink()

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        scenario = self.scenario(company_id=other.id)
        found = self.as_user("marketer", self.env["crm.scenario"]).search([])
        self.assertNotIn(scenario, found)

    def test_merge(self):
        """Two open runs become one; what was shown of both on a day stays once."""
        scenario = self.scenario()
        scenario.enter_by_hand((self.mine | self.free).ids)
        self.process()
        advice = self.env["crm.advice"].sudo()
        for partner in self.mine | self.free:
            advice._note("shown", [{"source": "due", "partner_id": partner.id}])
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.mine | self.free).ids, self.mine
        )
        runs = self.runs(scenario)
        self.assertEqual(runs.partner_id, self.mine)
        self.assertEqual(sorted(runs.mapped("state")), ["cancelled", "running"])
        self.assertEqual(advice.search_count([("partner_id", "=", self.mine.id)]), 1)

    def test_statement(self):
        """A month: counts, and what the scenario brought, by hand."""
        customers = self.env["res.partner"].create(
            [{"name": f"S{n}", "is_company": True} for n in range(120)]
        )
        self.env.flush_all()
        scenario = self.scenario(holdout=50, deadline_days=5)
        scenario._enter(self.company, scenario._partners_sql(customers.ids), "trigger")
        self.process()
        runs = self.runs(scenario)
        self.back(runs, 20)
        treated = runs.filtered(lambda run: run.arm == "treated")
        for run in treated[:30]:
            self.sale(run.partner_id, 17, 100)
            run.date_goal = self.ago(17)
        self.env["crm.scenario"].sudo()._note_worths(self.company)
        self.assertEqual(runs.version_id.worths, {str(self.company.id): 50.0})
        advice = self.env["crm.advice"].sudo()
        advice._note("shown", [{"source": "due", "partner_id": self.mine.id}])
        statements = self.env["crm.advice.statement"]
        month = runs[0].date_deadline.replace(day=1)
        statements._make(self.company, month)
        found = statements.search([("month", "=", month)])
        self.assertEqual((found.customers, found.worth), (60, 3000.0))  # 60 × (50 − 0)
        # p (1 − p) 100² 60/59 of the treated, nothing of the others: 60 · sqrt(2542.4 / 60)
        reach = 1.959964 * 60 * (2542.3729 / 60) ** 0.5
        self.assertAlmostEqual(found.worth_high - found.worth, reach, 1)
        self.assertIn("brought more", found.verdict)
        statements._make(self.company, month)  # again: the same row
        self.assertEqual(statements.search([("month", "=", month)]), found)
        seen = self.as_user("marketer", found)
        self.assertNotIn("3,000", seen.verdict)
        self.assertRaises(AccessError, seen.read, ["worth"])
