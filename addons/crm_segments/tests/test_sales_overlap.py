"""Documents that two sources have, or a source and the books: found, and settled."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_compare import CompareCase


@tagged("post_install", "-at_install")
class TestOverlap(CompareCase):
    def test_documents_alike(self):
        old, shop = self.old.name, self.shop.name
        invoice = self.invoice(self.ann, 40, 100)
        self.sale(self.ann, 37, 100, "near")
        self.sale(self.ann, 60, 5, invoice.name.lower())  # same number, else different
        self.sale(self.ann, 36, 100, "far")
        self.sale(self.bob, 40, 100, "of another")
        self.sale(self.ann, 40, 100.01, "dearer")
        self.sale(self.bob, 40, 100, "twin", source=self.shop)
        found = {key: one.kind for key, one in self.found().items()}
        self.assertEqual(
            found,
            {
                (old, invoice.name.lower(), False, invoice.name): "number",
                (old, "of another", shop, "twin"): "day",
            },
        )

    def test_near_in_time_and_one_twin_each(self):
        first, second = self.invoice(self.ann, 40, 100), self.invoice(self.ann, 39, 100)
        self.sale(self.ann, 40, 100, "A")
        found = self.found()
        self.assertEqual([key[3] for key in found], [first.name])
        self.sale(self.ann, 37, 100, "B")
        kinds = {key[1:4:2]: one.kind for key, one in self.found().items()}
        self.assertEqual(kinds, {("A", first.name): "day", ("B", second.name): "near"})

    def test_after_the_cut_over_nothing_counts_twice(self):
        self.invoice(self.ann, 40, 100)
        self.sale(self.ann, 40, 100, "A")
        self.old.cutover_date = self.ago(41)
        self.assertFalse(self.found())

    def test_decisions_decide_what_counts(self):
        self.invoice(self.ann, 40, 100)
        self.sale(self.ann, 40, 100, "A")
        self.sale(self.ann, 39, 20, "B")
        product = self.env["product.product"].create({"name": "Thing"})
        line = self.env["crm.sales.history"].search([("document", "=", "A")])
        line.product_id = product
        self.metrics.refresh(self.ann)
        self.assertEqual(self.revenue(self.ann), 220)
        [overlap] = self.found().values()
        with self.assertRaises(UserError):
            overlap.action_count_source()  # the books can't leave it out
        self.assertIn((self.ann.id, product.id), self.bought())
        overlap.action_count_other()
        self.assertTrue(line.not_counted)
        self.assertEqual(self.revenue(self.ann), 120)
        self.assertNotIn((self.ann.id, product.id), self.bought())
        documents = self.env.execute_query_dict(
            self.metrics._documents_sql(self.company, self.today)
        )
        own = [row["amount"] for row in documents if row["partner_id"] == self.ann.id]
        self.assertEqual(sorted(own), [20, 100])
        self.assertEqual(list(self.found().values()), [overlap])  # the decision is kept
        overlap.action_both_real()
        self.assertFalse(line.not_counted)
        self.assertEqual(self.revenue(self.ann), 220)

    def test_decided_between_two_sources(self):
        self.sale(self.ann, 40, 100, "A")
        self.sale(self.ann, 40, 100, "S", source=self.shop)
        pair = self.pair(self.page(), self.old, self.shop)
        self.assertEqual((pair.overlap_count, pair.open_count, pair.overlap_amount), (1, 1, 100))
        pair.action_count_source()
        self.assertEqual(self.marked(), ["S"])
        overlap = self.overlaps.search([("document", "=", "A")])
        overlap.action_count_other()
        self.assertEqual(self.marked(), ["A"])
        overlap.action_undo()
        self.assertEqual(self.marked(), [])
        overlap.action_count_other()
        self.shop.unlink()  # what it would count instead is gone
        self.assertEqual(self.marked(), [])

    def test_cancelled_invoice_lets_the_history_count_again(self):
        invoice = self.invoice(self.ann, 40, 100)
        self.sale(self.ann, 40, 100, "A")
        [overlap] = self.found().values()
        overlap.action_count_other()
        self.assertEqual(self.marked(), ["A"])
        invoice.button_draft()
        self.assertEqual(self.found(), {})
        self.assertEqual(self.marked(), [])

    def test_lines_imported_later_follow_the_decision(self):
        engine = self.env["crm.sales.history.import.engine"]
        head = b"Invoice,Date,Customer code,Total\n"
        self.identity(self.old, self.ann)
        engine._run(self.old, head + b"A,2024-03-01,Ann,100\n")
        self.sale(self.ann, self.env["crm.sales.history"].search([("document", "=", "A")]).date,
                  100, "S", source=self.shop)  # fmt: skip
        [overlap] = self.found().values()
        overlap.action_count_other()
        self.env.invalidate_all()  # an import is a transaction of its own
        engine._run(self.old, head + b"A,2024-03-01,Ann,100\nA,2024-03-01,Ann,7\n")
        lines = self.env["crm.sales.history"].search([("document", "=", "A")])
        self.assertEqual(lines.mapped("not_counted"), [True, True])

    def test_other_companies_stay_apart(self):
        other = self.env["res.company"].create({"name": "Other of the test"})
        theirs = self.env["crm.sales.source"].create({"name": "Theirs", "company_id": other.id})
        self.sale(self.ann, 40, 100, "A")
        self.sale(self.ann, 40, 100, "T", source=theirs)
        self.assertFalse(self.found())
        self.assertNotIn(theirs, self.page().pair_ids.source_id)
