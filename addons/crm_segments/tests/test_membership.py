"""Stays in segments: what opens, closes and remains when memberships are rebuilt."""

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib.rfm import ALL_CODES
from .common import SegmentsCase

ENGINE = "odoo.addons.crm_segments.models.crm_segmentation_engine"
PLACE = "odoo.addons.crm_segments.models.crm_segmentation_place"
BIG = "[('revenue_total', '>=', 100)]"


@tagged("post_install", "-at_install")
class TestMembership(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.bob, cls.zoe = (cls.customer(name) for name in ("Ann", "Bob", "Zoe"))
        cls.ours = cls.ann | cls.bob | cls.zoe
        cls.sale(cls.ann, 30, 500)
        cls.sale(cls.bob, 30, 50)
        cls.div = cls.rules({"Big": BIG, "Buyer": "[('purchase_count', '>', 0)]"})
        cls.big, cls.buyer = cls.div.segment_ids

    def begin(self, days, *partners):
        """Run, then let the stays of these customers have begun ``days`` ago."""
        self.run_done(self.div)
        current = self.current(self.div).filtered(lambda one: one.partner_id in partners)
        current.date_from = self.ago(days)

    def test_first_run_and_nothing_new(self):
        self.assertEqual(self.run_done(self.div), (2, 0, 0))
        ids = self.current(self.div).ids
        self.assertEqual(self.run_done(self.div), (0, 0, 2))
        self.assertEqual(self.current(self.div).ids, ids)
        self.assertEqual(self.stays(self.div, self.ann), [("Big", self.today, False, False)])
        self.assertEqual(set(self.current(self.div).mapped("origin")), {"rule"})

    def test_moving_closes_and_opens(self):
        self.begin(10, self.ann, self.bob)
        self.sale(self.bob, 5, 60)
        self.assertEqual(self.run_done(self.div), (1, 1, 1))
        self.assertEqual(
            self.stays(self.div, self.bob),
            [("Buyer", self.ago(10), self.today, False), ("Big", self.today, False, False)],
        )
        self.assertEqual(self.stays(self.div, self.ann), [("Big", self.ago(10), False, False)])

    def test_same_day_stay_is_dropped(self):
        self.run_done(self.div)
        self.sale(self.bob, 5, 60)
        self.assertEqual(self.run_done(self.div), (1, 1, 1))
        self.assertEqual(self.stays(self.div, self.bob), [("Big", self.today, False, False)])

    def test_pinned_in_stays_and_keeps_others_away(self):
        self.begin(10, self.ann)
        self.stay(self.zoe, self.big, 3, pinned="in", origin="manual")
        self.stay(self.bob, self.big, 3, pinned="in", origin="manual")
        self.run_done(self.div)
        self.assertEqual(self.placed(self.div), {"Ann": "Big", "Bob": "Big", "Zoe": "Big"})
        # out of the population the pin holds too: a person decided
        self.zoe.active = False
        self.run_done(self.div)
        self.assertEqual(self.stays(self.div, self.zoe), [("Big", self.ago(3), False, "in")])

    def test_pinned_out_keeps_out_and_is_no_membership(self):
        self.stay(self.ann, self.big, 3, pinned="out", origin="manual")
        self.assertEqual(self.run_done(self.div), (2, 0, 0))
        self.assertEqual(self.placed(self.div), {"Ann": "Buyer", "Bob": "Buyer"})
        self.assertEqual(self.ann.segment_ids, self.buyer)
        self.assertEqual((self.big.member_count, self.buyer.member_count), (0, 2))
        self.assertFalse(self.env["res.partner"].search([("segment_ids", "in", self.big.ids)]))

    def test_pins_where_segments_overlap(self):
        self.div.exclusive = False
        self.stay(self.ann, self.big, 3, pinned="out", origin="manual")
        self.stay(self.zoe, self.buyer, 3, pinned="in", origin="manual")
        self.run_done(self.div)
        self.assertEqual(self.placed(self.div), {"Ann": "Buyer", "Bob": "Buyer", "Zoe": "Buyer"})

    def test_minimum_stay_holds_until_it_is_over(self):
        self.div.minimum_stay_days = 10
        self.begin(9, self.bob)
        self.sale(self.bob, 5, 60)
        self.assertEqual(self.run_done(self.div), (0, 0, 2))
        self.assertEqual(self.placed(self.div)["Bob"], "Buyer")
        self.current(self.div).filtered(lambda m: m.partner_id == self.bob).date_from = self.ago(10)
        self.run_done(self.div)
        self.assertEqual(self.placed(self.div)["Bob"], "Big")

    def test_minimum_stay_of_overlapping_segments(self):
        self.div.write({"minimum_stay_days": 10, "exclusive": False})
        self.begin(5, self.ann)
        self.sale(self.ann, 1, -450, refund=True)
        self.run_done(self.div)
        self.assertEqual(self.placed(self.div), {"Ann": "Big+Buyer", "Bob": "Buyer"})

    def test_minimum_stay_does_not_hold_who_left_the_population(self):
        self.div.minimum_stay_days = 10
        self.begin(5, self.bob)
        self.bob.active = False
        self.run_done(self.div)
        self.assertEqual(self.placed(self.div), {"Ann": "Big"})

    def test_everybody_else_holds_nobody_back(self):
        div = self.segmentation(
            "rule", {"Big": {"domain": BIG}, "Rest": {"is_rest": True}}, minimum_stay_days=90
        )
        self.run_done(div)
        self.sale(self.zoe, 1, 200)
        self.run_done(div)
        self.assertEqual(self.placed(div, self.zoe), {"Zoe": "Big"})

    def test_from_overlapping_to_exclusive(self):
        self.div.exclusive = False
        self.run_done(self.div)
        self.div.exclusive = True
        self.assertEqual(self.run_done(self.div), (0, 1, 2))
        self.assertEqual(self.placed(self.div), {"Ann": "Big", "Bob": "Buyer"})

    def test_another_verdict_keeps_the_stay(self):
        """Another code in the same segment: the stay goes on, the evidence is new."""
        rfm = self.segmentation(
            "rfm",
            {"Buyers": {"rfm_codes": " ".join(ALL_CODES)}, "None": {"is_rest": True}},
            minimum_stay_days=30,  # holds the segment, not the verdict
        )
        self.run_done(rfm)
        membership = self.current(rfm).filtered(lambda one: one.partner_id == self.ann)
        membership.date_from = self.ago(20)
        # both bought once on one day: 3; of two, 500 beats 50: 1 + ⌊5/2⌋
        self.assertEqual(membership.code, "333")
        self.sale(self.bob, 30, 1000)
        self.assertEqual(self.run_done(rfm)[:2], (0, 0))
        # now Bob is ahead in number and money: nobody is worse than Ann
        self.assertRecordValues(
            membership,
            [{"code": "311", "date_from": self.ago(20), "date_to": False}],
        )
        self.assertEqual(
            self.evidence(membership),
            {"r": 3, "f": 1, "m": 1, "basis": "invoice", "values": {
                "last_purchase_date": str(self.ago(30)), "purchase_count": 1,
                "revenue_total": 500,
            }},
        )  # fmt: skip

    def test_run_record(self):
        run = self.div.run()
        self.assertRecordValues(
            run,
            [{
                "segmentation_id": self.div.id, "company_id": self.company.id, "state": "done",
                "origin": "manual", "joined": 2, "left": 0, "kept": 0, "error": False,
            }],
        )  # fmt: skip
        self.assertGreater(run.seconds, 0)
        self.assertEqual(self.div.last_run_state, "done")
        self.assertEqual(self.div.last_run_date, run.date_start)
        self.assertEqual(run._summary(), "2 joined, 0 left, 0 stayed.")

    def break_rule(self):
        """Make the first segment's rule unusable behind the back of the checks."""
        self.env.cr.execute(
            "UPDATE crm_segment SET domain = %s WHERE id = %s", ("[('gone', '=', 1)]", self.big.id)
        )
        self.env.invalidate_all()

    @mute_logger(ENGINE)
    def test_failed_run_changes_nothing_and_is_recorded(self):
        good = self.div.run()
        good.date_start = fields.Datetime.subtract(fields.Datetime.now(), hours=5)
        before = self.current(self.div).ids
        self.break_rule()
        other = self.rules({"All": "[]"}, name="Other")
        runs = (self.div | other).run()
        self.assertEqual(runs.mapped("state"), ["failed", "done"])
        self.assertIn("Big", runs[0].error)
        self.assertEqual((runs[0].joined, runs[0].left), (0, 0))
        self.assertEqual(self.current(self.div).ids, before)
        self.assertEqual(self.placed(other, self.ann), {"Ann": "All"})
        self.assertRecordValues(
            self.div,
            [{
                "last_run_state": "failed", "last_run_message": runs[0].error,
                "last_success_date": good.date_start,
            }],
        )  # fmt: skip
        notification = self.div.action_run()["params"]
        self.assertEqual((notification["type"], notification["sticky"]), ("danger", True))

    @mute_logger(PLACE)
    def test_broken_rule_keeps_neither_the_customer_nor_other_rules_back(self):
        other = self.rules({"All": "[]"}, name="Other")
        (self.div | other).run()
        before = self.current(self.div).ids
        self.break_rule()
        self.ann.active = False
        self.assertFalse(self.ann.active)
        self.assertEqual(self.placed(other, self.ann), {}, "the archived customer has left")
        self.assertEqual(self.current(self.div).ids, before)

    def test_switched_off_is_not_computed(self):
        self.div.enabled = False
        self.env["crm.segmentation"]._place(self.ours.ids)
        self.assertEqual(self.placed(self.div), {})

    def test_deleted_segment_takes_its_stays(self):
        self.run_done(self.div)
        self.big.unlink()
        self.assertEqual(self.placed(self.div), {"Bob": "Buyer"})
        self.run_done(self.div)
        self.assertEqual(self.placed(self.div), {"Ann": "Buyer", "Bob": "Buyer"})

    def test_switched_off_or_archived_ends_the_stays(self):
        for values in ({"enabled": False}, {"active": False}):
            with self.subTest(**values):
                self.div.write({"enabled": True, "active": True})
                self.run_done(self.div)
                self.assertTrue(self.ann.segment_ids)
                self.div.write(values)
                self.assertFalse(self.current(self.div))
                self.assertFalse(self.ann.segment_ids)

    def test_archived_segment_ends_its_stays(self):
        self.run_done(self.div)
        before = self.placed(self.div)
        gone = self.current(self.div).segment_id[0]
        gone.active = False
        left = {name: segment for name, segment in before.items() if segment != gone.name}
        self.assertEqual(self.placed(self.div), left)

    def test_no_segments_is_said(self):
        empty = self.rules({}, name="Empty")
        self.assertIn("no segments", empty.run().notes_text)
