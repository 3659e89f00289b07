"""Who sees what of the return: salespeople nothing, marketing by campaign and month."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_roi import RoiCase

#: login → groups
USERS = {
    "seller": "sales_team.group_sale_salesman_all_leads",
    "marketer": "mass_mailing.group_mass_mailing_user",
    "keeper": "mass_mailing.group_mass_mailing_user,crm_campaign_roi.group_roi_manager",
    "accountant": "account.group_account_invoice",
    "auditor": "account.group_account_readonly",
    "plain": "base.group_user",
}
RETURN = {"marketer", "keeper", "accountant", "auditor"}
BOOKS = {"accountant", "auditor"}
SPENDERS = {"keeper", "accountant"}
MAILERS = {"marketer", "keeper"}
NOBODY = set()
#: model → who may (read, write, create, delete)
MODELS = {
    "crm.campaign.roi.report": (RETURN, set(), set(), set()),
    "crm.campaign.budget": (RETURN, SPENDERS, SPENDERS, SPENDERS),
    "crm.campaign.platform": (RETURN, SPENDERS, SPENDERS, SPENDERS),
    "crm.campaign.spend": ({"keeper"} | BOOKS, SPENDERS, SPENDERS, SPENDERS),
    "crm.campaign.spend.choice": (SPENDERS, set(), set(), set()),
    "crm.campaign.spend.overlap": ({"keeper"} | BOOKS, set(), set(), set()),
    "crm.campaign.unallocated": (BOOKS, set(), set(), set()),
    "crm.campaign.unallocated.assign": ({"accountant"},) * 4,
    "crm.campaign.queue": (NOBODY,) * 4,
    "crm.touchpoint": (RETURN, {"keeper"}, {"keeper"}, {"keeper"}),
    "crm.touchpoint.code": (RETURN, {"keeper"}, {"keeper"}, {"keeper"}),
    "crm.touchpoint.kind": (set(USERS), {"keeper"}, NOBODY, NOBODY),
    "crm.utm.duplicate": ({"keeper"},) * 4,
    "crm.campaign.credit": (RETURN, NOBODY, NOBODY, NOBODY),
    "crm.campaign.markov": (RETURN, NOBODY, NOBODY, NOBODY),
    "crm.campaign.path": (RETURN, NOBODY, NOBODY, NOBODY),
    "crm.campaign.comparison": (RETURN, NOBODY, NOBODY, NOBODY),
    "crm.campaign.spend.import": ({"keeper"} | BOOKS, SPENDERS, SPENDERS, SPENDERS),
    "crm.campaign.spend.import.column": (SPENDERS,) * 4,
    "crm.campaign.spend.match": (SPENDERS,) * 4,
    "crm.campaign.spend.previous": (SPENDERS, NOBODY, NOBODY, NOBODY),
    "crm.campaign.audience": (RETURN, MAILERS, MAILERS, MAILERS),
    "crm.campaign.audience.arm": (RETURN, MAILERS, MAILERS, MAILERS),
    "crm.campaign.audience.member": (RETURN, NOBODY, NOBODY, NOBODY),
    "crm.campaign.roi.stored": (NOBODY,) * 4,
    "crm.campaign.matched": (RETURN, NOBODY, NOBODY, NOBODY),
    "crm.campaign.audience.recipient": (RETURN, NOBODY, NOBODY, NOBODY),
}
MONEY = [
    "cost", "margin", "roi", "cac", "return_margin", "cost_coverage", "romi", "romi_low",
    "romi_high", "ltv_cac_expected",
]  # fmt: skip


@tagged("post_install", "-at_install")
class TestRoiAccess(RoiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            login: new_test_user(
                cls.env, f"roi_{login}", groups=groups, company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for login, groups in USERS.items()
        }  # fmt: skip
        cls.one = cls.campaign("One")
        cls.bill(50, cls.one)
        medium = cls.env["utm.medium"].create({"name": "Pigeon"})
        cls.invoiced(cls.order(cls.one, 100, medium_id=medium.id))
        cls.rebuild()

    def as_user(self, login, record):
        self.env.flush_all()
        self.env.invalidate_all()
        return record.with_env(self.env(user=self.users[login], su=False))

    def test_models(self):
        own = {
            name for name, model in self.env.items()
            if model._original_module == "crm_campaign_roi" and not model._abstract
        }  # fmt: skip
        self.assertEqual(set(MODELS), own)
        for model, rights in MODELS.items():
            for operation, allowed in zip(
                ("read", "write", "create", "unlink"), rights, strict=True
            ):
                found = {
                    login for login in self.users
                    if self.as_user(login, self.env[model]).has_access(operation)
                }  # fmt: skip
                with self.subTest(model=model, operation=operation):
                    self.assertEqual(found, allowed)

    def test_panel(self):
        for login in self.users:
            campaign = self.as_user(login, self.one)
            with self.subTest(login=login):
                if login not in RETURN:
                    with self.assertRaises(AccessError):
                        campaign.campaign_return()
                    with self.assertRaises(AccessError):
                        campaign.action_open_return("ordered")
                    continue
                answer = campaign.campaign_return()
                totals = answer["totals"]
                found = [totals[name] for name in ("cost", "margin", "invoiced")]
                self.assertEqual(found, [50, 60, 100])
                self.assertAlmostEqual(totals["roi"], 0.2)
                self.assertEqual(answer["sees_books"], login in BOOKS)
                if login in BOOKS:
                    self.assertEqual(
                        campaign.action_open_return("invoiced")["res_model"], "account.move"
                    )
                    continue
                for stage in ("cost", "committed", "ordered", "invoiced", "paid", "margin"):
                    with self.assertRaisesRegex(UserError, "Ask accounting"):
                        campaign.action_open_return(stage)

    def test_payback_begins_with_the_cost(self):
        """50 in March, 60 of margin in April: the second month; a gap is a month too."""
        answer = self.one.campaign_return()
        self.assertEqual(answer["payback"], 2)
        self.bill(20, self.one, day=date(2026, 3, 2))
        self.invoiced(self.order(self.one, 60, day=date(2026, 6, 1)), day=date(2026, 6, 2))
        self.rebuild()
        answer = self.one.campaign_return()
        self.assertEqual(
            [(one["month"][5:7], one["cost"], one["margin"]) for one in answer["months"]],
            [("03", 70, 0), ("04", 0, 60), ("05", 0, 0), ("06", 0, 20)],
        )
        self.assertEqual(answer["payback"], 4)
        late = answer["months"][-1]
        self.assertEqual(late["balance"], 10)

    def test_marketing_sees_money_by_campaign_and_month_only(self):
        report = self.as_user("marketer", self.report)
        mine = [("campaign_id", "=", self.one.id)]
        rows = report._read_group(mine, ["month:month"], ["cost:sum", "margin:sum"])
        self.assertEqual(rows, [(date(2026, 3, 1), 50, False), (date(2026, 4, 1), False, 60)])
        for name in ("medium_id", "source_id", "segment_id", "customer_kind"):
            for value, margin, invoiced, _orders in report._read_group(
                mine, [name], ["margin:sum", "invoiced:sum", "orders:sum"]
            ):
                if value:
                    self.assertFalse(margin or invoiced, name)
        # neither by a condition, and the counts are there
        domain = [*mine, ("medium_id.name", "=", "Pigeon")]
        self.assertEqual(
            report._read_group(domain, [], ["margin:sum", "invoiced:sum", "orders:sum"]),
            [(False, False, 1)],
        )
        books = self.as_user("auditor", self.report)
        self.assertEqual(
            books._read_group(domain, [], ["margin:sum", "invoiced:sum", "orders:sum"]),
            [(60, 100, 1)],
        )

    def test_marketing_without_figures(self):
        self.env["res.config.settings"].create({"group_roi_figures": False}).execute()
        report = self.as_user("marketer", self.report)
        self.assertFalse(set(report.fields_get(MONEY)))
        for name in MONEY:
            with self.subTest(field=name), self.assertRaises(AccessError):
                kind = "sum" if name in ("cost", "margin", "return_margin") else "avg"
                report._read_group([], [], [f"{name}:{kind}"])
            with self.subTest(field=name), self.assertRaises(AccessError):
                report.search([(name, ">", 0)])
        with self.assertRaises(AccessError):
            report._read_group([], ["evidence"], ["orders:sum"])
        answer = self.as_user("marketer", self.one).campaign_return()
        self.assertEqual((answer["totals"]["cost"], answer["totals"]["roi"]), (None, None))
        self.assertIsNone(answer["evidence"])
        self.assertEqual((answer["months"], answer["kinds"], answer["budget"]), ([], [], None))
        self.assertEqual(answer["totals"]["orders"], 1)
        self.assertTrue(self.as_user("auditor", self.report).fields_get(["cost"]))

    def test_who_gives_an_account(self):
        other = self.campaign("Other", account=False)
        for login in ("seller", "marketer", "plain"):
            with self.subTest(login=login), self.assertRaises(AccessError):
                self.as_user(login, other).action_create_analytic_account()
        self.as_user("keeper", other).action_create_analytic_account()
        self.assertTrue(other.crm_analytic_account_id)

    def test_ratios_are_ratios_of_sums(self):
        """50 cost and 60 margin, 150 and 90: (150 − 200) / 200; without cost nothing."""
        two, free = self.campaign("Two"), self.campaign("Free", account=False)
        self.bill(150, two)
        self.invoiced(self.order(two, 130))
        self.invoiced(self.order(free, 90))
        self.rebuild()
        ours = ("campaign_id", "in", (self.one | two).ids)
        read = self.report._read_group
        self.assertAlmostEqual(read([ours], [], ["roi:avg"])[0][0], (60 + 90 - 200) / 200)
        self.assertAlmostEqual(read([ours], [], ["roas:avg"])[0][0], 230 / 200)
        self.assertAlmostEqual(read([ours], [], ["cac:avg"])[0][0], 100)
        by = {row[0]: row[1:] for row in read([], ["campaign_id"], ["roi:avg", "cac:avg"])}
        self.assertAlmostEqual(by[self.one][0], 0.2)
        self.assertAlmostEqual(by[two][0], -0.4)
        self.assertEqual(by[free], (False, False))
        shown = self.report.formatted_read_group(
            [("campaign_id", "=", free.id)], ["campaign_id"], ["roi:avg"]
        )
        self.assertIn(shown[0]["roi:avg"], (None, False))
        rows = self.report.search([("campaign_id", "=", free.id)])
        self.assertEqual(set(rows.mapped("roi")), {False})
        # each order and each cost has a campaign
        everything = read([], [], ["order_coverage:avg", "cost_coverage:avg"])
        self.assertEqual([round(one, 6) for one in everything[0]], [1, 1])
