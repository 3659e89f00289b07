"""``crm.segment.assign``: where a customer with given values would belong."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.metric_fields import METRICS
from .common import SegmentsCase


class AssignMixin:
    """Asks, and sees that nothing is written."""

    def assign(self, values, **kwargs):
        """Names of the segments, joined."""
        self.env.flush_all()
        before = self.written()
        ids = self.env["crm.segment"].assign(values, **kwargs)
        self.env.flush_all()
        self.assertEqual(self.written(), before)
        return "+".join(self.env["crm.segment"].browse(ids).mapped("name"))

    def written(self):
        """Numbers of rows in the tables that could have been written."""
        return [
            self.env[model].sudo().with_context(active_test=False).search_count([])
            for model in ("res.partner", "crm.segment", "crm.segment.membership",
                          "crm.segmentation.run", "crm.segment.queue")
        ]  # fmt: skip


@tagged("post_install", "-at_install")
class TestAssign(AssignMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.farm, cls.mine = cls.env["res.partner.industry"].create(
            [{"name": "Farming"}, {"name": "Mining"}]
        )
        cls.poland = cls.env.ref("base.pl")
        cls.vip = cls.env["res.partner.category"].create({"name": "VIP"})

    def test_leaves(self):
        """Every kind of condition against what is given."""
        poland, farm, vip = self.poland.id, self.farm.id, self.vip.id
        for rule, values, fits in (
            (f"[('industry_id', '=', {farm})]", {"industry_id": farm}, True),
            (f"[('industry_id', '=', {farm})]", {"industry_id": self.mine.id}, False),
            (f"[('industry_id', '=', {farm})]", {}, False),
            (f"[('industry_id', '!=', {farm})]", {}, True),
            ("[('industry_id', '=', False)]", {}, True),
            ("[('industry_id', 'ilike', 'farm')]", {"industry_id": farm}, True),
            ("[('industry_id.name', '=', 'Farming')]", {"industry_id": farm}, True),
            ("[('country_id.code', 'in', ['PL', 'DE'])]", {"country_id": poland}, True),
            ("[('country_code', '=', 'PL')]", {"country_id": poland}, True),
            ("[('city', '=ilike', 'rad%')]", {"city": "Radom"}, True),
            ("[('email_normalized', '=', 'a@b.example')]", {"email": "A@B.example"}, True),
            ("[('is_company', '=', True)]", {"is_company": True}, True),
            ("[('is_company', '=', True)]", {}, False),
            ("[('active', '=', True)]", {}, True),
            ("[('type', '=', 'contact')]", {}, True),
            (f"[('category_id', 'in', [{vip}])]", {"category_id": [vip]}, True),
            (f"[('category_id', 'in', [{vip}])]", {"category_id": []}, False),
            ("[('category_id.name', '=', 'VIP')]", {"category_id": [vip]}, True),
            (f"[('category_id', 'child_of', [{vip}])]", {"category_id": [vip]}, True),
            ("[('purchase_count', '=', 0)]", {}, True),
            ("[('purchase_count', '>', 2)]", {"purchase_count": 3}, True),
            ("[('revenue_12m', '>', 100)]", {"revenue_12m": 100.01}, True),
            ("[('revenue_12m', '<=', 100)]", {"revenue_12m": 100}, True),
            ("[('last_purchase_date', '<', '-90d')]",
             {"last_purchase_date": str(self.ago(91))}, True),
            ("[('last_purchase_date', '<', '-90d')]",
             {"last_purchase_date": str(self.ago(89))}, False),
            ("[('last_purchase_date', '=', False)]", {}, True),
            ("[('lost_date', '<', 'today')]", {}, False),
            ("[('is_crm_customer', '=', True)]", {}, True),
            ("[('is_crm_customer', '=', True)]", {"supplier_rank": 1}, False),
            ("['|', ('city', '=', 'x'), ('zip', '=', '1')]", {"zip": "1"}, True),
            ("['!', ('city', '=', 'x')]", {}, True),
            ("[]", {}, True),
        ):
            with self.subTest(rule=rule, values=values):
                div = self.rules({"In": rule}, domain="[]")
                self.assertEqual(self.assign(values), "In" if fits else "")
                # what is said of somebody who doesn't exist has to come true
                if METRICS.keys().isdisjoint(values):
                    partner = self.env["res.partner"].create({"name": "Real", **values})
                    div._place(partner.ids)
                    real = div.enabled and partner.segment_ids.mapped("name")
                    self.assertEqual(real, ["In"] if fits else [])
                div.unlink()

    def test_undecided(self):
        """Neither the rule nor its opposite says anything."""
        for rule, values in (
            ("('id', '>', 0)", {}),
            ("('create_date', '>', '2020-01-01')", {}),
            ("('segment_ids', '!=', False)", {}),
            ("('leading_segment_id', '=', False)", {}),
            ("('category_id', '=', False)", {}),
            ("('child_ids', '=', False)", {}),
            ("('sale_order_ids', '=', False)", {}),
            ("('lang', '=', 'en_US')", {}),
            ("('purchase_count', '=', 0)", {"revenue_12m": 5}),
            ("('risk_date', '<', 'today')", {"last_purchase_date": "2020-01-01"}),
            ("('partner_share', '=', True)", {}),
        ):
            with self.subTest(rule=rule):
                div = self.rules({"In": f"[{rule}]", "Out": f"['!', {rule}]"}, exclusive=False)
                rest = self.env["crm.segment"].create(
                    {"name": "Rest", "segmentation_id": div.id, "is_rest": True}
                )
                self.assertEqual(self.assign(values), "")
                # but what is certain anyway is said, also beside something undecided
                rest.unlink()
                self.env["crm.segment"].create(
                    {"name": "Sure", "segmentation_id": div.id,
                     "domain": f"['|', {rule}, ('name', '=', 'N')]"}
                )  # fmt: skip
                self.assertEqual(self.assign({"name": "N", **values}), "Sure")
                div.unlink()

    def test_first_that_fits_and_everybody_else(self):
        div = self.segmentation(
            "rule",
            {
                "Farm": {"domain": f"[('industry_id', '=', {self.farm.id})]"},
                "Radom": {"domain": "[('city', '=', 'Radom')]"},
                "Rest": {"is_rest": True},
            },
        )
        both = {"industry_id": self.farm.id, "city": "Radom"}
        self.assertEqual(self.assign(both), "Farm")
        self.assertEqual(self.assign({"city": "Radom"}), "Radom")
        self.assertEqual(self.assign({"city": "Kielce"}), "Rest")
        div.exclusive = False
        self.assertEqual(self.assign(both), "Farm+Radom")

    def test_an_undecided_rule_in_front_leaves_the_later_ones_open(self):
        self.segmentation(
            "rule",
            {
                "Unclear": {"domain": "[('child_ids', '=', False)]"},
                "Radom": {"domain": "[('city', '=', 'Radom')]"},
                "Rest": {"is_rest": True},
            },
        )
        self.assertEqual(self.assign({"city": "Radom"}), "")
        self.assertEqual(self.assign({}), "")

    def test_population(self):
        div = self.rules({"In": "[]"}, domain="[('country_id.code', '=', 'PL')]")
        self.assertEqual(self.assign({"country_id": self.poland.id}), "In")
        self.assertEqual(self.assign({}), "")
        div.domain = "[('child_ids', '=', False)]"
        self.assertEqual(self.assign({"country_id": self.poland.id}), "")
        div.domain = "[]"
        self.assertEqual(self.assign({"active": False}), "")
        parent = self.customer("P").id
        self.assertEqual(self.assign({"parent_id": parent}), "")
        self.assertEqual(self.assign({"parent_id": parent, "is_company": True}), "In")
        div.enabled = False
        self.assertEqual(self.assign({}), "")

    def test_included_and_excluded(self):
        base = self.rules({"Farm": f"[('industry_id', '=', {self.farm.id})]",
                           "Unclear": "[('child_ids', '=', False)]"}, exclusive=False)  # fmt: skip
        farm, unclear = base.segment_ids
        top = self.rules({"Also": "[]", "But": "[('city', '=', 'Radom')]", "Both": "[]"},
                         name="Top", exclusive=False)  # fmt: skip
        also, but, both = top.segment_ids
        also.include_segment_ids = farm
        but.exclude_segment_ids = farm
        both.include_segment_ids = farm | unclear
        self.assertEqual(self.assign({"industry_id": self.farm.id}), "Farm+Also+Both")
        self.assertEqual(self.assign({"city": "Radom"}), "But")
        but.exclude_segment_ids = unclear
        self.assertEqual(self.assign({"city": "Radom"}), "")
        farm.exclude_segment_ids = unclear
        self.assertEqual(self.assign({"industry_id": self.farm.id}), "")

    def test_field(self):
        self.customer("A", industry_id=self.farm.id, category_id=self.vip.ids, city="Radom")
        divs = {}
        for name in ("industry_id", "category_id", "city", "is_company"):
            field = self.env["ir.model.fields"]._get("res.partner", name)
            divs[name] = self.segmentation("field", {"Rest": {"is_rest": True}},
                                           field_id=field.id, name=name)  # fmt: skip
            divs[name].run()
            divs[name].enabled = False
        for name, values, segment in (
            ("industry_id", {"industry_id": self.farm.id}, "Farming"),
            ("industry_id", {"industry_id": self.mine.id}, "Rest"),
            ("industry_id", {}, "Rest"),
            ("category_id", {"category_id": self.vip.ids}, "VIP"),
            ("category_id", {"category_id": []}, "Rest"),
            ("category_id", {}, ""),
            ("city", {"city": "Radom"}, "Radom"),
            ("is_company", {"is_company": True}, "Is a Company"),
            ("is_company", {}, "Rest"),
        ):
            divs[name].enabled = True
            with self.subTest(name=name, values=values):
                self.assertEqual(self.assign(values), segment)
            divs[name].enabled = False

    def test_tier(self):
        self.segmentation(
            "tier",
            {"Low": {"threshold": 1}, "High": {"threshold": 100}, "None": {"is_rest": True}},
            metric="revenue_12m",
        )
        for values, segment in (
            ({"revenue_12m": 99.99}, "Low"),
            ({"revenue_12m": 100}, "High"),
            ({"revenue_12m": 0}, "None"),
            ({}, "None"),
            ({"purchase_count": 1}, ""),
        ):
            self.assertEqual(self.assign(values), segment, values)

    def test_wrong_values(self):
        self.rules({"In": "[]"})
        for values, word in (
            ({"nothing": 1}, "nothing"),
            ({"segment_ids": [1]}, "segment_ids"),
            ({"is_crm_customer": True}, "is_crm_customer"),
            ({"child_ids": [1]}, "child_ids"),
            ({"revenue_12m": "5000"}, "5000"),
            ({"revenue_12m": float("nan")}, "nan"),
            ({"revenue_12m": True}, "True"),
            ({"purchase_count": 1.5}, "1.5"),
            ({"purchase_count": "3"}, "3"),
            ({"last_purchase_date": "yesterday"}, "yesterday"),
            ({"last_purchase_date": 20200101}, "20200101"),
            ({"country_id": "PL"}, "PL"),
            ({"country_id": 2**31 - 1}, "2147483647"),
            ({"country_id": 10**30}, "country_id"),
            ({"country_id": [self.poland.id]}, "country_id"),
            ({"category_id": self.vip.id}, "category_id"),
            ({"type": "castle"}, "castle"),
            ({"is_company": "yes"}, "yes"),
            ({"city": 5}, "5"),
            ("city", "values"),
            (None, "values"),
            ({1: 2}, "1"),
        ):
            with self.subTest(values), self.assertRaises(UserError) as caught:
                self.env["crm.segment"].assign(values)
            self.assertIn(word, caught.exception.args[0])

    @mute_logger("odoo.addons.crm_segments.models.crm_segmentation_verdicts")
    def test_a_broken_rule_decides_nothing(self):
        broken = self.rules({"Broken": "[]"})
        self.rules({"In": "[]"}, name="Other")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_segment SET domain = '[(''gone'', ''='', 1)]' WHERE segmentation_id = %s",
            broken.ids,
        )
        self.env.invalidate_all()
        self.assertEqual(self.assign({}), "In")

    def test_companies(self):
        second = self.env["res.company"].create({"name": "Second"})
        own = self.rules({"Theirs": "[]"}, company_id=second.id)
        self.rules({"All": "[]"}, name="Shared")
        groups = "crm_segments.group_segments_manager"
        manager = new_test_user(self.env, login="api_m", groups=groups)
        Segment = self.env["crm.segment"].with_user(manager)
        self.assertEqual(self.assign({}), "All")
        for company_id in (second.id, 0, "x", 10**12, [1]):
            with self.subTest(company_id), self.assertRaises(AccessError):
                Segment.assign({}, company_id=company_id)
        manager.company_ids |= second
        self.assertIn(own.segment_ids.id, Segment.assign({}, company_id=second.id))
        self.assertEqual(self.assign({"company_id": second.id}), "")
        self.assertEqual(self.assign({"company_id": self.company.id}), "All")
