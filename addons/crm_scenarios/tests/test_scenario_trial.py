"""Two versions at the same time: half gets the earlier one, and what followed is compared."""

from odoo.addons.crm_segments.lib.experiment import newcombe, welch
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_scenarios import ScenariosCase


@tagged("post_install", "-at_install")
class TestScenarioTrial(ScenariosCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.crowd = cls.env["res.partner"].create(
            [{"name": f"C{number}", "is_company": True} for number in range(200)]
        )
        cls.manager = new_test_user(
            cls.env, login="trial_manager", groups="crm_segments.group_segments_manager"
        )

    def tried(self, **values):
        """A scenario whose second version (call, then visit) is tried against its first (call)."""
        scenario = self.scenario(deadline_days=20, **values)
        first = scenario._version()
        scenario.write({"template_ids": [self.step("Visit", 5)], "trial_version_id": first.id})
        return scenario, first

    def enter(self, scenario, partners, origin="trigger"):
        scenario._enter(self.company, scenario._partners_sql(partners.ids), origin)
        self.process(sweep=False)
        return self.runs(scenario).filtered(lambda run: run.partner_id in partners)

    def test_half_gets_the_earlier_version(self):
        scenario, first = self.tried()
        runs = self.enter(scenario, self.crowd)
        old = runs.filtered(lambda run: run.version_id == first)
        self.assertEqual((len(runs), len(old)), (200, 100))
        second = (runs - old).version_id
        self.assertEqual((second.number, old.rival_version_id), (2, second))
        self.assertEqual((runs - old).rival_version_id, first)
        # each goes its version's way: behind the only call, or before the visit
        self.assertFalse(any(old.mapped("date_next")))
        self.assertEqual(set((runs - old).mapped("date_next")), {self.ago(-5)})

    def test_compared_with_who_was_drawn_only(self):
        """70 of 100 against 50 of 100; whoever came before the trial, or by hand, isn't counted."""
        scenario = self.scenario(deadline_days=20)
        before = self.enter(scenario, self.crowd[:40])
        scenario.template_ids = [self.step("Visit", 5)]
        scenario.trial_version_id = before.version_id
        by_hand = self.enter(scenario, self.crowd[40:50], "hand")
        runs = self.enter(scenario, self.crowd[50:]) | self.enter(
            scenario, self.env["res.partner"].create(
                [{"name": f"D{number}", "is_company": True} for number in range(50)]
            )
        )  # fmt: skip
        old = runs.filtered(lambda run: run.version_id == before.version_id)
        new = runs - old
        self.assertEqual((len(old), len(new)), (100, 100))
        self.assertFalse((before | by_hand).rival_version_id)
        [pair] = scenario.compare_versions()
        self.assertEqual((pair["state"], pair["customers"], pair["open"]), ("none", [0, 0], 200))
        self.back(before | by_hand | runs, 30)
        (old[:50] | new[:70] | before | by_hand).date_goal = self.ago(15)
        for run in old[:50] | new[:70]:
            self.sale(run.partner_id, 15, 100)
        [pair] = scenario.compare_versions()
        self.assertEqual((pair["numbers"], pair["customers"]), ([1, 2], [100, 100]))
        self.assertEqual((pair["from"], pair["to"]), (self.ago(30), self.ago(30)))
        self.assertEqual((pair["state"], pair["rate"]), ("better", newcombe(70, 100, 50, 100)))
        # variances of 70 and 50 hundreds among 100, by hand: p (1 − p) · 100² · n/(n − 1)
        spread = [p * (1 - p) * 1e4 * 100 / 99 for p in (0.7, 0.5)]
        for got, expected in zip(
            pair["money"], welch(70, spread[0], 100, 50, spread[1], 100), strict=True
        ):
            self.assertAlmostEqual(got, expected, 6)
        # money is for those who see all figures
        [blind] = scenario.with_user(self.manager).compare_versions()
        self.assertEqual((blind["state"], blind["money"]), ("better", None))

    def test_no_draw_no_comparison(self):
        """One version takes over from the other: what differs may be the season."""
        scenario = self.scenario()
        self.enter(scenario, self.crowd[:100])
        self.assertEqual(scenario.compare_versions(), [])  # one version
        scenario.template_ids = [self.step("Visit", 5)]
        runs = self.enter(scenario, self.crowd[100:])
        self.assertEqual(runs.version_id.number, 2)
        [pair] = scenario.compare_versions()
        self.assertEqual((pair["numbers"], pair["state"]), ([1, 2], "apart"))
        self.assertIsNone(pair["from"])

    def test_same_version_again(self):
        scenario, _first = self.tried(reentry="always")
        runs = self.enter(scenario, self.crowd)
        got = {run.partner_id: run.version_id for run in runs}
        runs._end("expired")
        again = self.enter(scenario, self.crowd) - runs
        self.assertEqual({run.partner_id: run.version_id for run in again}, got)

    def test_hold_out_of_both(self):
        """A fifth is held out of each version, and doesn't count when versions compare."""
        scenario, first = self.tried(holdout=20)
        runs = self.enter(scenario, self.crowd)
        held = runs.filtered(lambda run: run.arm == "control")
        mine = held.filtered(lambda run: run.version_id == first)
        self.assertEqual((len(held), len(mine)), (40, 20))
        self.back(runs, 30)
        [pair] = scenario.compare_versions()
        self.assertEqual(pair["customers"], [80, 80])

    def refused(self, scenario, values, text):
        with self.assertRaisesRegex(ValidationError, text), self.env.cr.savepoint():
            scenario.write(values)

    def test_what_can_be_tried(self):
        scenario, first = self.tried()
        other = self.scenario()._version()
        self.refused(scenario, {"trial_version_id": other.id}, "another scenario")
        for values in (
            {"deadline_days": 30}, {"goal": "meeting"}, {"holdout": 10},
            {"holdout_except_ids": [Command.set(self.env["crm.segment"].search([], limit=1).ids)]},
        ):  # fmt: skip
            self.refused(scenario, values, "Version 1 has another goal")
        # without the trial it may change; then that version can't be tried any more
        scenario.write({"trial_version_id": False, "deadline_days": 30})
        self.refused(scenario, {"trial_version_id": first.id}, "Version 1 has another goal")
        seller = new_test_user(self.env, login="trial_seller",
                               groups="sales_team.group_sale_salesman_all_leads")  # fmt: skip
        with self.assertRaises(AccessError):
            scenario.with_user(seller).trial_version_id  # noqa: B018
        with self.assertRaises(AccessError):
            self.env["crm.scenario.run"].with_user(seller).search(
                [("rival_version_id", "!=", False)]
            )
