"""The host's merge of customers: no stay, pin or figure is lost."""

from odoo.tests import tagged

from .common import SegmentsCase


@tagged("post_install", "-at_install")
class TestMerge(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.div = cls.rules(
            {"Big": "[('revenue_total', '>=', 100)]", "Buyer": "[('purchase_count', '>', 0)]",
             "None": "[]"}
        )  # fmt: skip
        cls.big, cls.buyer, cls.none = cls.div.segment_ids
        cls.src, cls.dst = cls.customer("Source"), cls.customer("Target")
        cls.sale(cls.src, 30, 70)
        cls.sale(cls.dst, 10, 40)
        cls.env["crm.segment.membership"].sudo().search([]).unlink()
        # off until ``process``, so that merging alone is what is looked at
        cls.div.enabled = False

    def merge(self, *sources):
        partners = self.dst.union(*(sources or [self.src]))
        self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": partners.ids, "dst_partner_id": self.dst.id}
        ).action_merge()
        self.env.invalidate_all()
        self.assertFalse((partners - self.dst).exists())

    def process(self):
        """Switch on and let the cron work the queue."""
        self.div.enabled = True
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("crm_segments.ir_cron_queue").method_direct_trigger()
        self.env.invalidate_all()

    def test_figures_of_both(self):
        self.metrics.refresh()
        self.merge()
        self.assertEqual(self.queued(), self.dst)
        self.process()
        self.assertRecordValues(
            self.dst, [{"revenue_total": 110, "purchase_count": 2, "interval_median": 20}]
        )
        self.assertEqual(self.placed(self.div, self.dst), {"Target": "Big"})
        self.assertEqual(self.metrics.search_count([("partner_id", "=", self.dst.id)]), 1)

    def test_merged_with_segments_from_a_run(self):
        third = self.customer("Third")
        self.sale(third, 5, 500)
        self.run_done(self.div)
        self.merge(self.src, third)
        self.process()
        self.assertEqual(self.placed(self.div, self.dst), {"Target": "Big"})
        self.assertEqual(self.dst.revenue_total, 610)

    def test_closed_stays_of_both_remain(self):
        self.stay(self.src, self.big, 300, 200)
        self.stay(self.src, self.buyer, 200, 100)
        self.stay(self.dst, self.big, 250, 50)
        self.merge()
        self.assertEqual(
            self.stays(self.div, self.dst),
            [
                ("Big", self.ago(300), self.ago(200), False),
                ("Big", self.ago(250), self.ago(50), False),
                ("Buyer", self.ago(200), self.ago(100), False),
            ],
        )

    def test_open_stays_in_one_segment_become_one_from_the_earliest(self):
        self.stay(self.src, self.buyer, 90)
        self.stay(self.dst, self.buyer, 30)
        self.merge()
        self.assertEqual(self.stays(self.div, self.dst), [("Buyer", self.ago(90), False, False)])

    def test_open_stays_in_two_segments(self):
        """Both count until the queue is worked; then they are history."""
        self.stay(self.src, self.buyer, 90)
        self.stay(self.dst, self.none, 30)
        self.merge()
        self.process()
        self.assertEqual(
            self.stays(self.div, self.dst),
            [
                ("Buyer", self.ago(90), self.today, False),
                ("None", self.ago(30), self.today, False),
                ("Big", self.today, False, False),
            ],
        )

    def test_pin_in_of_the_merged_customer_is_kept(self):
        self.stay(self.src, self.buyer, 90, pinned="in", origin="manual")
        self.stay(self.dst, self.buyer, 30)
        self.merge()
        self.assertEqual(self.stays(self.div, self.dst), [("Buyer", self.ago(90), False, "in")])
        self.process()
        self.assertEqual(self.placed(self.div, self.dst), {"Target": "Buyer"})

    def test_pin_out_does_not_swallow_the_stay_of_the_other(self):
        """One was a member for 90 days, the other kept out for 30: both are history."""
        for member, kept_out in ((self.src, self.dst), (self.dst, self.src)):
            with self.subTest(member=member.name), self.cr.savepoint() as savepoint:
                self.stay(member, self.buyer, 90)
                self.stay(kept_out, self.buyer, 30, pinned="out", origin="manual")
                self.merge()
                self.assertEqual(
                    self.stays(self.div, self.dst),
                    [
                        ("Buyer", self.ago(90), self.today, False),
                        ("Buyer", self.ago(30), False, "out"),
                    ],
                )
                self.place_now()
                savepoint.rollback()
                self.env.invalidate_all()

    def place_now(self):
        """Placing afterwards respects the pin, also without the queue."""
        self.div.enabled = True
        self.metrics.refresh(self.dst)
        self.div._place(self.dst.ids)
        self.assertEqual(self.placed(self.div, self.dst), {"Target": "Big"})

    def test_opposite_pins_the_target_decides(self):
        self.stay(self.src, self.buyer, 90, pinned="in", origin="manual")
        self.stay(self.dst, self.buyer, 30, pinned="out", origin="manual")
        self.merge()
        self.assertEqual(
            self.stays(self.div, self.dst),
            [("Buyer", self.ago(90), self.today, "in"), ("Buyer", self.ago(30), False, "out")],
        )

    def test_pins_in_two_segments_of_an_exclusive_division(self):
        """A customer is in one segment only: the pin of the customer that stays counts."""
        self.stay(self.src, self.buyer, 90, pinned="in", origin="manual")
        self.stay(self.dst, self.none, 30, pinned="in", origin="manual")
        self.merge()
        self.process()
        self.assertEqual(self.placed(self.div, self.dst), {"Target": "None"})
        self.assertEqual(
            self.stays(self.div, self.dst)[0], ("Buyer", self.ago(90), self.today, "in")
        )

    def test_stays_of_another_company_stay_apart(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.stay(self.src, self.buyer, 90, company_id=other.id)
        self.stay(self.dst, self.buyer, 30)
        self.merge()
        stays = self.env["crm.segment.membership"].search([("partner_id", "=", self.dst.id)])
        self.assertEqual(
            {(one.company_id, one.date_from, one.date_to) for one in stays},
            {(other, self.ago(90), False), (self.company, self.ago(30), False)},
        )

    def test_contact_merged_into_a_customer(self):
        contact = self.customer("Contact", is_company=False, parent_id=self.src.id)
        self.stay(self.dst, self.buyer, 30)
        self.merge(contact)
        self.assertEqual(self.stays(self.div, self.dst), [("Buyer", self.ago(30), False, False)])
