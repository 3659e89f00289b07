"""Replay: the advice of a past day knows nothing later, and is judged by what followed."""

from odoo.addons.crm_segments.tests.common import InvoiceCase, SegmentsCase, UsersMixin
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common_recommendations import RecommendationsCase, RecommendationsMixin
from .common_value import ValueMixin


class ReplayMixin:
    def replay(self, ago, days=30, **values):
        """A replay as of a number of days before today."""
        return self.env["crm.replay"].create({"as_of": self.ago(ago), "days": days, **values})

    def done(self, replay):
        """Run it; its result with money."""
        replay.action_run()
        self.assertEqual(replay.state, "done", replay.error)
        return replay.result_money

    def advice(self, replay):
        """All that would have been said: who is where, lists, model of value, due dates."""
        members = replay._members_then(replay._divisions())
        advisor = replay._advisor(members)
        keys = advisor.baskets.customers.tolist()
        present = set(advisor.baskets.customer.tolist())
        known, values = replay._histories_then(), replay._value_then()
        predicted = self.env["crm.value.model"].new(values)._predict(known)
        dates = zip(
            known["partner_id"].tolist(), predicted["next_purchase_days"].round(6).tolist(),
            predicted["alive_probability"].round(9).tolist(), strict=True,
        )  # fmt: skip
        return {
            "members": {one.id: sorted(rows) for one, rows in members.items()},
            "lists": {keys[at]: advisor.advise(at) for at in present},
            "value": values,
            "due": {key: str(rest) for key, *rest in dates},
        }


@tagged("post_install", "-at_install")
class TestReplay(ReplayMixin, RecommendationsCase):
    def test_by_hand(self):
        """As of 50 days ago 15 of the crowd had bought; four of them buy Other afterwards.

        Number 11 had the anchor, 12 to 14 the friend, and everybody known who has Other (0 to 10)
        has the anchor too: it is new to the four, and in their lists of two.
        """
        self.rules({"Buyers": "[('purchase_count', '>', 0)]", "Others": "[]"})
        result = self.done(self.replay(50))
        new = result["lists"]["new"]
        self.assertEqual(result["lists"]["sample"], 4)
        self.assertEqual(new["customers"], {"count": 4, "of": 4})
        self.assertEqual((new["lines"]["count"], new["lines"]["of"]), (4, 8))
        self.assertEqual((new["lines"]["low"], new["lines"]["high"]), (0.5, 0.5))
        self.assertEqual(new["gain"]["value"], 0)
        # two pieces of 10 each
        self.assertEqual(new["money"], {"listed": 80, "simple": 80, "all": 80})
        self.assertEqual(result["lists"]["again"]["lines"]["count"], 0)
        buyers = result["segments"][0]["segments"][0]
        self.assertEqual((buyers["name"], buyers["came"]), ("Buyers", {"count": 4, "of": 15}))
        self.assertEqual(buyers["revenue"], 80)
        self.assertEqual(result["due"], {"verdict": "short"})

    def test_told(self):
        self.rules({"Buyers": "[('purchase_count', '>', 0)]"})
        replay = self.replay(50)
        self.done(replay)
        html = replay.result_html
        for text in (
            "Buy again: ",
            "50 % (50 % to 50 %)",
            "not enough data",
            "27 % (11 % to 52 %)",
        ):
            self.assertIn(text, html)
        # the simplest rule's lines stay beside its money
        [_again, new] = replay._told()["lists"]
        self.assertIn("50 %", new["simple"])
        self.assertIn("80", new["simple_money"])
        early = self.replay(300)
        self.done(early)
        self.assertIn("Not enough data", early.result_html)

    def test_switched_off_ones_count_until_one_is_on(self):
        off = self.rules({"Buyers": "[('purchase_count', '>', 0)]"}, enabled=False)
        replay = self.replay(50)
        self.assertIn(off, replay._divisions())
        on = self.rules({"Some": "[('purchase_count', '>', 0)]"})
        self.assertEqual(replay._divisions(), on)
        unpredicted = self.rules({"Gone": "[('alive_probability', '<', 0.2)]"})
        self.assertNotIn(unpredicted, replay._divisions(), "nobody knows it of the past")

    def test_lists_are_those_of_the_service(self):
        """As of today the replay says what the salesperson is told."""
        trade = self.env["res.partner.industry"].create({"name": "Trade"})
        self.crowd[:10].industry_id = trade
        extra = [self.make_product(f"Extra {number}") for number in range(6)]
        for number, partner in enumerate(self.crowd):
            for at, product in enumerate(extra):
                if (number + at) % 3 == 0 or (number < 10 and at == 1):
                    self.bought(partner, product, 30 + number + at, 1 + at)
        division = self.segmentation(
            "field", {}, field_id=self.env.ref("base.field_res_partner__industry_id").id
        )
        self.run_done(division)
        self.learn()
        replay = self.replay(50)
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE crm_replay SET as_of = %s", self.today))
        replay.invalidate_recordset()
        advisor = replay._advisor(replay._members_then(replay._divisions()))
        for at, key in enumerate(advisor.baskets.customers.tolist()):
            found, advice = self.recommend(self.env["res.partner"].browse(key)), advisor.advise(at)
            with self.subTest(partner=key):
                for name in ("again", "new"):
                    listed = [line["product_id"] for line in found[name]]
                    self.assertEqual(listed, getattr(advice, name))

    def test_variants_count_once(self):
        """Another variant of what is listed or owned is nothing new."""
        twin = self.make_product("Twin")
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE product_product SET product_tmpl_id = %s, combination_indices = '9'"
                " WHERE id = %s", self.friend.product_tmpl_id.id, twin.id)
        )  # fmt: skip
        for partner in self.crowd[:9]:
            self.bought(partner, twin, 85)
        replay = self.replay(50)
        advisor = replay._advisor({})
        at = advisor.baskets.customers.tolist().index(self.crowd[11].id)
        both = {self.friend.id, twin.id}
        self.assertEqual(len(both & set(advisor.advise(at).new)), 1)
        at = advisor.baskets.customers.tolist().index(self.crowd[12].id)
        self.assertFalse(both & set(advisor.advise(at).new))

    def test_days(self):
        with self.assertRaises(ValidationError):
            self.replay(3)
        self.assertEqual(self.replay(20, days=90)._until(), self.today)
        self.assertEqual(self.replay(120, days=90)._until(), self.ago(30))

    def test_failure_is_told(self):
        replay = self.replay(50)
        self.patch(type(replay), "_judge_due", lambda self: 1 / 0)
        replay.action_run()
        self.assertEqual((replay.state, replay.error), ("failed", "division by zero"))
        self.assertFalse(replay.result)

    def test_in_the_background(self):
        replay = self.replay(50)
        self.patch(type(replay), "_is_small", lambda self: False)
        replay.action_run()
        self.assertEqual(replay.progress_now()["waiting"], True)
        with self.enter_registry_test_mode():
            self.env.ref("crm_scenarios.ir_cron_replay").method_direct_trigger()
        replay.invalidate_recordset()
        self.assertEqual((replay.state, replay.step, replay.steps), ("done", 3, 3))


@tagged("post_install", "-at_install")
class TestReplayLeaks(ReplayMixin, ValueMixin, SegmentsCase):
    """Enough customers for each part of the advice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls.env["product.product"].create(
            [{"name": f"Good {number}"} for number in range(9)]
        )
        cls.partners = cls.sales(cls.simulated_days(240))
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL(
                """
                UPDATE crm_sales_history h SET quantity = 2, product_id = (%s::int[])
                    [1 + (partner_id %% 3) * 3 + (date - DATE '2020-01-01') %% 3]
                WHERE source_id = %s
                """,
                cls.goods.ids,
                cls.source.id,
            )
        )
        cls.env.invalidate_all()
        trade = cls.env["res.partner.industry"].create({"name": "Trade"})
        cls.partners[:80].industry_id = trade
        cls.segmentation(
            "field",
            {},
            name="Trades",
            field_id=cls.env.ref("base.field_res_partner__industry_id").id,
        )
        cls.env.ref("crm_segments.segmentation_rfm").enabled = True
        cls.env.ref("crm_segments.segmentation_lifecycle").enabled = True

    def test_later_facts_change_no_advice(self):
        replay = self.replay(120, days=100)
        before = self.advice(replay)
        self.assertEqual(len(before["members"]), 3)
        self.assertTrue(any(one.again and one.new for one in before["lists"].values()))
        self.assertIn("alpha", before["value"])
        result = self.done(replay)
        History = self.env["crm.sales.history"].sudo()
        History.search([("date", ">", self.ago(60))]).unlink()
        # everybody comes the day after, for the same new thing, and for a lot
        hit = self.env["product.product"].create({"name": "Hit"})
        for number, partner in enumerate(self.partners[:150]):
            for product in (hit, self.goods[number % 9]):
                self.sale(partner, 119 - number % 30, 5000, product_id=product.id)
        self.sale(self.customer("Newcomer"), 90, 100, product_id=hit.id)
        self.env.invalidate_all()
        after = self.advice(replay)
        for part, said in before.items():
            self.assertEqual(said, after[part], part)
        self.assertNotEqual(result, self.done(replay), "what followed is another matter")

    def sale(self, partner, day, amount, **values):
        sale = super().sale(partner, day, amount)
        sale.write({"quantity": 1, **values})
        return sale

    def test_due_dates_are_judged(self):
        due = self.done(self.replay(120, days=100))["due"]
        self.assertGreater(due["due"]["count"] / due["due"]["of"],
                           due["later"]["count"] / due["later"]["of"])  # fmt: skip
        self.assertEqual(due["due"]["of"] + due["later"]["of"],
                         due["gone"]["of"] + due["there"]["of"])  # fmt: skip
        # customers behave as the model says, so the total is near
        self.assertAlmostEqual(due["purchases"]["expected"] / due["purchases"]["actual"], 1, 0)


@tagged("post_install", "-at_install")
class TestReplayInvoices(ReplayMixin, RecommendationsMixin, InvoiceCase):
    def test_credit_note_of_later(self):
        """An invoice that was given back afterwards was a purchase on that day."""
        product = self.make_product("Returned")
        partner = self.customer("Shop")
        line = {
            "product_id": product.id,
            "quantity": 2,
            "price_unit": 10,
            "tax_ids": [Command.clear()],
        }
        lines = [Command.create(line)]
        invoice = self.invoice(partner, 100, 0, invoice_line_ids=lines)
        self.invoice(partner, 10, 0, "out_refund", invoice_line_ids=lines,
                     reversed_entry_id=invoice.id)  # fmt: skip
        learner = self.env["crm.recommendation.model"]
        for ago, lines in ((50, 1), (10, 0), (0, 0)):
            baskets, _lines = learner._read_baskets(self.company, self.ago(ago))
            self.assertEqual(len(baskets.item), lines, ago)
        replay = self.replay(50)
        self.assertEqual(replay._bought_afterwards(), {})
        self.invoice(partner, 30, 0, invoice_line_ids=[Command.create(line)])
        self.assertEqual(replay._bought_afterwards(), {partner.id: {product.id: 20.0}})


@tagged("post_install", "-at_install")
class TestReplayAccess(ReplayMixin, UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        for partner in cls.ours:
            cls.sale(partner, 200, 70)

    def test_who_may(self):
        replay = self.replay(50, days=45)
        for login in self.users:
            mine = self.as_user(login, replay)
            with self.subTest(login=login):
                self.assertEqual(mine.has_access("read"), login in {"marketer", "all"})
                self.assertEqual(mine.has_access("create"), login == "marketer")
                if login != "marketer":
                    with self.assertRaises(AccessError):
                        mine.action_run()
        self.as_user("marketer", replay).action_run()
        self.assertEqual(replay.state, "done", replay.error)

    def test_no_money_for_those_who_may_not_see_it(self):
        """A manager of segments who sells nothing reads how many came, not for how much."""
        replay = self.replay(50, days=45)
        self.done(replay)
        self.assertIn("600", self.as_user("all", replay).result_html)
        told = self.as_user("marketer", replay)
        self.assertIn("Small", told.result_html)
        self.assertNotIn("Revenue", told.result_html)
        self.assertNotIn("revenue", str(told.result))
        with self.assertRaises(AccessError):
            told.read(["result_money"])

    def test_companies(self):
        other = self.env["res.company"].create({"name": "Second"})
        replay = self.replay(50, company_id=other.id)
        with self.assertRaises(AccessError):
            self.as_user("marketer", replay).read(["as_of"])
        result = self.done(replay.with_context(allowed_company_ids=[other.id, self.company.id]))
        self.assertIsNone(result["lists"], "the other company has sold nothing")
