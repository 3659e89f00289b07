"""Market position: own figures of a slice, what is unknown, import, who sees what."""

import base64

from odoo.addons.crm_segments.tests.common import SegmentsCase, UsersMixin
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_deals import DealsMixin


class MarketMixin(DealsMixin):
    @classmethod
    def set_up_market(cls):
        """Two customers of the trade, one of the crafts; 300 last year, 200 the year before."""
        cls.set_up_deals()
        cls.Market = cls.env["crm.market"]
        cls.Market.search([]).unlink()
        cls.year = cls.today.year - 1
        cls.trade, cls.crafts = cls.env["res.partner.industry"].create(
            [{"name": "Market trade"}, {"name": "Market crafts"}]
        )
        cls.shop, cls.cafe = (
            cls.customer(name, industry_id=cls.trade.id) for name in ("Shop", "Cafe")
        )
        cls.smith = cls.customer("Smith", industry_id=cls.crafts.id)
        for partner, year, amount in (
            (cls.shop, cls.year, 250), (cls.cafe, cls.year, 50), (cls.shop, cls.year - 1, 200),
            (cls.smith, cls.year, 900), (cls.shop, cls.year - 2, 5000),
        ):  # fmt: skip
            cls.sale(partner, cls.today.replace(year=year, month=6, day=1), amount)
        cls.metrics.refresh(cls.shop | cls.cafe | cls.smith, cls.company)

    @classmethod
    def market(cls, industry, year=None, size=0, **values):
        known = {"source": "Study", "source_date": cls.ago(30)} if size else {}
        return cls.Market.create(
            {"industry_id": industry.id, "year": year or cls.year, "size": size, **known, **values}
        )

    def row(self, market, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        board = self.Market.with_user(user or self.env.user).board(market.year)
        return next(row for row in board["rows"] if row["id"] == market.id)


@tagged("post_install", "-at_install")
class TestMarket(MarketMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_market()

    def test_position(self):
        self.market(self.trade, self.year - 1, 2400)
        market = self.market(self.trade, size=3000, companies=40)
        self.env["crm.market.competitor"].create(
            [
                {"market_id": market.id, "name": "Large", "share": 0.2, "source": "Study",
                 "source_date": self.ago(600)},
                {"market_id": market.id, "name": "Small", "revenue": 100, "source": "Press",
                 "source_date": self.ago(10)},
                {"market_id": market.id, "name": "Nothing known"},
            ]
        )  # fmt: skip
        row = self.row(market)
        self.assertEqual((row["own"], row["share"]), (300.0, 0.1))
        self.assertEqual(row["relative"], 0.5)  # a fifth of 3,000 is the largest
        self.assertEqual(row["growth"], 0.5)
        self.assertAlmostEqual(row["market_growth"], 0.25)
        self.assertEqual((row["customers"], row["companies"], row["penetration"]), (2, 40, 0.05))
        self.assertEqual(row["quadrant"], "question")
        self.assertFalse(row["stale"])
        self.assertEqual([year for year, _share in row["trend"]], [self.year - 1, self.year])
        rivals = {one["name"]: one for one in row["rivals"]}
        self.assertEqual((rivals["Large"]["revenue"], rivals["Large"]["stale"]), (600.0, True))
        self.assertFalse(rivals["Small"]["stale"])
        self.assertIsNone(rivals["Nothing known"]["revenue"])
        # cuts are settings
        self.company.crm_market_growth_cut = 30
        self.assertEqual(self.row(market)["quadrant"], "dog")

    def test_growth_from_a_part_of_a_year_is_unknown(self):
        """The books begin in June of the year before last."""
        self.assertIsNone(self.row(self.market(self.trade, self.year - 1))["growth"])
        self.sale(self.shop, self.today.replace(year=self.year - 2, month=1, day=20), 1)
        self.assertAlmostEqual(self.row(self.Market.search([]))["growth"], 200 / 5001 - 1)

    def test_share_of_a_part_of_a_year_is_no_trend(self):
        """The books begin in June of the first year: what was sold before nobody knows."""
        first = self.market(self.trade, self.year - 2, 10000)
        self.market(self.trade, self.year - 1, 2400)
        row = self.row(first)
        self.assertEqual(row["share"], 0.5)
        self.assertEqual(row["trend"], [(self.year - 2, None), (self.year - 1, 200 / 2400)])

    def test_unknown(self):
        row = self.row(self.market(self.crafts))
        self.assertEqual(row["own"], 900.0)
        for name in ("size", "share", "relative", "market_growth", "penetration", "growth"):
            self.assertIsNone(row[name], name)
        self.assertFalse(row["quadrant"])
        self.assertTrue(row["stale"])

    def test_wins(self):
        """Three deals won, two lost to the rival, one for another reason, one in the crafts."""
        ours, other = self.env["crm.lost.reason"].create([{"name": "Rival"}, {"name": "Price"}])
        day = (self.today - self.today.replace(year=self.year, month=3, day=1)).days
        for number, won, reason, partner in (
            (3, 3, False, self.shop), (2, 0, ours, self.cafe), (1, 0, other, self.cafe),
            (1, 0, ours, self.smith),
        ):  # fmt: skip
            self.deals(number, won=won, age=day, partner_id=partner.id,
                       lost_reason_id=reason and reason.id)  # fmt: skip
        market = self.market(self.trade)
        self.env["crm.market.competitor"].create(
            {"market_id": market.id, "name": "Rival", "lost_reason_ids": [(4, ours.id)]}
        )
        [rival] = self.row(market)["rivals"]
        self.assertEqual((rival["won"], rival["lost"], rival["win_rate"]), (3, 2, 0.6))
        self.assertTrue(0.2 < rival["low"] < 0.6 < rival["high"] < 0.9)

    def test_average_of_the_year(self):
        """Half of the year at 2, half at 4 units for one of ours: on average 0.375 of ours."""
        currency = self.env["res.currency"].create({"name": "MKT", "symbol": "M"})
        self.env["res.currency.rate"].create(
            [
                {"currency_id": currency.id, "name": f"{self.year}-01-01", "rate": 2,
                 "company_id": self.company.id},
                {"currency_id": currency.id, "name": f"{self.year}-07-01", "rate": 4,
                 "company_id": self.company.id},
            ]
        )  # fmt: skip
        days = 366 if self.year % 4 == 0 else 365
        first = days - 184
        rate = (first / 2 + 184 / 4) / days
        market = self.market(self.trade, size=1000, currency_id=currency.id)
        self.assertAlmostEqual(self.row(market)["size"], 1000 * rate, 3)

    def test_segment_at_the_end_of_the_year(self):
        division = self.rules({"Trade": f"[('industry_id', '=', {self.trade.id})]"})
        self.run_done(division)
        market = self.Market.create({"segment_id": division.segment_ids.id, "year": self.year})
        self.assertEqual(self.row(market)["customers"], 0)  # members since today only
        self.env.cr.execute(
            "UPDATE crm_segment_membership SET date_from = %s WHERE segmentation_id = %s",
            [f"{self.year}-01-01", division.id],
        )
        self.assertEqual(self.row(market)["customers"], 2)

    def test_white_space(self):
        categories = self.env["product.category"].create([{"name": "Tea"}, {"name": "Milk"}])
        tea, milk = self.env["product.product"].create(
            [{"name": one.name, "categ_id": one.id} for one in categories]
        )
        division = self.rules(
            {"Trade": f"[('industry_id', '=', {self.trade.id})]",
             "Crafts": f"[('industry_id', '=', {self.crafts.id})]"}
        )  # fmt: skip
        self.run_done(division)
        self.company.crm_reporting_segmentation_id = division
        for partner, product in ((self.shop, tea), (self.cafe, tea), (self.cafe, milk),
                                 (self.smith, milk)):  # fmt: skip
            self.sale(partner, 20, 10).product_id = product
        space = self.Market.white_space()
        names = {str(one["id"]): one["name"] for one in space["categories"]}
        found = {
            one["name"]: (
                one["customers"],
                {names[key]: value for key, value in one["shares"].items()},
            )
            for one in space["segments"]
        }
        self.assertEqual(found, {"Trade": (2, {"Tea": 1.0, "Milk": 0.5}),
                                 "Crafts": (1, {"Tea": 0.0, "Milk": 1.0})})  # fmt: skip

    def test_bad_input(self):
        with self.assertRaises(ValidationError):
            self.Market.create({"industry_id": self.trade.id, "year": 2020, "size": 5})
        country = self.env.ref("base.fr")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.market(self.trade, country_id=country.id)
        self.market(self.trade)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.market(self.trade)

    def load(self, text):
        wizard = self.env["crm.market.import"].create(
            {"file": base64.b64encode(text.encode()), "filename": "m.csv"}
        )
        return wizard.action_import()

    def test_import(self):
        there = self.market(self.trade, size=10)
        head = "industry;country;year;size;currency;companies;source;as_of;sure\n"
        currency = self.company.currency_id.name
        self.load(
            head + f"Market trade;;{self.year};3 000,50;{currency};40;Study;31.01.2026;high\n"
            f";FR;{self.year};;;;;;\n"
        )
        self.assertEqual((there.companies, there.confidence), (40, "high"))
        self.assertAlmostEqual(there.size, 3000.5)
        france = self.Market.search([("country_id.code", "=", "FR")])
        self.assertEqual((france.year, france.size), (self.year, 0))
        with self.assertRaises(UserError) as caught:
            self.load(
                head + "Nobody;;2024;5;;;Study;2026-01-31;\n"
                "Market trade;;2024;5;;;;;\nMarket trade;;2024;5;;;Study;2026-01-31;\n"
            )
        self.assertIn("Row 2: “Nobody” is not known", str(caught.exception))
        self.assertIn("Row 3: the source or its day is missing", str(caught.exception))
        self.assertNotIn("Row 4", str(caught.exception))
        self.assertFalse(self.Market.search([("year", "=", 2024)]))
        with self.assertRaises(UserError):
            self.load("a;b\n1;2\n")

    def test_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.market(self.trade)
        theirs = self.Market.create({"industry_id": self.trade.id, "year": 2019,
                                     "company_id": other.id})  # fmt: skip
        seller = new_test_user(
            self.env, login="market_all", groups="sales_team.group_sale_salesman_all_leads"
        )
        self.assertNotIn(theirs, self.Market.with_user(seller).search([]))
        self.assertNotIn(2019, self.Market.board()["years"])

    def test_paper(self):
        self.market(self.trade, self.year - 1, 2400)
        market = self.market(self.trade, size=3000)
        self.env["crm.market.competitor"].create(
            {"market_id": market.id, "name": "Large", "revenue": 100, "source": "Press",
             "source_date": self.ago(10)}
        )  # fmt: skip
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("crm_scenarios.report_market", market.ids)[0]
            .decode()
        )
        self.assertIn("<circle", html)
        self.assertIn("Market trade", html)
        self.assertIn("25.0%", html)


@tagged("post_install", "-at_install")
class TestMarketAccess(UsersMixin, MarketMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_market()
        cls.set_up_users()

    def test_who_sees_what(self):
        market = self.market(self.trade, size=3000)
        for login in ("all", "accountant", "auditor"):
            [row] = self.as_user(login, self.Market).board(self.year)["rows"]
            self.assertEqual(row["own"], 300)
            self.as_user(login, self.Market).white_space()
        blind = self.as_user("marketer", self.Market)
        board = blind.board(self.year)
        self.assertFalse(board["money_visible"])
        self.assertIsNone(board["rows"][0]["own"])
        self.assertIsNone(board["rows"][0]["customers"])
        self.assertRaises(AccessError, blind.white_space)
        self.as_user("marketer", market).size = 4000
        for login in ("own", "reader", "plain", "portal"):
            self.assertRaises(AccessError, self.as_user(login, self.Market).board)
        with self.assertRaises(AccessError):
            self.as_user("all", market).size = 5
