"""The revenue bridge on sales history: every part worked out by hand."""

from datetime import date
from random import Random
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..lib import bridge
from ..lib.bridge import Bought
from ..models import crm_customer_purchases, crm_segmentation_today
from .common import SegmentsCase, SegmentsMixin, UsersMixin, make_sale

A, B = ("2024-01-01", "2024-06-30"), ("2024-07-01", "2024-12-31")
BEFORE, IN_A, IN_B = date(2023, 3, 1), date(2024, 2, 1), date(2024, 9, 1)


class BridgeMixin(SegmentsMixin):
    @classmethod
    def set_up_bridge(cls):
        """After ``set_up_segments``; the database has no other sales of these years."""
        cls.bridge_model = cls.env["crm.revenue.bridge"]

    @classmethod
    def document(cls, partner, day, *lines, source=None, **values):
        """A purchase of ``(product code, pieces, money)``; the code is False for none."""
        source = source or cls.source
        number = len(source.env["crm.sales.history"].sudo().search([])) + 1
        for code, quantity, amount in lines:
            vals = {"document": f"B{number}", "product_ref": code, "quantity": quantity, **values}
            make_sale(source, partner, day, amount, **vals)

    def bridge(self, segmentation=None, periods=(A, B)):
        """From the documents; from those packed at night it has to be the same."""
        self.env.flush_all()
        model = self.bridge_model.with_env(self.env)
        asked = [list(pair) for pair in periods], segmentation and segmentation.id
        found = model.bridge(*asked, fresh=True)
        packed = self.from_night(model, *asked)
        if packed:
            self.assertEqual({**packed, "read_at": False}, found)
        return found

    def from_night(self, model, periods, segmentation_id):
        """The bridge from ``crm.customer.purchases``; None where the companies' money differs."""
        purchases = self.env["crm.customer.purchases"]
        with patch.object(crm_customer_purchases, "KEEP_FROM", 0):
            documents = purchases.sudo()._count_documents()
            for company in self.env.companies:
                own = {"allowed_company_ids": company.ids}
                purchases.with_company(company).with_context(**own).sudo()._keep(documents)
            found = model.bridge(periods, segmentation_id)
        same = self.env.companies.currency_id == self.env.company.currency_id
        self.assertEqual(bool(found["read_at"]), same)
        return found if same else None

    def counting_otherwise(self):
        """Yield each setting that says what is counted, while it is another one."""
        for name in ("crm_sales_basis", "crm_purchase_unit"):
            before = self.company[name]
            options = dict(self.company._fields[name]._description_selection(self.env))
            self.company[name] = next(one for one in options if one != before)
            yield name
            self.company[name] = before

    def totals(self, *args, **kwargs):
        """Key → total of each part that is not zero."""
        found = self.bridge(*args, **kwargs)
        rows = [found["start"], *found["parts"], found["end"]]
        return {row["key"]: row["total"] for row in rows if row["total"]}

    def assert_adds_up(self, found):
        """To the cent, in each column and in all."""
        cents = lambda value: round(100 * value)  # noqa: E731
        rows = [found["start"], *found["parts"], found["end"]]
        for row in rows:
            self.assertEqual(cents(row["total"]), sum(cents(c["amount"]) for c in row["cells"]))
        for place in range(len(found["segments"])):
            start, *parts, end = (cents(row["cells"][place]["amount"]) for row in rows)
            self.assertEqual(start + sum(parts), end)


@tagged("post_install", "-at_install")
class TestBridge(BridgeMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_bridge()

    def test_lost_new_reactivated(self):
        lea, nia, rex = map(self.customer, ("Lea", "Nia", "Rex"))
        self.sale(lea, IN_A, 100)
        self.sale(lea, IN_B, -20, refund=True)
        self.sale(nia, IN_B, 50)
        self.sale(nia, IN_B, -10, refund=True)
        self.sale(rex, BEFORE, 30)
        self.sale(rex, IN_B, 70)
        # the whole change of each, credit notes and all
        self.assertEqual(
            self.totals(), {"start": 100, "lost": -120, "new": 40, "reactivated": 70, "end": 90}
        )

    def test_between_the_periods(self):
        """Who came after the first period is new, though not in the second."""
        ida = self.customer("Ida")
        self.sale(ida, date(2024, 5, 1), 10)
        self.sale(ida, IN_B, 10)
        periods = ("2024-01-01", "2024-03-31"), B
        self.assertEqual(self.totals(periods=periods), {"new": 10, "end": 10})

    def test_days_at_the_edges_belong_to_the_periods(self):
        eve = self.customer("Eve")
        for day in (*A, *B):
            self.sale(eve, date.fromisoformat(day), 10)
        self.sale(eve, date(2025, 1, 1), 1000)
        self.assertEqual(self.totals(), {"start": 20, "end": 20})

    def test_frequency_basket_price(self):
        ken = self.customer("Ken")
        self.document(ken, IN_A, ("tea", 4, 20))
        self.document(ken, IN_A, ("tea", 6, 30), (False, 1, 4))
        self.document(ken, IN_B, ("tea", 6, 33), (False, 1, 3))
        self.document(ken, IN_B, ("tea", 5, 27))
        self.document(ken, IN_B, ("tea", 7, 39))
        # 48 / ln(102/54) · ln(3/2); 49 / ln(99/50) · ln(5.5/5); what is left: 10.5615…
        self.assertEqual(
            self.totals(),
            {"start": 54, "frequency": 30.60, "basket": 10.56, "price": 6.84, "end": 102},
        )

    def test_mix(self):
        mia, oda = map(self.customer, ("Mia", "Oda"))
        self.document(mia, IN_A, ("tea", 10, 20), ("cup", 10, 60))
        self.document(mia, IN_B, ("tea", 5, 10), ("cup", 15, 90))
        self.document(oda, IN_A, ("tea", 10, 20))
        self.document(oda, IN_B, ("pot", 10, 25))
        self.assertEqual(self.totals(), {"start": 100, "mix": 25, "end": 125})

    def test_a_code_of_another_source_is_another_product(self):
        """Unless both are of one product of the catalogue."""
        other = self.source.copy({"name": "Another source"})
        pam = self.customer("Pam")
        self.document(pam, IN_A, ("tea", 10, 20))
        self.document(pam, IN_B, ("tea", 10, 30), source=other)
        self.assertEqual(self.totals(), {"start": 20, "mix": 10, "end": 30})
        product = self.env["product.product"].create({"name": "Tea"})
        lines = self.env["crm.sales.history"].sudo().search([("partner_id", "=", pam.id)])
        lines.product_id = product
        self.assertEqual(self.totals(), {"start": 20, "price": 10, "end": 30})

    def test_refunds(self):
        ron, sue = map(self.customer, ("Ron", "Sue"))
        self.document(ron, IN_A, ("tea", 10, 20))
        self.document(ron, IN_B, ("tea", 10, 20))
        self.document(ron, IN_A, ("tea", -1, -2), is_refund=True)
        self.document(ron, IN_B, ("tea", -4, -8), is_refund=True)
        # bought before, and gave back in the second period only
        self.sale(sue, BEFORE, 9)
        self.sale(sue, IN_B, -3, refund=True)
        self.assertEqual(self.totals(), {"start": 18, "refunds": -9, "end": 9})

    def test_returned_or_given_away_has_no_price(self):
        """A product without a positive price in a period counts as money per purchase."""
        tom = self.customer("Tom")
        self.document(tom, IN_A, ("tea", 10, 20), ("discount", 1, -5))
        self.document(tom, IN_B, ("tea", 10, 20), ("discount", 1, -8), ("gift", 2, 0))
        self.assertEqual(self.totals(), {"start": 15, "basket": -3, "end": 12})

    def test_days_as_purchases(self):
        """Two documents of a day are one purchase where the company counts days."""
        uma = self.customer("Uma")
        self.sale(uma, IN_A, 10)
        self.sale(uma, IN_B, 10)
        self.sale(uma, IN_B, 10)
        self.assertEqual(self.totals(), {"start": 10, "frequency": 10, "end": 20})
        self.company.crm_purchase_unit = "days"
        self.assertEqual(self.totals(), {"start": 10, "basket": 10, "end": 20})

    def test_confirmed_orders(self):
        """Orders by their lines; an invoice, had it been made, would not count."""
        self.company.crm_sales_basis = "order"
        tea = self.env["product.product"].create({"name": "Tea"})
        val = self.customer("Val")
        dozen = self.env.ref("uom.product_uom_dozen")
        for day, quantity, price, uom in ((IN_A, 12, 2, tea.uom_id), (IN_B, 1, 30, dozen)):
            order = self.env["sale.order"].create(
                {
                    "partner_id": val.id,
                    "order_line": [
                        (0, 0, {"product_id": tea.id, "product_uom_qty": quantity,
                                "product_uom_id": uom.id, "price_unit": price,
                                "tax_ids": [(5,)]}),
                        (0, 0, {"display_type": "line_note", "name": "Thank you"}),
                    ],
                }
            )  # fmt: skip
            order.action_confirm()
            order.date_order = f"{day} 10:00:00"
        # twelve pieces each: a dozen for 30 instead of 24
        self.assertEqual(self.totals(), {"start": 24, "price": 6, "end": 30})

    def test_by_segment(self):
        """Where each was at the end of the second period, a lost one at that of the first."""
        good, lost, none = map(self.customer, ("Good", "Lost", "None"))
        div = self.rules({"One": "[]", "Two": "[]", "Unused": "[]"}, domain="[('id', '=', 0)]")
        one, two, _unused = div.segment_ids
        stay = lambda partner, segment, start, end: self.stay(  # noqa: E731
            partner, segment, 1, date_from=start, date_to=end
        )
        stay(good, one, "2024-01-01", "2024-08-01")
        stay(good, two, "2024-08-01", False)
        stay(lost, one, "2024-01-01", "2024-07-01")
        stay(lost, two, "2024-07-01", False)
        self.sale(good, IN_A, 10)
        self.sale(good, IN_B, 15)
        self.sale(lost, IN_A, 20)
        self.sale(none, IN_B, 7)
        found = self.bridge(div)
        self.assertEqual([row["name"] for row in found["segments"]], ["One", "Two", "No segment"])
        cells = {
            row["key"]: [(cell["amount"], cell["count"]) for cell in row["cells"]]
            for row in (found["start"], *found["parts"], found["end"]) if row["count"]
        }  # fmt: skip
        self.assertEqual(
            cells,
            {
                "start": [(20, 1), (10, 1), (0, 0)],
                "lost": [(-20, 1), (0, 0), (0, 0)],
                "new": [(0, 0), (0, 0), (7, 1)],
                "basket": [(0, 0), (5, 1), (0, 0)],
                "end": [(0, 0), (15, 1), (7, 1)],
            },
        )
        self.assertEqual(found["known_from"], "2024-01-01")
        self.assert_adds_up(found)
        for part, segment, expected in (
            ("lost", None, lost), ("lost", one.id, lost), ("lost", two.id, none.browse()),
            ("start", None, good | lost), ("end", 0, none), ("basket", two.id, good),
        ):  # fmt: skip
            action = self.bridge_model.action_open_customers([A, B], div.id, part, segment)
            with self.subTest(part=part, segment=segment):
                self.assertEqual(self.env["res.partner"].search(action["domain"]), expected)
        self.assertEqual(action["display_name"], "Basket: Two")

    def test_a_long_list_says_that_it_is_cut(self):
        for name in ("Small", "Large"):
            self.sale(self.customer(name), IN_B, 5)
        with patch.object(crm_segmentation_today, "MAX_OPENED", 1):
            action = self.bridge_model.action_open_customers([A, B], None, "new")
        self.assertTrue(action["display_name"].endswith(" (1 of more)"))
        self.assertEqual(len(action["domain"][0][2]), 1)

    def test_who_changes_most_opens_first(self):
        small, large = map(self.customer, ("Small", "Large"))
        self.sale(small, IN_B, 5)
        self.sale(large, IN_B, 500)
        asked = self.bridge_model._asked([A, B], None)
        rows = self.env.execute_query(self.bridge_model._customers_sql(asked, "new", None, 1))
        self.assertEqual(rows, [(large.id,)])

    def test_against_the_plain_twin(self):
        """Random customers: the statement and lib/bridge.py tell the same of each."""
        random = Random(11)
        expected = {}
        for number in range(25):
            partner = self.customer(f"Random {number}")
            bought = []
            for day in (IN_A, IN_B):
                products, rest, purchases = {}, 0, random.randint(1, 4)
                for _document in range(purchases):
                    lines = [
                        (random.choice("abcd"), random.randint(1, 20), random.randint(1, 500) / 4)
                        for _line in range(random.randint(0, 3))
                    ] + [(False, 1, random.randint(1, 40))]
                    self.document(partner, day, *lines)
                    for code, quantity, amount in lines:
                        if code:
                            old = products.get(code, (0, 0))
                            products[code] = old[0] + quantity, old[1] + amount
                        else:
                            rest += amount
                bought.append(Bought(purchases, products, rest))
            expected[partner.id] = bridge.take_apart(*bought)
        self.env.flush_all()
        names = ("frequency", "basket", "price", "mix")
        rows = self.env.execute_query_dict(self._placed())
        found = {row["partner_id"]: row for row in rows}
        self.assertEqual(found.keys(), expected.keys())
        for partner_id, parts in expected.items():
            for name in names:
                self.assertAlmostEqual(found[partner_id][name], parts[name], 7)
        self.assert_adds_up(self.bridge())

    def _placed(self):
        asked = self.bridge_model._asked([A, B], None)
        return SQL("WITH %s SELECT * FROM placed", self.bridge_model._steps_sql(asked))

    def test_nothing_sold(self):
        found = self.bridge()
        self.assertEqual((found["segments"], found["start"]["total"]), ([], 0))
        self.assertEqual([part["key"] for part in found["parts"]], list(bridge.PARTS))

    def test_bad_requests(self):
        overlapping = self.rules({"One": "[]"}, exclusive=False)
        for periods, segmentation in (
            ([A, A], None), ([B, A], None), ([A], None), (None, None), ([A, ("soon", B[1])], None),
            ([A, (B[0], False)], None), ([A, B[::-1]], None), ([A[::-1], B], None),
            ([A, B], overlapping.id),
        ):  # fmt: skip
            with self.subTest(periods=periods), self.assertRaises(UserError):
                self.bridge_model.bridge(periods, segmentation)
        with self.assertRaises(UserError):
            self.bridge_model.action_open_customers([A, B], None, "id; DROP TABLE")


@tagged("post_install", "-at_install")
class TestBridgeAccess(UsersMixin, BridgeMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_bridge()
        cls.set_up_users()

    def test_who_may_see_it(self):
        periods = [[str(self.ago(60)), str(self.ago(41))], [str(self.ago(40)), str(self.today)]]
        for login in self.USERS:
            model = self.as_user(login, self.bridge_model)
            calls = (
                lambda model=model: model.bridge(periods),
                lambda model=model: model.action_open_customers(periods, None, "new"),
            )
            for call in calls:
                with self.subTest(login=login):
                    if login == "all":
                        self.assertTrue(call())
                    else:
                        with self.assertRaises(AccessError):
                            call()

    def test_readonly(self):
        """What a replica is asked writes nothing."""
        periods = [[str(self.ago(60)), str(self.ago(41))], [str(self.ago(40)), str(self.today)]]
        model = self.as_user("all", self.bridge_model)
        with self.env.cr.savepoint():
            self.env.cr.execute("SET TRANSACTION READ ONLY")
            self.assertEqual(model.bridge(periods)["end"]["total"], 600)
            self.assertTrue(model.action_open_customers(periods, None, "new")["domain"])
