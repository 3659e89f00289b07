"""Bridges that take long are answered by what was read at night."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..lib.bridge_periods import presets
from ..models import crm_segment_kept as kept
from .common import SegmentsCase
from .test_bridge import BridgeMixin


@tagged("post_install", "-at_install")
class TestBridgeKept(BridgeMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_bridge()
        cls.Kept = cls.env["crm.segment.kept"]
        cls.startClassPatcher(patch.object(kept, "SLOW", 0))
        cls.startClassPatcher(patch.object(type(cls.env["ir.cron"]), "_commit_progress"))
        cls.ann = cls.customer("Ann")
        today = fields.Date.today()
        first, second, third, fourth = presets(today)["months"]
        cls.periods = ((str(first), str(second)), (str(third), str(fourth)))
        cls.sale(cls.ann, second, 100.10)
        cls.sale(cls.ann, third, 70.05)
        cls.env.flush_all()

    def ends(self, *, fresh=False):
        periods = [list(pair) for pair in self.periods]
        found = self.bridge_model.bridge(periods, fresh=fresh)
        return found["start"]["total"], found["end"]["total"], bool(found["read_at"])

    def test_shown_as_it_was_at_night_until_it_is_read_again(self):
        self.assertEqual(self.ends(), (100.10, 70.05, False))
        self.Kept._keep_due()
        # other companies have their own answers; other add-ons may offer periods of their own
        own = self.Kept.search(
            [("company_id", "=", self.company.id), ("model_name", "=", "crm.revenue.bridge")]
        )
        offered = set(self.bridge_model._offered())
        self.assertEqual(len(own), len(offered))
        self.assertLessEqual(set(presets(fields.Date.today()).values()), offered)
        self.sale(self.ann, 5, 30)
        self.env.flush_all()
        self.assertEqual(self.ends(), (100.10, 70.05, True))
        self.assertEqual(self.ends(fresh=True), (100.10, 100.05, False))
        self.Kept._keep_due()
        self.assertEqual(self.ends(), (100.10, 100.05, True))

    def test_holds_no_longer_than_what_it_rests_on(self):
        self.Kept._keep_due()
        self.assertTrue(self.ends()[2])
        for name in self.counting_otherwise():
            self.assertFalse(self.ends()[2], name)
        self.assertTrue(self.ends()[2])
        self.Kept.search([]).read_at = fields.Datetime.now() - timedelta(hours=kept.HOURS + 1)
        self.assertFalse(self.ends()[2])

    def test_a_day_on_which_two_offered_periods_are_the_same(self):
        """On the last day of the year it is as long as twelve months."""
        last = date(self.today.year - 1, 12, 31)
        self.assertEqual(presets(last)["year"], presets(last)["months"])
        own = self.Kept.with_company(self.company).with_context(
            allowed_company_ids=self.company.ids
        )
        with patch.object(type(self.env["crm.segmentation"]), "_today", lambda _self: last):
            own._keep_answers("crm.revenue.bridge")
            offered = set(self.bridge_model._offered())
            asked = [question for question, *_more in self.bridge_model._ask_at_night()]
        self.assertEqual(len(asked), len(set(asked)))
        kept = self.Kept.search([("model_name", "=", "crm.revenue.bridge")])
        self.assertEqual(len(kept), len(offered))
        # the next night takes their place
        with patch.object(type(self.env["crm.segmentation"]), "_today", lambda _self: last):
            own._keep_answers("crm.revenue.bridge")
        self.assertEqual(
            len(self.Kept.search([("model_name", "=", "crm.revenue.bridge")])), len(offered)
        )

    def test_a_quick_answer_is_not_kept(self):
        self.Kept._keep_due()
        with patch.object(kept, "SLOW", 3600):
            self.Kept._keep_due()
        self.assertFalse(self.Kept.search([]))
        self.assertFalse(self.ends()[2])

    def test_rights_are_asked_before(self):
        self.Kept._keep_due()
        seller = new_test_user(
            self.env, "kept_seller",
            groups="crm_segments.group_segments_user,sales_team.group_sale_salesman",
        )  # fmt: skip
        with self.assertRaises(AccessError):
            self.bridge_model.with_user(seller).bridge([list(pair) for pair in self.periods])
