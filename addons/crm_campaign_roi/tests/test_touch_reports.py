"""Models side by side and paths, against what is worked out by hand; who may see what."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_touch import TouchCase


@tagged("post_install", "-at_install")
class TestTouchReports(TouchCase):
    @classmethod
    def setUpClass(cls):
        """Spring, then autumn, then an order of 100; autumn and 60; 40 that nothing led to."""
        super().setUpClass()
        cls.home = cls.env["res.company"].create(
            {"name": "Home", "currency_id": cls.company.currency_id.id}
        )
        cls.env.user.company_ids += cls.home
        one, two, three = (cls.customer(name) for name in ("One", "Two", "Three"))
        cls.touch(one, 20, cls.spring, cls.mail, company_id=cls.home.id)
        cls.touch(one, 10, cls.autumn, cls.web, company_id=cls.home.id)
        cls.touch(two, 10, cls.autumn, cls.web, company_id=cls.home.id)
        for partner, amount in ((one, 100), (two, 60), (three, 40)):
            cls.order(partner, 5, amount, company_id=cls.home.id)
        cls.touches._refresh((one + two + three).ids)
        cls.env["crm.campaign.markov"].sudo()._rebuild_company(cls.home)

    def compared(self, groupby):
        model = self.env["crm.campaign.comparison"].with_context(allowed_company_ids=self.home.ids)
        rows = model._read_group(
            [], [groupby], ["ordered_first:sum", "ordered_last:sum", "ordered_linear:sum",
                            "ordered_markov:sum", "lowest:avg", "highest:avg", "spread:avg"],
        )  # fmt: skip
        return {key: [round(value, 9) for value in values] for key, *values in rows}

    def test_models_side_by_side(self):
        """Removal: one of two paths begins with spring, both end in autumn.

        Without spring half is lost, without autumn all: 1/3 and 2/3 of 160.
        """
        third = round(160 / 3, 9)
        expected = {
            self.spring: [100, 0, 50, third, 0, 100, 100],
            self.autumn: [60, 160, 110, 2 * third, 60, 160, 100],
            self.env["utm.campaign"]: [40, 40, 40, 40, 40, 40, 0],
        }
        found = self.compared("campaign_id")
        self.assertEqual(found.keys(), expected.keys())
        for campaign, values in expected.items():
            for one, other in zip(found[campaign], values, strict=True):
                self.assertAlmostEqual(one, other, 6)

    def test_every_model_is_the_ledger(self):
        """Attributed and unattributed together are the 200 that were ordered."""
        [values] = self.compared("company_id").values()
        self.assertEqual(values, [200, 200, 200, 200, 200, 200, 0])

    def paths(self, by):
        model = self.env["crm.campaign.path"].with_context(path_by=by)
        return model._read_group(
            [("company_id", "=", self.home.id)], ["path"],
            ["orders:sum", "touches:avg", "days:avg"], order="path",
        )  # fmt: skip

    def test_paths(self):
        self.assertEqual(
            self.paths("campaign"), [("Autumn", 1, 1, 5), ("Spring → Autumn", 1, 2, 15)]
        )
        self.assertEqual(self.paths("medium"), [("Post → Web", 1, 2, 15), ("Web", 1, 1, 5)])
        rows = self.env["crm.campaign.path"].search([("company_id", "=", self.home.id)])
        self.assertEqual(
            sorted(rows.mapped(lambda row: (row.length, row.delay))),
            [("1", "week"), ("2", "month")],
        )

    def test_who_sees_what(self):
        """Marketing sees credit, not whose order it is; salespeople see none of it."""
        marketer = new_test_user(self.env, "touch_marketer", "mass_mailing.group_mass_mailing_user")
        seller = new_test_user(self.env, "touch_seller", "sales_team.group_sale_salesman")
        for user in (marketer, seller):
            user.write({"company_ids": [(4, self.home.id)], "company_id": self.home.id})
        models = (
            "crm.touchpoint", "crm.campaign.credit", "crm.campaign.markov", "crm.campaign.path",
            "crm.campaign.comparison", "crm.touchpoint.code",
        )  # fmt: skip
        for name in models:
            with self.subTest(name):
                self.env[name].with_user(marketer).search([], limit=1)
                with self.assertRaises(AccessError):
                    self.env[name].with_user(seller).search([], limit=1)
        credit = self.env["crm.campaign.credit"].with_user(marketer)
        self.assertEqual(set(credit.search([]).company_id), {self.home})
        for name in ("order_id", "move_id", "history_key"):
            with self.assertRaises(AccessError):
                credit.search([], limit=1).read([name])
        with self.assertRaises(AccessError):
            self.env["crm.touchpoint"].with_user(marketer).create({})
