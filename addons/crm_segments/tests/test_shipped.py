"""Segmentations that come with the add-on, on customers whose place is worked out by hand."""

from odoo.addons.base.tests.test_ir_cron import CronMixinCase
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SegmentsCase

ENGINE = "odoo.addons.crm_segments.models.crm_segmentation_engine"
REBUILD = "crm_segments.ir_cron_rebuild"
SHIPPED = ("lifecycle", "rfm", "abc", "volume", "industry")


@tagged("post_install", "-at_install")
class TestShipped(CronMixinCase, SegmentsCase):
    def shipped(self, name):
        return self.env.ref(f"crm_segments.segmentation_{name}").sudo()

    def switched_on(self, name):
        division = self.shipped(name)
        division.enabled = True
        return division

    def buyer(self, name, *days, amount=10):
        """A customer who bought so many days ago."""
        partner = self.customer(name)
        for day in days:
            self.sale(partner, day, amount)
        return partner

    def test_lifecycle(self):
        """Gaps of everybody: 3 × 10, 3 × 30, 3 × 60, 1 × 350 days; three in four are ≤ 60."""
        ours = self.customer("Prospect")
        ours |= self.buyer("Active", 100, 70, 40, 10)  # own 30: risk after 45
        ours |= self.buyer("Own lost", 161, 151, 141, 131)  # own 10: lost after 30
        ours |= self.buyer("Own risk", 290, 230, 170, 110)  # own 60: risk after 90, lost after 180
        ours |= self.buyer("Seasonal", 550, 200)  # own longest gap 350: nothing before 525 days
        ours |= self.buyer("Once, new", 89)  # population's 60: risk after 90
        ours |= self.buyer("Once, risk", 91)
        ours |= self.buyer("Once, lost", 181)
        lifecycle = self.switched_on("lifecycle")
        self.run_done(lifecycle)
        self.assertEqual(self.company.crm_population_interval, 60)
        self.assertEqual(
            self.placed(lifecycle, ours),
            {
                "Prospect": "Prospect",
                "Active": "Active",
                "Own lost": "Lost",
                "Own risk": "At Risk",
                "Seasonal": "Active",
                "Once, new": "New",
                "Once, risk": "At Risk",
                "Once, lost": "Lost",
            },
        )

    def test_order_volume(self):
        ours = self.env["res.partner"]
        for amount in (0, 0.01, 999, 1000, 4999, 5000, 20000):
            ours |= self.buyer(f"{amount}", *([5] if amount else []), amount=amount)
        ours |= self.buyer("Long ago", 400, amount=50000)
        volume = self.switched_on("volume")
        self.run_done(volume)
        self.assertEqual(
            self.placed(volume, ours),
            {"0": "No volume", "0.01": "Small", "999": "Small", "1000": "Medium",
             "4999": "Medium", "5000": "Large", "20000": "Key account", "Long ago": "No volume"},
        )  # fmt: skip

    def test_abc_of_twelve_months(self):
        ours = self.buyer("Big", 5, amount=80) | self.buyer("Small", 5, amount=20)
        ours |= self.buyer("Past", 400, amount=999)
        abc = self.switched_on("abc")
        self.run_done(abc)
        # Small: larger ones hold 80 %, so it is no A
        self.assertEqual(
            self.placed(abc, ours), {"Big": "A", "Small": "B", "Past": "No revenue in 12 months"}
        )

    def test_every_customer_is_in_one_segment_of_each(self):
        self.buyer("Ann", 10, 5)
        self.customer("Bob")
        customers = self.env["res.partner"].search([("is_crm_customer", "=", True)])
        for name in SHIPPED:
            with self.subTest(name):
                segmentation = self.switched_on(name)
                self.run_done(segmentation)
                placed = self.current(segmentation).partner_id
                self.assertEqual(placed, placed & customers)
                self.assertEqual(len(self.current(segmentation)), len(customers))

    def test_switched_off_where_there_are_customers(self):
        self.customer("Ann")
        self.env["crm.segmentation"]._enable_on_empty_database()
        for name in SHIPPED:
            self.assertFalse(self.shipped(name).enabled, name)

    def test_switching_on_goes_by_cron(self):
        ann = self.buyer("Ann", 5)
        cron = self.env.ref("crm_segments.ir_cron_rebuild")
        triggers = [("cron_id", "=", cron.id)]
        before = self.env["ir.cron.trigger"].search_count(triggers)
        rfm = self.shipped("rfm")
        rfm.action_enable()
        self.assertEqual(rfm.last_run_state, "waiting")
        self.assertFalse(self.current(rfm))
        self.assertEqual(self.env["ir.cron.trigger"].search_count(triggers), before + 1)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(rfm.last_run_state, "done")
        self.assertEqual(self.placed(rfm, ann), {"Ann": "Potential Loyalist"})  # 333

    @mute_logger(ENGINE)
    def test_one_run_at_a_time(self):
        volume = self.shipped("volume")
        with self.registry.cursor() as other:
            other.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)", (737_000_000 + volume.id, self.company.id)
            )
            self.assertFalse(volume.run().filtered(lambda one: one.company_id == self.company))
            message = volume.with_company(self.company).action_run()["params"]["message"]
        self.assertIn("Another run", message)
        self.run_done(volume)

    def test_a_changed_rule_is_followed_soon(self):
        lifecycle = self.env.ref("crm_segments.segmentation_lifecycle")
        for enabled, segments, triggered in (
            (True, {"domain": "[('purchase_count', '<', 1)]"}, True),
            (True, {"color": 3}, False),
            (False, {"domain": "[('purchase_count', '=', 0)]"}, False),
        ):
            lifecycle.enabled = enabled
            with self.subTest(enabled=enabled), self.capture_triggers(REBUILD) as capt:
                lifecycle.segment_ids[0].write(segments)
                self.assertEqual(bool(capt.records), triggered)

    def test_deleted_crons_and_menus_do_no_harm(self):
        self.env.ref("crm_segments.ir_cron_queue").unlink()
        self.env.ref("crm_segments.menu_segments_root").unlink()
        partner = self.env["res.partner"].create({"name": "Anybody"})
        self.env["crm.segment.queue"]._push(partner.ids)
        self.assertTrue(self.env["ir.ui.menu"]._visible_menu_ids())
        self.env["ir.ui.menu"]._load_menus_blacklist()
