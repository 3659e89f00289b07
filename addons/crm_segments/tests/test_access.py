"""Figures that a user may not see: empty everywhere, and no question about them is answered."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SegmentsCase, UsersMixin

SEES_ALL = ("all", "accountant", "auditor")
#: conditions on hidden figures, none of which may find the customer
CONDITIONS = [
    [("revenue_total", operator, value)]
    for operator, value in (
        (">", 0), (">", -1e9), (">=", 0), ("<", 1e9), ("<=", 1e9), ("=", 300), ("=", 0),
        ("=", False), ("!=", False), ("!=", 5), ("in", [300, 0, False]), ("not in", [5]),
        ("not in", [False]), ("in", [False]),
    )
] + [
    ["!", ("revenue_total", ">", 1)],
    ["!", ("revenue_total", "<=", 1)],
    ["!", ("revenue_total", "=", 5)],
    ["!", ("revenue_total", "!=", 300)],
    ["!", ("revenue_total", "in", [300])],
    ["!", ("revenue_total", "=", False)],
    ["!", "|", ("revenue_total", ">", 400), ("purchase_count", ">", 9)],
    ["!", "!", ("revenue_total", ">", 0)],
    ["|", ("revenue_total", "<", 300), ("revenue_total", ">=", 300)],
    [("average_purchase", ">", 0)], [("refund_rate", "=", 0)], [("amount_overdue", "=", 0)],
    [("purchase_count", "=", 1)], [("win_rate", "<", 1)],
    [("last_purchase_date", "=", False)], [("last_purchase_date", "!=", False)],
    ["!", ("last_purchase_date", "=", False)], ["!", ("last_purchase_date", ">", "2000-01-01")],
    [("risk_date", ">", "2000-01-01")], [("lost_date", "not in", ["2000-01-01"])],
    [("last_purchase_date", "<", "2100-01-01")],
]  # fmt: skip


@tagged("post_install", "-at_install")
class TestFiguresAccess(UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.contact = cls.customer("Contact", is_company=False, parent_id=cls.theirs.id)

    def seen(self, login):
        """Customers whose figures the user may see."""
        if login in SEES_ALL:
            return self.ours
        return self.mine | self.free if login == "own" else self.env["res.partner"]

    def internal(self):
        return [login for login in self.users if login != "portal"]

    def test_read(self):
        for login in self.internal():
            with self.subTest(login):
                rows = self.as_user(login, self.ours | self.contact).read(
                    ["revenue_total", "purchase_count", "last_purchase_date", "metrics_visible"]
                )
                for row, partner in zip(rows, [*self.ours, self.theirs], strict=True):
                    visible = partner in self.seen(login)
                    amount = {self.mine: 100, self.free: 200, self.theirs: 300}[partner]
                    self.assertEqual(row["metrics_visible"], visible)
                    self.assertIs(row["revenue_total"] is False, not visible)
                    self.assertEqual(row["revenue_total"], visible and amount)
                    self.assertEqual(row["purchase_count"], visible and 1)
                    self.assertEqual(row["last_purchase_date"], visible and self.ago(20))

    def test_no_condition_finds_hidden_figures(self):
        for login in ("own", "marketer", "plain"):
            partners = self.as_user(login, self.env["res.partner"])
            hidden = (self.ours | self.contact) - self.seen(login)
            for condition in CONDITIONS:
                with self.subTest(login=login, condition=condition):
                    domain = [("id", "in", hidden.ids), *condition]
                    self.assertFalse(partners.search(domain))

    def test_conditions_on_what_is_visible(self):
        partners = self.as_user("own", self.env["res.partner"])
        for condition, names in (
            ([("revenue_total", ">", 150)], {"Free"}),
            (["!", ("revenue_total", ">", 150)], {"Mine"}),
            ([("revenue_total", "!=", 200)], {"Mine"}),
            ([("revenue_total", "in", [100, 300])], {"Mine"}),
            ([("revenue_total", "=", False)], set()),
            ([("refund_total", "=", False)], {"Mine", "Free"}),
            ([("last_purchase_date", "!=", False)], {"Mine", "Free"}),
        ):
            with self.subTest(condition):
                found = partners.search([("id", "in", self.ours.ids), *condition])
                self.assertEqual(set(found.mapped("name")), names)

    def test_paths_do_not_tell_either(self):
        """The answer about a hidden customer is the same whatever is asked of the amount."""
        lead = self.env["crm.lead"].create(
            {"name": "x", "partner_id": self.theirs.id, "user_id": self.users["own"].id}
        )
        for login in ("own", "marketer"):
            for model, record, path in (
                ("res.partner", self.contact, "parent_id.revenue_total"),
                ("res.partner", self.theirs, "commercial_partner_id.revenue_total"),
                ("res.partner", self.theirs, "child_ids.revenue_total"),
                ("res.users", self.users["plain"], "partner_id.revenue_total"),
                ("res.users", self.users["plain"], "revenue_total"),
                ("crm.segment.membership", self.current(self.div).filtered(
                    lambda m: m.partner_id == self.theirs), "partner_id.revenue_total"),
                ("crm.lead", lead, "partner_id.revenue_total"),
            ):  # fmt: skip
                if login == "marketer" and model == "crm.lead":
                    continue
                model = self.as_user(login, self.env[model])
                for pattern in ([(path, ">", None)], ["!", (path, ">", None)]):
                    answers = {
                        amount: bool(model.search([("id", "=", record.id)] + [
                            (part[0], part[1], amount) if isinstance(part, tuple) else part
                            for part in pattern
                        ]))
                        for amount in (299, 301)
                    }  # fmt: skip
                    with self.subTest(login=login, path=path, pattern=pattern):
                        self.assertEqual(answers[299], answers[301])

    def test_sort_puts_hidden_last_and_does_not_rank_them(self):
        rich = self.customer("Rich", user_id=self.theirs.user_id.id)
        self.sale(rich, 1, 9999)
        self.metrics.refresh()
        partners = self.as_user("own", self.env["res.partner"])
        domain = [("id", "in", (self.ours | rich).ids)]
        for order, names in (
            ("revenue_total desc, id", ["Free", "Mine", "Theirs", "Rich"]),
            ("revenue_total asc, id", ["Mine", "Free", "Theirs", "Rich"]),
            ("last_purchase_date desc, id desc", ["Free", "Mine", "Rich", "Theirs"]),
        ):
            with self.subTest(order):
                self.assertEqual(partners.search(domain, order=order).mapped("name"), names)

    def test_groups_and_totals(self):
        for login in self.internal():
            partners = self.as_user(login, self.env["res.partner"])
            seen = self.seen(login)
            total = sum((partner == self.theirs and 300 or partner == self.free and 200 or 100)
                        for partner in seen)  # fmt: skip
            with self.subTest(login):
                [group] = partners.formatted_read_group(
                    [("id", "in", (self.ours | self.contact).ids)],
                    [],
                    [
                        "revenue_total:sum",
                        "revenue_total:max",
                        "revenue_total:array_agg",
                        "__count",
                    ],
                )
                self.assertEqual(group["__count"], 4)
                self.assertEqual(group["revenue_total:sum"], total or False)
                self.assertEqual(
                    group["revenue_total:max"],
                    login in SEES_ALL and 300 or login == "own" and 200 or False,
                )
                self.assertLessEqual(
                    {value for value in group["revenue_total:array_agg"] or [] if value},
                    set(seen.mapped("revenue_total")),
                )

    def test_group_by_a_hidden_figure(self):
        partners = self.as_user("own", self.env["res.partner"])
        for spec in ("last_purchase_date:month", "purchase_count", "revenue_total"):
            with self.subTest(spec):
                groups = partners.formatted_read_group(
                    [("id", "in", self.ours.ids)], [spec], ["__count", "revenue_total:sum"]
                )
                empty = [group for group in groups if group[spec] is False]
                self.assertEqual([group["__count"] for group in empty], [1], groups)
                self.assertFalse(empty[0]["revenue_total:sum"])
                self.assertEqual(sum(group["__count"] for group in groups), 3)

    def test_having_does_not_tell(self):
        partners = self.as_user("own", self.env["res.partner"])
        groups = partners._read_group(
            [("id", "=", self.theirs.id)], ["name"], ["revenue_total:sum"],
            having=[("revenue_total:sum", ">", 0)],
        )  # fmt: skip
        self.assertEqual(groups, [])

    def test_export(self):
        for login in self.internal():
            with self.subTest(login):
                self.users[login].group_ids += self.env.ref("base.group_allow_export")
                rows = self.as_user(login, self.ours).export_data(
                    ["name", "revenue_total", "last_purchase_date", "purchase_count"]
                )["datas"]
                for row, partner, amount in zip(rows, self.ours, (100, 200, 300), strict=True):
                    visible = partner in self.seen(login)
                    expected = [amount, self.ago(20), 1] if visible else ["", "", ""]
                    self.assertEqual(row, [partner.name, *expected])

    def test_portal(self):
        """A customer's own portal user sees no figure of ours, and no segment."""
        portal = self.users["portal"]
        portal.partner_id.parent_id = self.theirs
        own = self.as_user("portal", portal.partner_id)
        self.assertEqual(
            own.read(["revenue_total", "last_purchase_date"]),
            [{"id": own.id, "revenue_total": False, "last_purchase_date": False}],
        )
        self.assertFalse(own.search([("revenue_total", ">", 0)]))
        for model in ("crm.segment", "crm.segmentation", "crm.segment.membership",
                      "crm.customer.metrics", "crm.segmentation.run", "crm.segment.queue",
                      "crm.sales.history"):  # fmt: skip
            with self.subTest(model), self.assertRaises(AccessError):
                self.as_user("portal", self.env[model]).search([])

    def test_segments_are_for_those_who_may_see_segments(self):
        for login in self.users:
            partner = self.as_user(login, self.theirs)
            with self.subTest(login):
                if login in ("own", "all", "marketer", "reader"):
                    self.assertEqual(partner.read(["segment_ids"])[0]["segment_ids"], self.big.ids)
                    continue
                for attempt in (
                    lambda partner=partner: partner.read(["segment_ids"]),
                    lambda partner=partner: partner.search([("segment_ids", "in", self.big.ids)]),
                    lambda partner=partner: partner.search([("leading_segment_id", "=", False)]),
                    lambda partner=partner: partner.search([], order="leading_segment_id"),
                    lambda partner=partner: partner.formatted_read_group([], ["segment_ids"]),
                    lambda partner=partner: partner.formatted_read_group(
                        [], ["leading_segment_id"]
                    ),
                ):
                    self.assertRaises(AccessError, attempt)
