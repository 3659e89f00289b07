"""What an audience was worth: outcomes by arm, worked out by hand, read once, by who may see."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_audience import AudienceCase


@tagged("post_install", "-at_install")
class TestAudienceLift(AudienceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.everybody = cls.crowd(200)

    def launched(self, days=40, **values):
        audience = self.over(self.drawn(control_share=0.5, **values), days)
        control = audience.arm_ids.filtered("is_control")
        treated = self.customers(audience, audience._treatments())
        return audience, treated, self.customers(audience, control)

    def outcome(self, audience, name="conversion"):
        return audience.lift()["reading"]["treatments"][0]["outcomes"][name]

    def test_effect(self):
        """50 of 100 against 20 of 100; 100 each within the window, others don't count."""
        audience, treated, control = self.launched(effect=0.2)
        self.sell(treated[:50], 30)
        self.sell(control[:20], 35, 200)
        self.sell(control[20:], 9)  # the window of 30 days ended ten days ago
        self.sell(treated[:60], 50, 40)  # before the launch
        self.touch(treated[0], 20, self.spring, kind="call")
        self.touch(control[0], 20, kind="sent")
        audiences = self.audiences
        audiences._read_due()
        self.assertEqual((audience.verdict, bool(audience.reading_date)), ("better", True))
        conversion = self.outcome(audience)
        self.assertEqual((conversion["treated"], conversion["control"]), (0.5, 0.2))
        # Newcombe: Wilson's limits 0.4038 and 0.5962, 0.1334 and 0.2888
        for value, expected in zip(conversion["difference"], (0.3, 0.1691, 0.4170), strict=True):
            self.assertAlmostEqual(value, expected, places=3)
        self.assertAlmostEqual(conversion["lift"][0], 1.5)
        revenue = self.outcome(audience, "revenue")
        self.assertEqual((revenue["treated"], revenue["control"]), (50, 40))
        # variances 50² × 100/99 and 80² × 100/99
        se = ((2500 + 6400) / 99) ** 0.5
        self.assertAlmostEqual(revenue["difference"][2] - 10, 1.974 * se, delta=0.05)
        self.assertTrue(revenue["adjusted"])
        self.assertEqual(self.outcome(audience, "orders")["treated"], 0.5)
        self.assertEqual(self.outcome(audience, "response")["treated"], 0.01)
        self.assertEqual(self.outcome(audience, "response")["control"], 0)

    def test_no_effect_and_too_small(self):
        """The same result says 'none' where it could have been seen, else 'too small'."""
        audience, treated, control = self.launched(effect=0.25)
        small, treated_too, control_too = self.launched(effect=0.02)
        for arm in (treated, control):
            # ten of each crossing of the two draws: 20 of 100 in every arm, whatever was drawn
            for other in (treated_too, control_too):
                buyers = (arm & other)[:10]
                self.assertEqual(len(buyers), 10)
                self.sell(buyers, 30)
        self.audiences._read_due()
        self.assertEqual(audience.verdict, "nothing")
        self.assertEqual(small.verdict, "small")
        self.assertGreater(small.lift()["reading"]["treatments"][0]["needed"], 200)

    def test_waits_for_the_window(self):
        """Nothing is told before the end, and it is read once."""
        audience, treated, _control = self.launched(days=20)
        self.sell(treated, 10)
        self.audiences._read_due()
        with self.assertRaisesRegex(UserError, "not before"):
            audience.action_read()
        found = audience.lift()
        self.assertEqual((found["state"], found["reading"]), ("waiting", None))
        self.assertEqual(found["end_date"], str(self.ago(-17)))
        audience.launch_date = self.ago(36)
        self.assertEqual(audience.lift()["state"], "waiting", "a week for the invoices")
        audience.launch_date = self.ago(37)
        self.assertEqual(audience.lift()["state"], "due")
        audience.action_read()
        first = audience.reading_date
        self.sell(treated, 20, 1000)
        self.audiences._read_due()
        with self.assertRaisesRegex(UserError, "looked at once"):
            audience.action_read()
        self.assertEqual(audience.reading_date, first)
        draft = self.audience()
        self.assertEqual(draft.lift()["state"], "draft")

    def test_as_assigned(self):
        """Who was held out counts as held out, whoever wrote to it; zeros count."""
        audience, treated, control = self.launched()
        self.touch(control[0], 20, self.spring, kind="call")
        self.sell(control[:1], 25, 500)
        self.audiences._read_due()
        self.assertEqual(self.outcome(audience, "revenue")["control"], 5)
        self.assertEqual(self.outcome(audience, "revenue")["treated"], 0)
        self.assertEqual(audience.verdict, "small")

    def test_broken_sizes_stop_the_reading(self):
        audience, _treated, control = self.launched()
        self.members.search([("partner_id", "in", control[:60].ids)]).unlink()
        self.audiences._read_due()
        found = audience.lift()
        self.assertEqual((audience.verdict, found["state"]), ("broken", "broken"))
        self.assertLess(found["reading"]["ratio_p"], 0.001)
        self.assertEqual(found["reading"]["treatments"], [])

    def test_units_count_once(self):
        """Two customers with one address are one: 99 units, one of them with both sales."""
        pair = self.everybody[:2]
        pair.email = "shared@crowd.example"
        audience, treated, _control = self.launched()
        self.sell(pair, 30)
        self.audiences._read_due()
        arms = audience.lift()["reading"]["arms"]
        self.assertEqual(sum(arm["customers"] for arm in arms), 199)
        self.assertEqual(sum(arm["successes"]["conversion"] for arm in arms), 1)
        self.assertTrue(treated)

    def test_several_treatments(self):
        audience = self.drawn(
            control_share=0.34,
            arm_ids=[(0, 0, {"name": "Red"}), (0, 0, {"name": "Blue"})],
        )
        self.over(audience)
        red, blue = (self.customers(audience, arm) for arm in audience._treatments())
        self.sell(red[:40], 20)
        self.audiences._read_due()
        found = audience.lift()["reading"]
        self.assertEqual([one["name"] for one in found["treatments"]], ["Red", "Blue"])
        self.assertEqual(found["correction"], "bonferroni")
        self.assertEqual(found["treatments"][0]["verdict"], "better")
        self.assertEqual(audience.verdict, "better")
        self.assertTrue(blue)

    def test_segments_are_an_exploration(self):
        """Effects of segments are drawn towards the common one."""
        division = self.rules({"Ones": "[('name', '=like', '%1')]", "Rest": "[]"}, enabled=True)
        big = self.crowd(200, name="Other 1")
        big.write({"name": "Two 1"})
        division.run()
        audience = self.over(self.drawn(control_share=0.5, segment_ids=division.segment_ids.ids))
        treated = self.customers(audience, audience._treatments())
        self.sell(treated & big, 30)
        self.audiences._read_due()
        rows = {one["name"]: one for one in audience.lift()["reading"]["segments"]}
        self.assertEqual(set(rows), {"Ones", "Rest"})
        self.assertGreater(rows["Ones"]["seen"], 0.7)
        self.assertLess(rows["Ones"]["shrunk"], rows["Ones"]["seen"])
        self.assertGreater(rows["Rest"]["shrunk"], rows["Rest"]["seen"])

    def test_no_hold_out(self):
        audience = self.over(self.drawn(holdout="none"))
        self.audiences._read_due()
        self.assertEqual((audience.verdict, audience.lift()["state"]), ("none", "none"))

    def test_margin_is_for_those_with_figures(self):
        """Incremental margin and the outcome margin; others get the rest."""
        audience, treated, _control = self.launched()
        self.sell(treated, 30)
        self.audiences._read_due()
        audience.sudo().write(
            {"incremental_margin": 50.0, "incremental_low": 10.0, "incremental_high": 90.0}
        )
        marketer = self.env["res.users"].create(
            {
                "name": "Marketer",
                "login": "aud_marketer",
                "group_ids": [(6, 0, self.env.ref("mass_mailing.group_mass_mailing_user").ids)],
            }
        )
        seen = audience.with_user(marketer).lift()
        self.assertEqual(seen["incremental"], [50, 10, 90])
        self.env.ref("crm_campaign_roi.group_roi_user").implied_ids -= self.env.ref(
            "crm_campaign_roi.group_roi_figures"
        )
        marketer.group_ids -= self.env.ref("crm_campaign_roi.group_roi_figures")
        self.env.invalidate_all()
        hidden = audience.with_user(marketer).lift()
        self.assertIsNone(hidden["incremental"])
        self.assertNotIn("margin", hidden["reading"]["treatments"][0]["outcomes"])
        self.assertNotIn("margin", hidden["reading"]["arms"][0]["means"])
        with self.assertRaises(UserError):
            audience.with_user(marketer).write({"effect": 0.5})
