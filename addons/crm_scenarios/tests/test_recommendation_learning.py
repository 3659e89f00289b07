"""What is learnt of sales: values worked out by hand, differences, segments."""

from odoo.addons.crm_segments.tests.common import InvoiceCase
from odoo.fields import Command
from odoo.tests import tagged

from .common_recommendations import RecommendationsCase, RecommendationsMixin


@tagged("post_install", "-at_install")
class TestRecommendationLearning(RecommendationsCase):
    def affinity(self, product, neighbour, segment=None):
        domain = [
            ("product_id", "=", product.id),
            ("neighbour_id", "=", neighbour.id),
            ("segment_id", "=", segment.id if segment else False),
        ]
        return self.env["crm.product.affinity"].sudo().search(domain)

    def test_pairs_by_hand(self):
        """8 of 12 with the anchor against 3 of 18 without: four times as often."""
        model = self.learn()
        self.assertEqual((model.customers, model.products, model.state), (30, 3, "done"))
        self.assertEqual(model.lines, 12 + 11 + 30)
        pair = self.affinity(self.anchor, self.friend)
        counts = (pair.n_both, pair.n_product, pair.n_neighbour, pair.n_customers)
        self.assertEqual(counts, (8, 12, 11, 30))
        self.assertAlmostEqual(pair.lift, 4.0, 2)
        back = self.affinity(self.friend, self.anchor)
        self.assertEqual((back.n_both, back.n_product, back.n_neighbour), (8, 11, 12))

    def test_only_differences_are_written(self):
        self.learn()
        tables = ("crm_product_affinity", "crm_product_usage")
        before = [self.rows(table) for table in tables]
        self.learn()
        self.assertEqual([self.rows(table) for table in tables], before)
        self.bought(self.crowd[20], self.friend, 3)
        self.learn()
        pair = self.affinity(self.anchor, self.friend)
        self.assertEqual((pair.n_both, pair.n_neighbour), (8, 12))
        changed = {row[0] for row in self.rows("crm_product_affinity")}
        self.assertEqual(changed, {row[0] for row in before[0]}, "rows were made anew")

    def test_reviewed_once_a_week(self):
        """Weights and comparisons are kept for some nights; counts and pairs are of each night."""
        trade = self.env["res.partner.industry"].create({"name": "Trade"})
        self.crowd[:12].industry_id = trade
        self.run_done(
            self.segmentation(
                "field", {}, field_id=self.env.ref("base.field_res_partner__industry_id").id
            )
        )
        model = self.learn()
        of_trade = self.learner.search([("segment_id.name", "=", "Trade")])
        self.assertEqual(model.reviewed, self.today)
        first, odd = dict(model.parameters), {**model.parameters, "new": [9.0] * 6}
        # what a comparison would never find
        model.parameters, of_trade.reason, of_trade.tested = odd, "better", 77
        self.bought(self.crowd[20], self.friend, 3)
        self.learn()
        self.assertEqual(model.parameters["new"], [9.0] * 6)
        self.assertEqual(model.parameters["baskets"], first["baskets"] + 1)
        self.assertEqual(self.affinity(self.anchor, self.friend).n_neighbour, 12)
        self.assertEqual((of_trade.reason, of_trade.tested), ("better", 77))
        model.reviewed = self.ago(7)
        self.learn()
        self.assertNotEqual(model.parameters["new"], [9.0] * 6)
        self.assertEqual(of_trade.reason, "too_few")
        self.assertLess(of_trade.tested, 77)
        self.assertEqual(model.reviewed, self.today)

    def test_new_segment_is_compared_at_once(self):
        model = self.learn()
        model.parameters = {**model.parameters, "new": [9.0] * 6}
        trade = self.env["res.partner.industry"].create({"name": "Trade"})
        self.crowd[:12].industry_id = trade
        self.run_done(
            self.segmentation(
                "field", {}, field_id=self.env.ref("base.field_res_partner__industry_id").id
            )
        )
        self.learn()
        of_trade = self.learner.search([("segment_id.name", "=", "Trade")])
        self.assertEqual((of_trade.customers, of_trade.reason), (12, "too_few"))
        self.assertEqual(model.parameters["new"], [9.0] * 6, "the weights are as they were")
        model.action_rebuild()
        self.assertFalse(model.reviewed, "whoever presses Rebuild wants all of it")

    def rows(self, table):
        """(id, version of the row): a row that is written gets another version."""
        self.env.cr.execute(f"SELECT id, ctid::text FROM {table} ORDER BY id")  # pylint: disable=sql-injection
        return self.env.cr.fetchall()

    def test_gone_products_leave(self):
        self.learn()
        self.env["crm.sales.history"].sudo().search(
            [("product_id", "=", self.friend.id)]
        ).unlink()  # fmt: skip
        self.learn()
        self.assertFalse(self.affinity(self.anchor, self.friend))
        usage = self.env["crm.product.usage"].sudo().search([])
        self.assertNotIn(self.friend, usage.product_id)

    def test_segments_are_judged(self):
        """A division by industry is looked at, one by purchases is not."""
        trade = self.env["res.partner.industry"].create({"name": "Trade"})
        self.crowd[:12].industry_id = trade
        division = self.segmentation(
            "field", {}, field_id=self.env.ref("base.field_res_partner__industry_id").id
        )
        bought = self.rules({"Buyers": "[('purchase_count', '>', 0)]"})
        self.run_done(division)
        self.run_done(bought)
        segment = division.segment_ids.filtered(lambda one: one.name == "Trade")
        self.learn()
        models = self.learner.search([("company_id", "=", self.company.id)])
        self.assertIn(segment, models.segment_id)
        self.assertNotIn(bought.segment_ids, models.segment_id)
        model = models.filtered(lambda one: one.segment_id == segment)
        self.assertEqual((model.customers, model.own), (12, False))
        self.assertEqual(model.reason, "too_few")
        usage = self.env["crm.product.usage"].sudo().search([("segment_id", "=", segment.id)])
        found = {row.product_id: (row.customers, row.quantity) for row in usage}
        expected = {self.anchor: (12, 4), self.friend: (8, 6), self.other: (12, 2)}
        self.assertEqual(found, expected)
        division.enabled = False
        self.learn()
        self.assertFalse(usage.exists())

    def test_cron_and_failure(self):
        cron = self.env.ref("crm_scenarios.ir_cron_recommendations")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        model = self.learner._of_company(self.company)
        self.assertEqual((model.state, model.step), ("done", model.steps))

        def fail(*_args):
            raise ValueError("no room")

        self.patch(type(self.learner), "_read_baskets", fail)
        with (
            self.enter_registry_test_mode(),
            self.assertLogs("odoo.addons.crm_scenarios", "ERROR"),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((model.state, model.error), ("failed", "no room"))
        self.assertTrue(self.affinity(self.anchor, self.friend), "what was learnt before is gone")

    def test_uninteresting_lines(self):
        """Free samples, credit notes and lines counted elsewhere are no purchase."""
        free = self.make_product("Free sample")
        for values in (
            {"amount_company": 0},
            {"is_refund": True},
            {"not_counted": True},
        ):
            self.bought(self.crowd[0], free, 5, **values)
        self.learn()
        usage = self.env["crm.product.usage"].sudo().search([])
        self.assertNotIn(free, usage.product_id)


@tagged("post_install", "-at_install")
class TestRecommendationSources(RecommendationsMixin, InvoiceCase):
    def purchases(self):
        """Lines of everybody, which are those of each customer when it is asked for."""
        found = self.lines_of(None)
        partners = sorted({partner for partner, *_rest in found})
        self.assertEqual(sum((self.lines_of([one]) for one in partners), []), found)
        return found

    def lines_of(self, partner_ids):
        Affinity = self.env["crm.product.affinity"]
        Affinity._flush_purchases()
        rows = self.env.execute_query(
            Affinity._purchases_sql(self.company, self.today, partner_ids)
        )
        today = self.today.toordinal()
        return sorted(
            (partner, product, today - day, qty) for partner, product, day, qty, *_rest in rows
        )

    def invoiced(self, partner, product, quantity, day=10, move_type="out_invoice", **values):
        line = {"product_id": product.id, "quantity": quantity, "price_unit": 10,
                "tax_ids": [Command.clear()], **values.pop("line", {})}  # fmt: skip
        return self.invoice(
            partner, day, 0, move_type=move_type,
            invoice_line_ids=[Command.create(line)], **values,
        )  # fmt: skip

    def test_invoice_lines(self):
        """A dozen counts twelve; contacts stand for their company; notes and drafts don't count."""
        goods = self.make_product("Goods")
        firm = self.customer("Firm")
        contact = self.env["res.partner"].create({"name": "Contact", "parent_id": firm.id})
        dozen = self.env.ref("uom.product_uom_dozen")
        self.invoiced(contact, goods, 2, line={"product_uom_id": dozen.id})
        self.invoiced(firm, goods, 5, post=False)
        note = {"display_type": "line_note", "name": "Note"}
        self.invoice(firm, 8, 0, invoice_line_ids=[Command.create(note)])
        self.invoice(firm, 7, 30)  # without a product
        self.assertEqual(self.purchases(), [(firm.id, goods.id, 10, 24.0)])

    def test_credit_note_takes_back(self):
        """A credit note counts on the day of its invoice, so that what was given back is none."""
        goods = self.make_product("Goods")
        firm = self.customer("Firm")
        invoice = self.invoiced(firm, goods, 5, day=10)
        self.invoiced(
            firm, goods, 5, day=3, move_type="out_refund", reversed_entry_id=invoice.id
        )  # fmt: skip
        self.assertEqual(
            self.purchases(), [(firm.id, goods.id, 10, -5.0), (firm.id, goods.id, 10, 5.0)]
        )
        baskets, lines = self.env["crm.recommendation.model"].sudo()._read_baskets(
            self.company, self.today
        )  # fmt: skip
        self.assertEqual((lines, len(baskets.item)), (2, 0))

    def test_orders_where_the_company_counts_them(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        goods = self.make_product("Goods")
        firm = self.customer("Firm")
        self.invoiced(firm, goods, 5)
        order = self.env["sale.order"].create(
            {
                "partner_id": firm.id,
                "order_line": [
                    Command.create({"product_id": goods.id, "product_uom_qty": 3}),
                    Command.create(
                        {"product_id": goods.id, "product_uom_qty": 1, "product_uom_id": dozen.id}
                    ),
                    Command.create({"display_type": "line_note", "name": "Note"}),
                    Command.create(
                        {"product_id": goods.id, "product_uom_qty": 1, "is_downpayment": True}
                    ),
                ],
            }
        )
        order.action_confirm()
        self.company.crm_sales_basis = "order"
        expected = [(firm.id, goods.id, 0, 3.0), (firm.id, goods.id, 0, 12.0)]
        self.assertEqual(self.purchases(), expected)
