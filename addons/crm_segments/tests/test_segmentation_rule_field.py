"""Methods 'rule' and 'field': who is where, and why."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import crm_segmentation_field
from .common import SegmentsCase

ENGINE = "odoo.addons.crm_segments.models.crm_segmentation_engine"


@tagged("post_install", "-at_install")
class TestRule(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.small, cls.large, cls.none = (cls.customer(name) for name in ("Small", "Large", "None"))
        cls.sale(cls.small, 100, 10)
        cls.sale(cls.large, 20, 900)
        cls.sale(cls.large, 10, 200)
        cls.ours = cls.small | cls.large | cls.none

    def test_first_match_by_sequence(self):
        segmentation = self.rules(
            {"Big": "[('revenue_total', '>=', 1000)]", "Buyer": "[('purchase_count', '>', 0)]"}
        )
        self.run_done(segmentation)
        self.assertEqual(self.placed(segmentation), {"Small": "Buyer", "Large": "Big"})
        # the order of the segments decides, not the order they were made in
        self.segment(segmentation, "Buyer").sequence = 0
        self.run_done(segmentation)
        self.assertEqual(self.placed(segmentation), {"Small": "Buyer", "Large": "Buyer"})

    def test_overlapping(self):
        segmentation = self.rules(
            {"Big": "[('revenue_total', '>=', 1000)]", "Buyer": "[('purchase_count', '>', 0)]"},
            exclusive=False,
        )
        self.run_done(segmentation)
        self.assertEqual(self.placed(segmentation), {"Small": "Buyer", "Large": "Big+Buyer"})

    def test_everybody_else(self):
        segmentation = self.segmentation(
            "rule",
            {"Big": {"domain": "[('revenue_total', '>', 500)]"}, "Rest": {"is_rest": True}},
        )
        self.run_done(segmentation)
        self.assertEqual(
            self.placed(segmentation, self.ours), {"Small": "Rest", "Large": "Big", "None": "Rest"}
        )

    def test_one_rest_only(self):
        with self.assertRaises(ValidationError):
            self.segmentation("rule", {"A": {"is_rest": True}, "B": {"is_rest": True}})
        segmentation = self.segmentation("rule", {"A": {"is_rest": True}, "B": {}})
        with self.assertRaises(ValidationError):
            segmentation.segment_ids[1].is_rest = True

    def test_archived_segment_places_nobody(self):
        segmentation = self.rules({"A": "[]", "B": "[('purchase_count', '>', 0)]"})
        self.run_done(segmentation)
        segmentation.segment_ids[0].active = False
        self.run_done(segmentation)
        self.assertEqual(self.placed(segmentation), {"Small": "B", "Large": "B"})

    def test_no_segment_at_all(self):
        self.assertEqual(self.run_done(self.rules({})), (0, 0, 0))

    def test_customers_without_figures_read_as_zero(self):
        segmentation = self.rules(
            {"Zero": "[('revenue_total', '<', 5), ('purchase_count', '=', 0)]", "Other": "[]"}
        )
        self.run_done(segmentation)
        self.assertEqual(
            self.placed(segmentation, self.ours),
            {"Small": "Other", "Large": "Other", "None": "Zero"},
        )

    def test_dates_in_the_hosts_words(self):
        segmentation = self.rules(
            {"Late": "[('last_purchase_date', '>=', '-30d')]",
             "Typed": "[('last_purchase_date', '<', (context_today() - relativedelta(days=90))"
             ".strftime('%Y-%m-%d'))]",
             "Never": "[('last_purchase_date', '=', False)]"}
        )  # fmt: skip
        self.run_done(segmentation)
        self.assertEqual(
            self.placed(segmentation, self.ours),
            {"Small": "Typed", "Large": "Late", "None": "Never"},
        )

    def test_population(self):
        segmentation = self.rules({"All": "[]"}, domain="[('name', 'in', ['Small', 'Large'])]")
        self.run_done(segmentation)
        self.assertEqual(self.placed(segmentation), {"Small": "All", "Large": "All"})

    def test_evidence_names_fields_and_values(self):
        segmentation = self.rules(
            {"Big": "[('revenue_total', '>', 500), ('lost_date', '>', 'today')]"}
        )
        self.run_done(segmentation)
        membership = self.current(segmentation)
        large = self.large
        self.assertEqual(
            self.evidence(membership),
            {"basis": "invoice", "leaves": [True, True], "values": {
                "revenue_total": 1100,
                "lost_date": str(large.lost_date),
                "last_purchase_date": str(self.ago(10)),
                # the rule is about rhythm, so it says how long and whose rhythm it took
                "interval_expected": 10,
                "interval_basis": "population",
            }},
        )  # fmt: skip
        self.assertIn("1,100.00", membership.evidence_text)
        self.assertIn("All customers", membership.evidence_text)


@tagged("post_install", "-at_install")
class TestField(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.farm, cls.mine = cls.env["res.partner.industry"].create(
            [{"name": "Farming"}, {"name": "Mining"}]
        )
        cls.ann = cls.customer("Ann", industry_id=cls.farm.id)
        cls.bob = cls.customer("Bob")
        cls.ours = cls.ann | cls.bob

    def by(self, name, **values):
        """A segmentation by the values of a field."""
        field = self.env["ir.model.fields"]._get("res.partner", name)
        return self.segmentation("field", values.pop("segments", {}), field_id=field.id, **values)

    def test_a_segment_per_value_as_values_appear(self):
        segmentation = self.by("industry_id", segments={"Unknown": {"is_rest": True}})
        self.run_done(segmentation)
        self.assertEqual(self.placed(segmentation, self.ours), {"Ann": "Farming", "Bob": "Unknown"})
        self.assertEqual(sorted(segmentation.segment_ids.mapped("name")), ["Farming", "Unknown"])
        self.bob.industry_id = self.mine
        self.assertEqual(self.placed(segmentation, self.ours), {"Ann": "Farming", "Bob": "Mining"})
        self.run_done(segmentation)
        self.assertEqual(len(segmentation.segment_ids), 3)

    def test_names_follow_the_value(self):
        segmentation = self.by("industry_id")
        self.run_done(segmentation)
        segment = self.current(segmentation).segment_id
        self.farm.name = "Agriculture"
        self.run_done(segmentation)
        self.assertEqual(segment.name, "Agriculture")
        self.assertEqual(self.current(segmentation).segment_id, segment)

    def test_tags_overlap(self):
        tags = self.env["res.partner.category"].create([{"name": "T1"}, {"name": "T2"}])
        self.ann.category_id = tags
        segmentation = self.by("category_id", exclusive=False)
        self.run_done(segmentation)
        self.assertEqual(self.placed(segmentation), {"Ann": "T1+T2"})
        self.ann.category_id = [Command.unlink(tags[0].id)]
        self.assertEqual(self.placed(segmentation), {"Ann": "T2"})

    def test_text_selection_and_country(self):
        self.ann.write({"city": "Łódź", "country_id": self.env.ref("base.pl").id})
        for name, expected in (("city", "Łódź"), ("country_id", "Poland")):
            with self.subTest(name):
                segmentation = self.by(name, domain="[('name', '=', 'Ann')]")
                self.run_done(segmentation)
                self.assertEqual(self.placed(segmentation), {"Ann": expected})
                self.assertEqual(
                    self.current(segmentation).evidence["value"],
                    "Łódź" if name == "city" else str(self.env.ref("base.pl").id),
                )

    def test_a_field_that_everybody_has_alone_is_refused(self):
        segmentation = self.by("name")
        with patch.object(crm_segmentation_field, "MAX_VALUES", 1), mute_logger(ENGINE):
            run = segmentation.run()
        self.assertEqual(run.state, "failed")
        self.assertIn("more than 1 different values", run.error)
        self.assertFalse(segmentation.segment_ids)

    def test_deleted_value_empties_the_segment(self):
        segmentation = self.by("industry_id")
        self.run_done(segmentation)
        self.ann.industry_id = False
        self.farm.unlink()
        self.run_done(segmentation)
        self.assertEqual(self.placed(segmentation), {})

    def test_field_has_to_be_one_that_divides(self):
        for name in (False, "display_name", "child_ids", "revenue_total", "comment"):
            field = name and self.env["ir.model.fields"]._get("res.partner", name).id
            with self.subTest(name), self.assertRaises(ValidationError):
                self.segmentation("field", {}, field_id=field)
