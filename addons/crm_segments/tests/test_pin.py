"""Pins: a person's decision, with reason, author and end; history survives."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import SegmentsCase, UsersMixin


@tagged("post_install", "-at_install")
class TestPin(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.customer("Ann", ref="x")
        cls.div = cls.rules({"A": "[('ref', '=', 'a')]", "B": "[('ref', '=', 'b')]", "X": "[]"})
        cls.a, cls.b, cls.x = cls.div.segment_ids
        cls.div.run()
        cls.pins = cls.env["crm.segment.membership"]

    def since(self, days):
        """As if the customer had been there for so many days."""
        self.current(self.div).date_from = self.ago(days)

    def pin(self, segment, pinned="in", reason="Agreed", **values):
        return self.pins._pin(self.ann, segment, pinned, reason, **values)

    def test_pin_in_ends_the_other_stay(self):
        self.since(10)
        row = self.pin(self.a, until=self.ago(-30))
        self.assertEqual(
            self.stays(self.div, self.ann),
            [("X", self.ago(10), self.today, False), ("A", self.today, False, "in")],
        )
        self.assertEqual(
            (row.origin, row.pin_reason, row.pin_user_id, row.pin_until),
            ("manual", "Agreed", self.env.user, self.ago(-30)),
        )
        self.run_done(self.div)
        self.assertEqual(self.placed(self.div, self.ann), {"Ann": "A"})
        self.assertEqual(self.ann.segment_ids, self.a)

    def test_a_stay_of_today_is_replaced(self):
        self.pin(self.a)
        self.assertEqual(self.stays(self.div, self.ann), [("A", self.today, False, "in")])

    def test_pin_in_where_the_customer_is(self):
        self.since(10)
        self.pin(self.x)
        self.assertEqual(self.stays(self.div, self.ann), [("X", self.ago(10), False, "in")])
        self.ann.ref = "a"
        self.run_done(self.div)
        self.assertEqual(self.placed(self.div, self.ann), {"Ann": "X"})

    def test_pin_in_again_renews_reason_and_end(self):
        self.pin(self.a)
        row = self.pin(self.a, reason="Agreed anew", until=self.ago(-5))
        self.assertEqual((row.pin_reason, row.pin_until), ("Agreed anew", self.ago(-5)))
        self.assertEqual(len(self.stays(self.div, self.ann)), 1)

    def test_second_pin_is_refused_and_named(self):
        self.pin(self.a, reason="Boss said so")
        with self.assertRaisesRegex(UserError, "“A”.*Boss said so.*off first"):
            self.pin(self.b)
        self.div.exclusive = False
        self.pin(self.b)
        # the rule of X fits as well, now that segments may overlap
        self.assertEqual(self.placed(self.div, self.ann), {"Ann": "A+B+X"})

    def test_pin_out(self):
        self.since(10)
        self.pin(self.x, "out")
        self.assertEqual(
            self.stays(self.div, self.ann),
            [("X", self.ago(10), self.today, False), ("X", self.today, False, "out")],
        )
        self.run_done(self.div)
        self.assertEqual(self.placed(self.div, self.ann), {})
        self.ann.ref = "b"
        self.assertEqual(self.placed(self.div, self.ann), {"Ann": "B"})

    def test_pinned_out_goes_where_the_rules_say_next(self):
        self.ann.ref = "a"
        self.since(10)
        self.pin(self.a, "out")
        self.assertEqual(self.placed(self.div, self.ann), {"Ann": "X"})

    def test_out_then_in_and_back(self):
        self.pin(self.a, "out")
        self.pins.search([("pinned", "=", "out")]).date_from = self.ago(4)
        self.pin(self.a, "in")
        self.assertEqual(
            [one for one in self.stays(self.div, self.ann) if one[0] == "A"],
            [("A", self.ago(4), self.today, "out"), ("A", self.today, False, "in")],
        )
        self.pin(self.a, "out")
        self.assertEqual(
            [one for one in self.stays(self.div, self.ann) if one[0] == "A"],
            [("A", self.ago(4), self.today, "out"), ("A", self.today, False, "out")],
        )
        self.assertEqual(self.placed(self.div, self.ann), {"Ann": "X"})

    def test_unpin_in(self):
        self.since(20)
        self.pin(self.a)
        self.current(self.div).date_from = self.ago(8)
        self.current(self.div).action_unpin()
        self.assertEqual(
            self.stays(self.div, self.ann),
            [("X", self.ago(20), self.today, False), ("A", self.ago(8), self.today, False),
             ("X", self.today, False, False)],
        )  # fmt: skip
        past = self.pins.search([("segment_id", "=", self.a.id)])
        self.assertEqual((past.origin, past.pin_reason), ("manual", "Agreed"))
        self.assertRegex(past.evidence_text, "Was pinned in by .*Agreed")
        self.assertEqual(self.current(self.div).origin, "rule")

    def test_unpin_where_the_rule_fits(self):
        self.since(20)
        self.pin(self.x)
        self.current(self.div).action_unpin()
        self.assertEqual(self.stays(self.div, self.ann), [("X", self.ago(20), False, False)])
        self.assertEqual(self.current(self.div).origin, "rule")

    def test_unpin_out(self):
        self.since(20)
        self.pin(self.x, "out")
        row = self.pins.search([("pinned", "=", "out"), ("segment_id", "=", self.x.id)])
        row.date_from = self.ago(5)
        row.action_unpin()
        self.assertEqual(
            self.stays(self.div, self.ann)[1:],
            [("X", self.ago(5), self.today, "out"), ("X", self.today, False, False)],
        )

    def test_unpin_where_the_segmentation_is_off(self):
        self.pin(self.a)
        row = self.current(self.div)
        row.date_from = self.ago(3)
        self.div.enabled = False
        row.action_unpin()
        self.assertEqual(self.stays(self.div, self.ann)[-1], ("A", self.ago(3), self.today, False))

    def test_pins_count_nowhere_where_the_segmentation_is_off(self):
        """What the badge doesn't show is neither found, grouped, exported nor included."""
        self.pin(self.a)
        reader = self.rules({"Has A": "[]"}, name="Reader", domain="[('ref', '!=', False)]")
        reader.segment_ids.include_segment_ids = self.a
        outside = self.rules({"Has A": f"[('segment_ids', 'in', {self.a.ids})]"}, name="Domain")
        (reader | outside).run()
        self.assertEqual(self.placed(outside, self.ann), {"Ann": "Has A"})
        Partner = self.env["res.partner"]

        def seen():
            self.env.invalidate_all()
            groups = Partner._read_group([("id", "=", self.ann.id)], ["segment_ids"], ["__count"])
            return [
                bool(self.ann.segment_ids & self.a),
                bool(Partner.search([("segment_ids", "in", self.a.ids), ("id", "=", self.ann.id)])),
                self.a.id in [segment.id for segment, _count in groups],
                bool(self.a.search_members()),
                bool(self.a._audience_contacts()),
                bool(self.a.member_count),
                bool(Partner.search(self.a._in_segments(self.a))),
            ]

        self.assertEqual(seen(), [True] * 7)
        for record, name in ((self.div, "enabled"), (self.div, "active"), (self.a, "active")):
            record[name] = False
            with self.subTest(record=record, name=name):
                self.assertEqual(seen(), [False] * 7)
                outside.run()
                self.assertEqual(self.placed(outside, self.ann), {})
            record[name] = True
        self.assertEqual(seen(), [True] * 7)

    def two_pins(self, **values):
        """Pinned into two segments, in a division that is made exclusive afterwards."""
        self.div.exclusive = False
        for segment in (self.b, self.a):
            self.pin(segment, **values)
        pins = self.current(self.div).filtered("pinned")
        pins.date_from = self.ago(9)
        self.div.exclusive = True
        self.run_done(self.div)
        return pins

    def test_two_pins_end_on_one_day(self):
        pins = self.two_pins()
        pins.pin_until = self.ago(2)
        self.ann.ref = "a"
        self.run_done(self.div)
        self.assertEqual(
            self.stays(self.div, self.ann)[-2:],
            [("B", self.ago(9), self.ago(1), False), ("A", self.ago(9), False, False)],
        )

    def test_two_pins_are_taken_off_together(self):
        self.two_pins().action_unpin()
        self.assertEqual(self.placed(self.div, self.ann), {"Ann": "X"})
        self.assertFalse(self.pins.search([("pinned", "!=", False)]))

    def test_refused(self):
        for arguments in (
            (self.a, "in", ""), (self.a, "in", "  "), (self.a, "maybe", "x"),
            (self.a, "in", "x", self.ago(1)),
        ):  # fmt: skip
            with self.assertRaises(UserError):
                self.pins._pin(self.ann, *arguments)
        other = self.env["res.company"].create({"name": "Other"})
        self.div.company_id = other
        with self.assertRaisesRegex(UserError, "doesn't divide"):
            self.pin(self.a)

    def test_a_contact_stands_for_its_company(self):
        contact = self.customer("Contact", is_company=False, parent_id=self.ann.id)
        self.pins._pin(contact, self.a, "in", "x")
        self.assertEqual(self.placed(self.div, self.ann), {"Ann": "A"})

    def test_companies_apart(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.pin(self.a)
        there = self.pins.with_company(other)
        there._pin(self.ann, self.b, "in", "x")
        self.assertEqual(self.placed(self.div, self.ann), {"Ann": "A"})
        self.assertEqual(self.placed(self.div, self.ann, other), {"Ann": "B"})

    def test_why(self):
        self.env.user.name = "Olga"
        self.pin(self.a, reason="Agreed on the phone.", until=self.ago(-30))
        row = self.current(self.div)
        day = self.ago(-30).strftime("%m/%d/%Y")
        words = f"Pinned in by Olga until {day}: Agreed on the phone."
        self.assertEqual((row.evidence_text, row.pin_text), (words, words))
        answer = self.a.explain(self.ann.id)
        self.assertEqual((answer["member"], answer["origin"]), (True, "manual"))
        self.assertEqual(answer["notes"][0], words)
        self.assertIn("wouldn't place", answer["notes"][1])
        self.assertIn(words, self.x.explain(self.ann.id)["notes"][0])
        self.pin(self.b, "out", reason="Never")
        self.assertEqual(self.b.explain(self.ann.id)["missing"], ["Pinned out by Olga: Never."])

    def test_whoever_joined_or_left_is_told(self):
        told = []
        Memberships = type(self.pins)
        original = getattr(Memberships, "_memberships_changed", None)
        Memberships._memberships_changed = lambda _self, joined, left: told.append((joined, left))
        try:
            self.since(3)
            self.pin(self.a)
        finally:
            if original:
                Memberships._memberships_changed = original
            else:
                del Memberships._memberships_changed
        self.assertEqual(told, [([(self.ann.id, self.a.id)], [(self.ann.id, self.x.id)])])

    def test_wizard(self):
        action = self.ann.action_pin_segment()
        wizard = Form(self.env["crm.segment.pin"].with_context(**action["context"]))
        wizard.segment_id = self.a
        self.assertEqual(wizard.consequence, "The stay in “X” ends today.")
        wizard.pin_reason = "Agreed"
        wizard.save().action_confirm()
        self.assertEqual(self.placed(self.div, self.ann), {"Ann": "A"})
        self.assertEqual(
            self.current(self.div).action_pin()["context"],
            {"default_partner_id": self.ann.id, "default_segment_id": self.a.id},
        )

    def test_timeline(self):
        self.stay(self.ann, self.b, 90, 50)
        self.since(50)
        [line] = [one for one in self.ann.segment_timeline["lines"] if one["id"] == self.div.id]
        month = self.ago(50).strftime("%B %Y")
        self.assertEqual(line["sentence"], f"X since {month}, before that B")
        self.assertEqual([one["name"] for one in line["stays"]], ["B", "X"])
        self.assertEqual([one["name"] for one in line["segments"]], ["A", "B", "X"])
        self.pin(self.a, reason="Because")
        [line] = [one for one in self.ann.segment_timeline["lines"] if one["id"] == self.div.id]
        self.assertIn("Because", line["stays"][-1]["pin_text"])
        self.assertTrue(self.ann.segment_timeline["can_pin"])

    def test_timeline_joins_stays_without_a_gap(self):
        self.stay(self.ann, self.x, 90, 50)
        self.since(50)
        [line] = [one for one in self.ann.segment_timeline["lines"] if one["id"] == self.div.id]
        self.assertEqual(line["sentence"], f"X since {self.ago(90).strftime('%B %Y')}")

    def test_timeline_of_many_takes_no_more_queries(self):
        counts = []
        for number in (2, 20):
            partners = self.env["res.partner"].create(
                [{"name": f"P{number}.{one}"} for one in range(number)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners.mapped("segment_timeline")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_timeline_in_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        lines = self.ann.with_company(other).segment_timeline["lines"]
        self.assertEqual([one["stays"] for one in lines if one["id"] == self.div.id], [[]])
        self.div.company_id = self.company
        self.env.invalidate_all()
        lines = self.ann.with_company(other).segment_timeline["lines"]
        self.assertNotIn(self.div.id, [one["id"] for one in lines])


@tagged("post_install", "-at_install")
class TestPinAccess(UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.env["ir.rule"].create({
            "name": "Salespeople edit their own customers",
            "model_id": cls.env["ir.model"]._get_id("res.partner"),
            "perm_read": False, "perm_create": False, "perm_unlink": False,
            "domain_force": "[('user_id', 'in', [user.id, False])]",
        })  # fmt: skip

    def test_who_may_pin(self):
        may = {"marketer", "own"}
        for login in self.USERS:
            pins = self.as_user(login, self.env["crm.segment.membership"])
            partner, segment = self.mine.with_env(pins.env), self.big.with_env(pins.env)
            with self.subTest(login):
                if login in may:
                    row = pins._pin(partner, segment, "in", "x")
                    self.assertEqual(row.sudo().pin_user_id, self.users[login])
                    self.assertTrue(row.can_pin)
                    row.action_unpin()
                else:
                    with self.assertRaises(AccessError):
                        pins._pin(partner, segment, "in", "x")
        self.assertFalse(self.mine.with_user(self.users["reader"])._may_pin())

    def test_pins_of_others_are_taken_off_by_who_may(self):
        row = self.env["crm.segment.membership"]._pin(self.mine, self.big, "in", "x")
        for login in ("reader", "all", "plain"):
            with self.subTest(login), self.assertRaises(AccessError):
                self.as_user(login, row).action_unpin()
        self.as_user("own", row).action_unpin()
        self.assertFalse(row.exists().pinned)

    def test_wizard_is_no_way_around(self):
        values = {"partner_id": self.theirs.id, "segment_id": self.small.id, "pin_reason": "x"}
        for login in ("reader", "own"):
            wizard = self.as_user(login, self.env["crm.segment.pin"]).create(values)
            with self.subTest(login), self.assertRaises(AccessError):
                wizard.action_confirm()
        for login in ("plain", "portal"):
            with self.subTest(login), self.assertRaises(AccessError):
                self.as_user(login, self.env["crm.segment.pin"]).create(values)
        with self.assertRaises(AccessError):
            self.as_user("marketer", self.env["crm.segment.membership"]).create(
                {"partner_id": self.mine.id, "segment_id": self.big.id, "pinned": "in",
                 "segmentation_id": self.div.id, "company_id": self.company.id,
                 "date_from": self.today}
            )  # fmt: skip
