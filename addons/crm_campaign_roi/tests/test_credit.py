"""Credit: every order divided among its touches, under every model, to the cent."""

import random
from decimal import Decimal

from odoo.tests import tagged
from odoo.tools import SQL

from ..lib.attribution import MODELS, Paths
from ..lib.attribution_money import split
from ..lib.markov import Path, attribute
from .common_touch import TouchCase

WEIGHTS = [f"weight_{code}" for code in MODELS]


@tagged("post_install", "-at_install")
class TestCredit(TouchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one = cls.customer("One")

    def assertWeights(self, order, **expected):
        rows = self.credit_of(order)
        for code, weights in expected.items():
            for found, weight in zip(rows.mapped(f"weight_{code}"), weights, strict=True):
                self.assertAlmostEqual(found, weight, 12, code)

    def test_order_of_another_customer(self):
        """An order that goes to another customer takes its credit along, whoever is refreshed."""
        two = self.customer("Two")
        self.touch(self.one, 5, self.spring, self.mail)
        order = self.order(self.one, 1, 100)
        self.touches._refresh(self.one.ids)
        self.assertEqual(self.credit_of(order).partner_id, self.one)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET partner_id = %s WHERE id = %s", [two.id, order.id]
        )
        order.invalidate_recordset()
        self.touches._refresh(two.ids)
        rows = self.credit_of(order)
        self.assertEqual(rows.partner_id, two)
        self.assertEqual(sum(rows.mapped("weight_first")), 1)

    def test_one_number_for_two_customers(self):
        """The old system numbered by customer: two documents, whoever is refreshed."""
        two = self.customer("Two")
        self.sale(self.one, 5, 100)
        self.sale(two, 4, 30)
        history = self.env["crm.sales.history"].sudo().search([("source_id", "=", self.source.id)])
        history.document = "2026/1"
        everybody = (self.one | two).ids
        for ids in ([self.one.id], everybody, [two.id], None):
            self.credits._refresh(ids)
        rows = self.credits.search([("partner_id", "in", everybody)], order="date")
        self.assertEqual(rows.partner_id.ids, everybody)
        source = self.source.id
        self.assertEqual(
            rows.mapped("history_key"), [f"{source}:{one}:2026/1" for one in everybody]
        )
        results = self.env["crm.campaign.result"]._results_sql(self.company)
        found = self.env.execute_query(
            SQL(
                "SELECT history_key, invoiced FROM (%s) x WHERE partner_id = ANY(%s)"
                " ORDER BY doc_day",
                results,
                everybody,
            )
        )
        self.assertEqual(found, list(zip(rows.mapped("history_key"), (100, 30), strict=True)))

    def test_by_hand(self):
        """Post 21 days before, a lead through the web 7 days before, a direct call on the day."""
        self.touch(self.one, 22, self.spring, self.mail)
        lead = self.env["crm.lead"].create(
            {"name": "L", "partner_id": self.one.id, "campaign_id": self.autumn.id,
             "medium_id": self.web.id, "type": "opportunity"}
        )  # fmt: skip
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s", [self.moment(8), lead.id]
        )
        lead.invalidate_recordset()
        self.touch(self.one, 1)
        order = self.order(self.one, 1, 100, opportunity_id=lead.id, campaign_id=self.autumn.id,
                           medium_id=self.web.id)  # fmt: skip
        self.touches._refresh(self.one.ids)
        rows = self.credit_of(order)
        self.assertRecordValues(
            rows,
            [
                {"campaign_id": self.spring.id, "medium_id": self.mail.id, "days": 21,
                 "position": 1, "touches": 3, "kind_of_customer": "new", "partner_id": self.one.id,
                 "date": self.moment(1)},
                {"campaign_id": self.autumn.id, "medium_id": self.web.id, "days": 7,
                 "position": 2, "touches": 3, "kind_of_customer": "new", "partner_id": self.one.id,
                 "date": self.moment(1)},
                {"campaign_id": False, "medium_id": False, "days": 0, "position": 3, "touches": 3,
                 "kind_of_customer": "new", "partner_id": self.one.id, "date": self.moment(1)},
            ],
        )  # fmt: skip
        self.assertWeights(
            order,
            first=[1, 0, 0],
            last=[0, 0, 1],
            last_non_direct=[0, 1, 0],
            linear=[1 / 3, 1 / 3, 1 / 3],
            time_decay=[0.125 / 1.625, 0.5 / 1.625, 1 / 1.625],
            position=[0.4, 0.2, 0.4],
            # lead and opportunity were made by the touch in the middle
            w=[0.3, 0.6, 0.1],
            # nothing is left over: 22.5, 45, 22.5 of 90
            full_path=[0.25, 0.5, 0.25],
        )

    def test_without_a_touch(self):
        """One row, without a touch, with all of it."""
        self.touch(self.one, 100, self.spring)  # outside of the 90 days
        self.touch(self.one, 3, self.spring)  # after the order
        order = self.order(self.one, 5)
        self.credits._refresh(self.one.ids)
        row = self.credit_of(order)
        self.assertRecordValues(row, [{"touchpoint_id": False, "campaign_id": False, "touches": 1}])
        self.assertEqual([row[name] for name in WEIGHTS], [1] * len(WEIGHTS))

    def test_settings_decide_what_counts(self):
        self.touch(self.one, 100, self.spring)
        self.touch(self.one, 7, self.autumn, kind="sent")
        order = self.order(self.one, 5)
        self.assertFalse(self.credit_of(order).campaign_id)  # what is only sent doesn't count
        self.company.crm_roi_lookback_days = 120
        self.company.crm_roi_ignored_kind_ids = False
        self.credits._refresh(self.one.ids)
        self.assertEqual(self.credit_of(order).campaign_id, self.spring + self.autumn)

    def test_kind_of_customer(self):
        """Bought every ten days: expected; after 30 days a repeat; after three times 10 lost."""
        for days in (300, 290, 280, 270):
            self.sale(self.one, days, 10)
        self.metrics.refresh(self.one)
        orders = [self.order(self.one, days) for days in (260, 245, 214)]
        self.credits._refresh(self.one.ids)
        rows = [self.credit_of(order) for order in orders]
        self.assertEqual(
            [(row.kind_of_customer, row.expected_anyway) for row in rows],
            [("repeat", True), ("repeat", False), ("reactivated", False)],
        )
        first = self.credits.search([("partner_id", "=", self.one.id)], order="date", limit=1)
        self.assertEqual(first.kind_of_customer, "new")
        self.assertEqual(first.history_key, f"{self.source.id}:{self.one.id}:D0")

    def test_as_the_plain_twin_has_it(self):
        """200 customers at random: SQL and numpy agree; shares add up, and money to the cent."""
        draw = random.Random(11)
        customers = self.env["res.partner"].create([{"name": f"C{i}"} for i in range(40)])
        kind = self.env.ref("crm_campaign_roi.touchpoint_kind_fair").id
        self.touches.with_context(touchpoints_rebuild=True).create(
            [
                {"partner_id": draw.choice(customers).id, "kind_id": kind,
                 "date": self.moment(draw.randrange(100), draw.randrange(24)),
                 "campaign_id": draw.choice([self.spring.id, self.autumn.id, False])}
                for _i in range(200)
            ]
        )  # fmt: skip
        for partner in customers:
            self.sale(partner, draw.randrange(30), draw.randrange(1, 99999) / 100)
        self.credits._refresh(customers.ids)
        rows = self.credits.search(
            [("partner_id", "in", customers.ids)], order="history_key, position"
        )
        attributed = rows.filtered("touchpoint_id")
        self.assertGreater(len(attributed), 120)
        paths = Paths(
            attributed.mapped("history_key"), attributed.mapped("days"),
            [not row.campaign_id for row in attributed],
        )  # fmt: skip
        for code, model in MODELS.items():
            found = attributed.mapped(f"weight_{code}")
            for one, other in zip(found, model.weights(paths), strict=True):
                self.assertAlmostEqual(one, other, 12, code)
        self.assertAddUp(rows)

    def assertAddUp(self, rows):
        """Per document and model the parts in money add up to the document."""
        history = self.env["crm.sales.history"].sudo().search([("source_id", "=", self.source.id)])
        amounts = {
            f"{self.source.id}:{one.partner_id.id}:{one.document}": one.amount_company
            for one in history
        }
        by_document = rows.grouped("history_key")
        for document, parts in by_document.items():
            self.assertEqual(parts.mapped("position"), [*range(1, len(parts) + 1)])
            for name in WEIGHTS:
                self.assertAlmostEqual(sum(parts.mapped(name)), 1, 12)
                money = sum(split(amounts[document], parts.mapped(name)))
                self.assertEqual(money, Decimal(f"{amounts[document]:.2f}"))
        self.assertEqual(by_document.keys() & amounts.keys(), amounts.keys())

    def test_some_customers_like_all(self):
        """Touched customers alone leave the same rows as everybody at once."""
        for days in (30, 10):
            self.touch(self.one, days, self.spring)
        order = self.order(self.one, 5)
        columns = ["touchpoint_id", "position", *WEIGHTS]
        self.credits._refresh(self.one.ids)
        some = self.credit_of(order).read(columns)
        self.assertEqual(len(some), 2)
        self.credits._refresh_company(self.company)
        self.credits.invalidate_model()
        self.assertEqual(self.credit_of(order).read(columns), some)

    def test_writing_follows(self):
        """A touch more, one less, an order cancelled, a campaign deleted."""
        order = self.order(self.one, 5)
        first = self.touch(self.one, 20, self.spring)
        second = self.touch(self.one, 10, self.autumn)
        self.assertWeights(order, linear=[0.5, 0.5])
        second.date = self.moment(25)
        self.assertEqual(self.credit_of(order).touchpoint_id.ids, [second.id, first.id])
        second.unlink()
        self.assertWeights(order, linear=[1])
        self.spring.unlink()
        self.assertFalse(self.credit_of(order).campaign_id)
        order._action_cancel()
        self.credits._refresh(self.one.ids)
        self.assertFalse(self.credit_of(order))

    def test_companies_apart(self):
        """A touch of one company has no part in the orders of another; one of none has."""
        other = self.env["res.company"].create({"name": "Other"})
        self.touch(self.one, 10, self.spring, company_id=other.id)
        order = self.order(self.one, 5)
        self.credits._refresh(self.one.ids)
        self.assertFalse(self.credit_of(order).touchpoint_id)
        self.touch(self.one, 9, self.autumn, company_id=False)
        self.assertEqual(self.credit_of(order).campaign_id, self.autumn)

    def test_removal_effect(self):
        """As the library has it for the same three paths; shares add up to 1."""
        self.env["res.partner"].search([]).flush_recordset()
        two, three = self.customer("Two"), self.customer("Three")
        for partner, campaigns in (
            (self.one, (self.spring, self.autumn)), (two, (self.autumn,)), (three, (self.spring,)),
        ):  # fmt: skip
            for days, campaign in zip((20, 10), campaigns, strict=False):
                self.touch(partner, days, campaign)
        company = self.env["res.company"].create({"name": "Alone"})
        touched = self.touches.search([("partner_id", "in", (self.one + two + three).ids)])
        touched.company_id = company
        for partner, amount in ((self.one, 10), (two, 30)):
            self.order(partner, 5, amount, company_id=company.id)
        self.credits._refresh((self.one + two + three).ids)
        shares = self.env["crm.campaign.markov"].sudo()
        shares._rebuild_company(company)
        expected = attribute([Path(("s", "a"), 1, 10), Path(("a",), 1, 30), Path(("s",), 0, 0, 1)])
        found = {one.campaign_id: one for one in shares.search([("company_id", "=", company.id)])}
        for campaign, letter in ((self.spring, "s"), (self.autumn, "a")):
            row = found[campaign]
            self.assertAlmostEqual(row.effect, expected.effects[letter][0], 12)
            self.assertAlmostEqual(row.share_orders, expected.credits[letter][0] / 2, 12)
            self.assertAlmostEqual(row.share_amount, expected.credits[letter][1] / 40, 12)
        self.assertAlmostEqual(sum(one.share_amount for one in found.values()), 1, 12)
