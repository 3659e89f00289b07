"""Choice of a system: scores, places, who is out, who may judge."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_programme import ProgrammeCommon


@tagged("post_install", "-at_install")
class TestProgrammeChoice(ProgrammeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.programme(user_id=cls.seller.id)
        cls.price, cls.calls, cls.look = cls.env["crm.programme.need"].create(
            [{"programme_id": cls.plan.id, "name": name, "weight": weight, "must_have": must}
             for name, weight, must in (
                 ("Price", 3, False), ("Calls", 2, True), ("Look", 1, False))]
        )  # fmt: skip
        cls.one, cls.two, cls.three = cls.env["crm.programme.candidate"].create(
            [{"programme_id": cls.plan.id, "name": name, "price_year": 100.0}
             for name in ("One", "Two", "Three")]
        )  # fmt: skip

    def score(self, candidate, **scores):
        for name, value in scores.items():
            self.plan.with_user(self.seller).set_score(
                getattr(self, name).id, candidate.id, value, "Seen in a demonstration"
            )

    def test_scores(self):
        self.assertEqual((self.one.mean, self.one.coverage, self.one.place), (False, 0.0, False))
        self.score(self.one, price="4", calls="3", look="5")
        self.score(self.two, price="5", calls="1", look="5")
        self.score(self.three, price="4", calls="4")
        self.assertEqual([one.place for one in (self.one | self.two | self.three)], [2, False, 1])
        self.assertAlmostEqual(self.one.mean, 3.83, 2)
        self.assertEqual((self.three.mean, self.three.coverage), (4.0, 5 / 6))
        self.assertEqual(self.two.out_reason, "Doesn't do what it must: Calls")
        # weighted otherwise: (4 + 6 + 50) / 13 and (4 + 8) / 3
        self.price.weight, self.look.weight = 1, 10
        self.assertEqual((self.one.place, self.three.place), (1, 2))
        self.assertAlmostEqual(self.one.mean, 4.62, 2)
        # taken away again it isn't scored, and not 0
        self.score(self.one, look=False)
        self.assertAlmostEqual(self.one.mean, 10 / 3, 2)
        self.calls.must_have = False
        self.assertFalse(self.two.out_reason)

    def test_table(self):
        self.score(self.one, price="4")
        self.score(self.two, calls="0")
        table = self.plan.with_user(self.seller).choice_table()
        self.assertEqual([need["must"] for need in table["needs"]], [False, True, False])
        columns = {one["name"]: one for one in table["candidates"]}
        self.assertEqual((columns["One"]["mean"], columns["One"]["place"]), (4.0, 1))
        self.assertEqual((columns["Two"]["mean"], columns["Two"]["place"]), (0.0, None))
        self.assertEqual((columns["Three"]["mean"], columns["Three"]["out"]), (None, ""))
        self.assertIn(
            {"need": self.price.id, "candidate": self.one.id, "score": "4",
             "note": "Seen in a demonstration"}, table["scores"],
        )  # fmt: skip
        self.assertTrue(table["editable"])

    def test_choose(self):
        self.score(self.one, price="4", calls="3", look="5")
        self.score(self.two, calls="1")
        self.one.with_user(self.seller).action_choose()
        self.assertTrue(self.one.chosen)
        note = self.plan.message_ids[0].body
        self.assertIn("Chosen: One, 3.83 of 5 points, place 1; 100 % of the needs", note)
        self.three.action_choose()
        self.assertEqual((self.one.chosen, self.three.chosen), (False, True))
        with self.assertRaises(UserError):
            self.two.action_choose()

    def test_refused(self):
        other = self.programme(name="Other")
        need = self.env["crm.programme.need"].create({"programme_id": other.id, "name": "Its"})
        for bad in ((need.id, self.one.id, "3"), (self.price.id, self.one.id, "6"),
                    (self.price.id, self.one.id, 99)):  # fmt: skip
            with self.assertRaises(UserError):
                self.plan.set_score(*bad)
        with self.assertRaises(ValidationError):
            self.env["crm.programme.score"].create(
                {"need_id": need.id, "candidate_id": self.one.id, "score": "3"}
            )
        self.score(self.one, price="4")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["crm.programme.score"].create(
                {"need_id": self.price.id, "candidate_id": self.one.id}
            )

    def test_access(self):
        self.score(self.one, price="4")
        colleague = new_test_user(self.env, "choice_other", "sales_team.group_sale_salesman")
        portal = new_test_user(self.env, "choice_guest", "base.group_portal")
        for user in (colleague, portal):
            plan = self.plan.with_user(user)
            with self.assertRaises(AccessError):
                plan.choice_table()
            with self.assertRaises(AccessError):
                plan.set_score(self.price.id, self.one.id, "5")
            with self.assertRaises(AccessError):
                self.one.with_user(user).action_choose()
            with self.assertRaises(AccessError):
                self.plan.score_ids.with_user(user).read(["score"])

    def test_copied(self):
        self.score(self.one, price="4")
        copy = self.plan.copy()
        self.assertEqual(copy.need_ids.mapped("weight"), [3, 2, 1])
        self.assertFalse(copy.candidate_ids or copy.score_ids)
        self.plan.unlink()
        self.assertFalse((self.price | self.calls | self.look).exists() or self.one.exists())
