"""Preview: what a change would do, counted by hand, and that nothing of it remains."""

from odoo.addons.base.tests.test_ir_cron import CronMixinCase
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import SegmentsCase, UsersMixin

TABLES = (
    "crm_segment_membership", "crm_segment", "crm_segmentation", "crm_segmentation_run",
    "crm_segmentation_version", "ir_cron_trigger", "crm_segment_queue", "crm_customer_metrics",
    "crm_segment_include_rel",
)  # fmt: skip


class PreviewMixin:
    def moved(self, result):
        return result["joined"], result["left"], result["kept"]

    def by_segment(self, result):
        return {
            row["name"]: (row["joined"], row["left"], row["stays"]) for row in result["segments"]
        }

    def state(self):
        """Every row of ours with the transaction that wrote it."""
        self.env.flush_all()
        return {
            table: self.env.execute_query(
                SQL("SELECT xmin::text, ctid::text, t.*::text FROM %s t ORDER BY ctid",
                    SQL.identifier(table))
            )
            for table in TABLES
        }  # fmt: skip


@tagged("post_install", "-at_install")
class TestPreview(PreviewMixin, CronMixinCase, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ours = cls.env["res.partner"]
        for name, amount in {"Ann": 100, "Bob": 200, "Cid": 300, "Dan": 400}.items():
            partner = cls.customer(name)
            cls.sale(partner, 20, amount)
            cls.ours |= partner
        cls.ann, cls.bob, cls.cid, cls.dan = cls.ours
        cls.population = f"[('id', 'in', {cls.ours.ids})]"
        cls.metrics.refresh(cls.ours, cls.company)
        cls.tiers = cls.segmentation(
            "tier",
            {"Gold": {"threshold": 250}, "Silver": {"threshold": 150}},
            domain=cls.population, metric="revenue_total",
        )  # fmt: skip
        cls.gold, cls.silver = cls.tiers.segment_ids
        cls.tiers.run()  # Gold: Cid, Dan; Silver: Bob

    def preview(self, vals, segmentation=None):
        segmentation = self.tiers if segmentation is None else segmentation
        result = segmentation.preview(vals)
        self.assertGreaterEqual(result["seconds"], 0)
        return result

    def limit(self, segment, value):
        return {"segment_ids": [Command.update(segment.id, {"threshold": value})]}

    def test_nothing_changes_nothing_moves(self):
        result = self.preview({})
        self.assertEqual(self.moved(result), (0, 0, 3))
        self.assertEqual(result["revenue_moved"], 0)
        self.assertEqual(self.by_segment(result), {"Gold": (0, 0, 2), "Silver": (0, 0, 1)})

    def test_a_limit(self):
        """Gold from 350: Cid (300) moves down to Silver; Silver from 150 as before."""
        result = self.preview(self.limit(self.gold, 350))
        self.assertEqual(self.moved(result), (1, 1, 2))
        self.assertEqual(result["revenue_moved"], 300)
        self.assertEqual(self.by_segment(result), {"Gold": (0, 1, 1), "Silver": (1, 0, 1)})
        self.assertEqual([row["revenue"] for row in result["segments"]], [400, 500])
        [example] = result["examples"]["joined"]
        self.assertEqual((example["id"], example["name"]), (self.cid.id, "Cid"))
        self.assertEqual((example["from"], example["to"]), (["Gold"], ["Silver"]))
        self.assertIn("300.00", example["value"])
        self.assertEqual(result["examples"]["left"], [])

    def test_leaving_altogether(self):
        """Silver from 250 as well would clash; from 220: Bob (200) fits nowhere."""
        result = self.preview(self.limit(self.silver, 220))
        self.assertEqual(self.moved(result), (0, 1, 2))
        [example] = result["examples"]["left"]
        self.assertEqual((example["name"], example["from"], example["to"]), ("Bob", ["Silver"], []))

    def test_population_and_minimum_stay(self):
        rest = f"[('id', 'in', {(self.ann | self.bob).ids})]"
        self.assertEqual(self.moved(self.preview({"domain": rest})), (0, 2, 1))
        # they have been there for less than 30 days; who is no customer any more leaves anyway
        held = self.preview({**self.limit(self.gold, 350), "minimum_stay_days": 30})
        self.assertEqual(self.moved(held), (0, 0, 3))

    def test_an_added_segment(self):
        vals = {"segment_ids": [Command.create({"name": "Tin", "threshold": 50, "sequence": 9})]}
        result = self.preview(vals)
        self.assertEqual(self.moved(result), (1, 0, 3))
        self.assertEqual(self.by_segment(result)["Tin"], (1, 0, 0))
        [example] = result["examples"]["joined"]
        self.assertEqual((example["name"], example["to"]), ("Ann", ["Tin"]))

    def test_a_removed_segment(self):
        """Its customers leave it, though deleting takes their memberships along."""
        for command in (
            Command.delete(self.gold.id),
            Command.update(self.gold.id, {"active": False}),
        ):
            with self.subTest(command):
                result = self.preview({"segment_ids": [command]})
                self.assertEqual(self.moved(result), (2, 2, 1))
                self.assertEqual(
                    self.by_segment(result), {"Silver": (2, 0, 1), "Gold": (0, 2, 0)}
                )
        alone = self.preview({"segment_ids": [Command.delete(self.silver.id)]})
        self.assertEqual(self.moved(alone), (0, 1, 2))

    def test_rules_and_exclusive(self):
        div = self.rules(
            {"Big": "[('revenue_total', '>', 250)]", "All": "[('revenue_total', '>', 0)]"},
            domain=self.population, name="Rules",
        )  # fmt: skip
        self.run_done(div)
        big, everyone = div.segment_ids
        overlapping = self.preview({"exclusive": False}, div)
        self.assertEqual(self.moved(overlapping), (2, 0, 2))
        self.assertEqual(self.by_segment(overlapping), {"Big": (0, 0, 2), "All": (2, 0, 2)})
        rule = {"segment_ids": [Command.update(big.id, {"domain": "[('name', '=', 'Ann')]"})]}
        result = self.preview(rule, div)
        self.assertEqual(self.moved(result), (3, 3, 1))
        values = {one["name"]: one["value"] for one in result["examples"]["joined"]}
        self.assertIn("Ann", values["Ann"])  # the name decides
        self.assertIn("Revenue: $\xa0300.00", values["Cid"])  # the figure does
        self.assertEqual([one["name"] for one in result["examples"]["joined"]][0], "Dan")

    def test_grid(self):
        rfm = self.segmentation(
            "rfm",
            {one["name"]: one for one in self.env["crm.segmentation"]._default_segments_rfm()},
            domain=self.population,
        )
        self.run_done(rfm)
        before = self.placed(rfm, self.dan)["Dan"]
        source = self.segment(rfm, before)
        target = self.segment(rfm, "Lost")
        code = self.current(rfm).filtered(lambda one: one.partner_id == self.dan).code
        vals = {
            "segment_ids": [
                Command.update(source.id, {"rfm_codes": source.rfm_codes.replace(code, "")}),
                Command.update(target.id, {"rfm_codes": f"{target.rfm_codes} {code}"}),
            ]
        }
        result = self.preview(vals, rfm)
        example = next(one for one in result["examples"]["joined"] if one["name"] == "Dan")
        self.assertEqual((example["from"], example["to"]), ([before], ["Lost"]))
        self.assertEqual(example["value"], code)

    def test_a_new_one(self):
        other = self.rules({"Known": f"[('id', '=', {self.ann.id})]"}, name="Other")
        self.run_done(other)
        vals = {
            "name": "New", "method": "rule", "domain": self.population,
            "segment_ids": [
                Command.create({"name": "N", "domain": "[('revenue_total', '<', 250)]"})
            ],
        }  # fmt: skip
        result = self.preview(vals, self.env["crm.segmentation"])
        self.assertEqual(self.moved(result), (2, 0, 0))
        overlap = {(one["segmentation"], one["name"]): one["count"] for one in result["overlap"]}
        self.assertEqual(overlap, {("Test", "Silver"): 1, ("Other", "Known"): 1})
        self.assertFalse(self.env["crm.segmentation"].search([("name", "=", "New")]))

    def test_values_of_a_field(self):
        industry = self.env["res.partner.industry"].create({"name": "Mining"})
        self.ann.industry_id = industry
        field = self.env["ir.model.fields"]._get("res.partner", "industry_id")
        vals = {"name": "F", "method": "field", "field_id": field.id, "domain": self.population}
        result = self.preview(vals, self.env["crm.segmentation"])
        self.assertEqual(self.by_segment(result), {"Mining": (1, 0, 0)})
        self.assertIn("Mining", result["examples"]["joined"][0]["value"])

    def test_pins_stay(self):
        self.stay(self.ann, self.gold, 3, pinned="in")
        result = self.preview(self.limit(self.gold, 1000))
        self.assertEqual(self.by_segment(result), {"Gold": (0, 2, 1), "Silver": (2, 0, 1)})

    def test_twenty_examples(self):
        many = self.env["res.partner"]
        for index in range(25):
            many |= self.customer(f"Many {index:02}")
        result = self.preview({"name": "M", "domain": f"[('id', 'in', {many.ids})]",
                               "segment_ids": [Command.create({"name": "All", "domain": "[]"})]},
                              self.env["crm.segmentation"])  # fmt: skip
        self.assertEqual(result["joined"], 25)
        self.assertEqual(len(result["examples"]["joined"]), 20)

    def test_not_one_row_remains(self):
        """Rows, triggers, versions: all as before, also after a preview that failed."""
        before = self.state()
        cache = self.env["crm.segmentation"]._fields_read()
        flags = set(self.env.registry.cache_invalidated)
        with self.capture_triggers("crm_segments.ir_cron_rebuild") as captured:
            self.preview(
                {
                    "name": "Other name", "exclusive": False, "domain": "[]", "enabled": False,
                    "segment_ids": [
                        Command.delete(self.silver.id),
                        Command.update(self.gold.id, {"threshold": 5}),
                        Command.create({"name": "Tin", "threshold": 1}),
                    ],
                }
            )  # fmt: skip
            with self.assertRaises(ValidationError):
                self.tiers.preview(self.limit(self.gold, 150))
        self.assertFalse(captured.records)
        self.assertEqual(self.state(), before)
        self.assertEqual(self.tiers.name, "Test")
        self.assertEqual(self.env["crm.segmentation"]._fields_read(), cache)
        self.assertEqual(self.env.registry.cache_invalidated, flags)

    def test_what_nobody_saved_is_not_remembered(self):
        """What is cached of the rules is that of what is stored."""
        div = self.rules({"A": "[]"}, domain=self.population, exclusive=False)
        reads, version = div._segment_references(), div._current_version()
        rule = f"[('segment_ids', 'in', {self.gold.ids})]"
        div.preview({"segment_ids": [Command.create({"name": "B", "domain": rule})]})
        self.assertEqual(div._segment_references(), reads)
        self.assertEqual(div._current_version(), version)

    def test_errors_in_words(self):
        div = self.rules({"A": "[]"}, domain=self.population)
        segment = div.segment_ids
        for rule, words in {
            "[('no_such_field', '=', 1)]": "doesn't exist",
            "[('user_id', '=', uid)]": "depends on the user",
            "[('name', '=', 1": "can't be used",
        }.items():
            vals = {"segment_ids": [Command.update(segment.id, {"domain": rule})]}
            with self.subTest(rule), self.assertRaisesRegex(ValidationError, words):
                div.preview(vals)
        self.assertEqual(self.moved(div.preview({})), (4, 0, 0))  # the transaction goes on

    def test_the_run_does_what_the_preview_said(self):
        vals = self.limit(self.gold, 350)
        self.preview(vals)
        self.tiers.write(vals)
        self.run_done(self.tiers)
        self.assertEqual(
            self.placed(self.tiers), {"Bob": "Silver", "Cid": "Silver", "Dan": "Gold"}
        )

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Second Company"})
        result = self.tiers.with_company(other).preview(self.limit(self.gold, 350))
        self.assertEqual(self.moved(result), (0, 0, 0))


@tagged("post_install", "-at_install")
class TestPreviewAccess(PreviewMixin, UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.vals = {
            "segment_ids": [
                Command.update(cls.big.id, {"domain": "[('revenue_total', '>', 150)]"})
            ]
        }
        cls.users["chief"] = cls.users["all"].copy(
            {"login": "seg_chief", "group_ids": [
                Command.link(cls.env.ref("crm_segments.group_segments_manager").id),
                Command.link(cls.env.ref("sales_team.group_sale_salesman_all_leads").id)]}
        )  # fmt: skip

    def test_preview_is_for_managers(self):
        for login in ("own", "all", "reader", "accountant", "plain", "portal"):
            with self.subTest(login):
                for record in (self.div, self.env["crm.segmentation"]):
                    with self.assertRaises(AccessError):
                        self.as_user(login, record).preview(self.vals)

    def test_amounts_are_for_those_who_see_them(self):
        for login, visible in {"marketer": False, "chief": True}.items():
            result = self.as_user(login, self.div).preview(self.vals)
            with self.subTest(login):
                self.assertEqual(self.moved(result)[:2], (1, 1))
                self.assertEqual(result["revenue_moved"], 200 if visible else False)
                [example] = result["examples"]["joined"]
                self.assertEqual(example["name"], "Free")
                self.assertEqual("200" in example["value"], visible)
                for row in result["segments"]:
                    self.assertEqual(row["revenue"] is False, not visible)
