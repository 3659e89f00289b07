"""The RFM grid, worked out by hand."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common import SegmentsMixin, UsersMixin


@tagged("post_install", "-at_install")
class TestGrid(UsersMixin, SegmentsMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        """Five buyers: n of 0…4 bought n + 1 times, last 10 × (5 − n) days ago.

        Money 60, 60, 60, 80, 100: strictly worse 0, 0, 0, 3, 4 → scores 1 1 1 4 5.
        """
        super().setUpClass()
        cls.set_up_segments()
        cls.rfm = cls.env.ref("crm_segments.segmentation_rfm").sudo()
        cls.rfm.domain = "[('ref', '=', 'grid')]"
        cls.rfm.enabled = True
        cls.buyers = [cls.customer(f"{n}", ref="grid") for n in range(5)]
        for n, (partner, amount) in enumerate(zip(cls.buyers, (60, 60, 60, 80, 100), strict=True)):
            for _n in range(n + 1):
                cls.sale(partner, 10 * (5 - n), amount / (n + 1))
        cls.idle = cls.customer("Idle", ref="grid")
        cls.rfm.run()

    def users_come(self):
        """Users by what they may see; their own segmentation stays beside the grid."""
        self.set_up_users()

    def peopled(self, axis="frequency", record=None):
        """(recency, score) → (customers, revenue, names of the segments with customers)."""
        found = (record or self.rfm).rfm_grid(axis)
        return {
            (cell["row"], cell["column"]): (
                cell["count"],
                cell["amount"],
                [found["names"][str(one["id"])] for one in cell["segments"] if one["count"]],
            )
            for cell in found["cells"]
            if cell["count"]
        }

    def test_recency_and_frequency(self):
        self.assertEqual(
            self.peopled(),
            {
                (1, 1): (1, 60, ["Lost"]),
                (2, 2): (1, 60, ["About To Sleep"]),
                (3, 3): (1, 60, ["About To Sleep"]),
                (4, 4): (1, 80, ["Loyal"]),
                (5, 5): (1, 100, ["Champions"]),
            },
        )

    def test_recency_and_monetary_value(self):
        found = {cell: figures[:2] for cell, figures in self.peopled("monetary").items()}
        self.assertEqual(
            found, {(1, 1): (1, 60), (2, 1): (1, 60), (3, 1): (1, 60), (4, 4): (1, 80),
                    (5, 5): (1, 100)},
        )  # fmt: skip

    def test_a_cell_names_all_segments_that_lie_there(self):
        """Codes 551…555: 555 and 554 are Champions, 551 to 553 Potential Loyalist."""
        found = self.rfm.rfm_grid()
        self.assertEqual(len(found["cells"]), 25)
        [best] = [cell for cell in found["cells"] if (cell["row"], cell["column"]) == (5, 5)]
        self.assertEqual(
            [(found["names"][str(one["id"])], one["count"]) for one in best["segments"]],
            [("Champions", 1), ("Potential Loyalist", 0)],
        )

    def test_who_has_no_scores_is_named_beside(self):
        found = self.rfm.rfm_grid()["unscored"]
        self.assertEqual(
            [(one["name"], one["pinned"], one["count"], one["amount"]) for one in found],
            [("No purchase yet", False, 1, 0)],
        )
        [stay] = self.current(self.rfm).filtered(lambda one: one.partner_id == self.buyers[4])
        stay.write({"pinned": "in", "origin": "manual"})
        found = self.rfm.rfm_grid()["unscored"]
        self.assertIn(
            ("Champions", True, 1, 100),
            [(one["name"], one["pinned"], one["count"], one["amount"]) for one in found],
        )
        self.assertNotIn((5, 5), self.peopled())

    def test_all_together_are_the_members(self):
        found = self.rfm.rfm_grid()
        count = sum(one["count"] for one in found["cells"] + found["unscored"])
        self.assertEqual(count, sum(self.rfm.segment_ids.mapped("member_count")))
        self.assertEqual(count, 6)

    def test_archived_customers_are_not_counted(self):
        self.buyers[0].active = False
        self.assertNotIn((1, 1), self.peopled())

    def test_a_cell_opens_its_customers(self):
        for cell, expected in (
            ((5, 5), self.buyers[4]),
            ((2, 2), self.buyers[1]),
            ((5, 1), self.env["res.partner"]),
        ):
            with self.subTest(cell=cell):
                action = self.rfm.action_open_grid("frequency", *cell)
                self.assertEqual(action["res_model"], "res.partner")
                self.assertEqual(self.env["res.partner"].search(action["domain"]), expected)
        rest = self.rfm.rfm_grid()["unscored"][0]["id"]
        action = self.rfm.action_open_grid("frequency", 0, 0, rest)
        self.assertEqual(self.env["res.partner"].search(action["domain"]), self.idle)

    def test_a_measure_that_cant_be_ranked_is_told(self):
        self.assertEqual(self.rfm.rfm_grid()["notes"], [])
        for n in range(30):
            self.sale(self.customer(f"Once {n}", ref="grid"), 100 + n, 10 + n)
        self.rfm.run()
        [note] = self.rfm.rfm_grid()["notes"]
        self.assertIn("equally often", note)
        self.assertEqual({score for _r, score in self.peopled()}, {3})

    def test_labels_of_the_figures(self):
        self.rfm.monetary_metric = "revenue_12m"
        labels = self.rfm.rfm_grid()["metrics"]
        self.assertEqual(
            labels, {"recency": "Last Purchase", "frequency": "Purchases",
                     "monetary": "Revenue (12 Months)"},
        )  # fmt: skip

    def test_other_companies_are_not_counted(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids |= other
        elsewhere = self.rfm.with_company(other)
        self.assertEqual(self.peopled(record=elsewhere), {})
        self.assertEqual(elsewhere.rfm_grid()["currency_id"], other.currency_id.id)

    def test_who_sees_what(self):
        self.users_come()
        for login in ("own", "marketer", "reader"):
            with self.subTest(login=login):
                found = self.peopled(record=self.as_user(login, self.rfm))
                self.assertEqual(found[5, 5], (1, None, ["Champions"]))
                unscored = self.as_user(login, self.rfm).rfm_grid()["unscored"]
                self.assertEqual([one["amount"] for one in unscored], [None])
        self.assertEqual(self.peopled(record=self.as_user("all", self.rfm))[5, 5][:2], (1, 100))
        for login in ("plain", "accountant", "portal"):
            with self.subTest(login=login), self.assertRaises(AccessError):
                self.as_user(login, self.rfm).rfm_grid()
            with self.subTest(login=login), self.assertRaises(AccessError):
                self.as_user(login, self.rfm).action_open_grid("frequency", 5, 5)

    def test_only_managers_are_offered_to_run(self):
        self.users_come()
        offered = {
            login: self.as_user(login, self.rfm).rfm_grid()["state"]["can_run"]
            for login in ("all", "reader", "marketer")
        }
        self.assertEqual(offered, {"all": False, "reader": False, "marketer": True})

    def test_bad_questions(self):
        with self.assertRaises(UserError):
            self.rfm.rfm_grid("recency")
        with self.assertRaises(UserError):
            self.rules({"All": "[]"}).rfm_grid()

    def test_same_queries_for_few_and_many(self):
        def statements():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.rfm.rfm_grid()
            return self.env.cr.sql_log_count - before

        statements()  # what is looked up once
        few = statements()
        for n in range(40):
            self.sale(self.customer(f"M{n}", ref="grid"), n, n + 1)
        self.rfm.run()
        self.assertEqual(statements(), few)
