"""What is deleted when its time is over, and what goes with a customer."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from ..models import crm_segment_membership_retention
from .common import SegmentsCase
from .common_past import PastMixin

WHY = {"values": {"revenue_total": 5.0}}


@tagged("post_install", "-at_install")
class TestRetention(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.bob = cls.customer("Ann"), cls.customer("Bob")
        cls.div = cls.rules({"A": "[('id', '=', 0)]", "B": "[('id', '=', 0)]"}, enabled=False)
        cls.a, cls.b = cls.div.segment_ids
        cls.memberships = cls.env["crm.segment.membership"].sudo()

    def clean(self):
        """As the host's nightly cleaner does: again while there is more."""
        for method in (self.memberships._gc_evidence, self.memberships._gc_stays):
            while method()[1]:
                pass
        self.env.invalidate_all()

    def reasons(self, *stays):
        return [bool(one.evidence) for one in stays]

    def test_for_ever_unless_set(self):
        old = self.stay(self.ann, self.a, 5000, 4000, evidence=WHY)
        self.clean()
        self.assertEqual(self.reasons(old), [True])

    def test_reasons_go_and_stays_stay(self):
        self.company.crm_segments_keep_evidence = 30
        stays = [
            self.stay(self.ann, self.a, 100, 31, evidence=WHY),
            self.stay(self.ann, self.b, 31, 30, evidence=WHY),
            self.stay(self.ann, self.a, 30, evidence=WHY),
            self.stay(self.bob, self.b, 900, 60, evidence=WHY, origin="backfill"),
        ]
        self.clean()
        self.assertEqual(self.reasons(*stays), [False, True, True, False])
        self.assertEqual(stays[0].date_to, self.ago(31))
        self.assertFalse(stays[0].evidence_text)

    def test_stays_go_after_their_own_time(self):
        self.company.write({"crm_segments_keep_evidence": 10, "crm_segments_keep_stays": 50})
        gone = self.stay(self.ann, self.a, 100, 51, evidence=WHY)
        gone |= self.stay(self.bob, self.a, 100, 60, origin="backfill")
        gone |= self.stay(self.bob, self.b, 100, 60, pinned="out")
        kept = self.stay(self.ann, self.b, 51, 50, evidence=WHY)
        kept |= self.stay(self.ann, self.a, 50, evidence=WHY)
        self.clean()
        self.assertFalse(gone.exists())
        self.assertEqual(self.reasons(*kept), [False, True])

    def test_what_goes_on_has_not_ended(self):
        """A stay computed for the past ends where the live one of the same segment begins."""
        self.company.write({"crm_segments_keep_evidence": 10, "crm_segments_keep_stays": 10})
        past = self.stay(self.ann, self.a, 300, 100, origin="backfill", evidence=WHY)
        self.stay(self.ann, self.a, 100)
        other = self.stay(self.bob, self.a, 300, 100, origin="backfill")
        self.stay(self.bob, self.b, 100)
        out = self.stay(self.bob, self.a, 100, pinned="out")
        self.clean()
        self.assertEqual(self.reasons(past), [True])
        self.assertFalse(other.exists())
        self.assertTrue(out.exists())

    def test_each_company_keeps_its_own(self):
        other = self.env["res.company"].create({"name": "B", "crm_segments_keep_stays": 10})
        ours = self.stay(self.ann, self.a, 100, 50)
        theirs = self.stay(self.ann, self.a, 100, 50, company_id=other.id)
        self.clean()
        self.assertEqual((ours | theirs).exists(), ours)

    def test_in_batches(self):
        self.company.crm_segments_keep_stays = 10
        stays = self.memberships.browse()
        for days in range(20, 100, 10):
            stays |= self.stay(self.ann, self.a, days + 5, days)
        with patch.object(crm_segment_membership_retention, "BATCH", 3):
            self.assertEqual(self.memberships._gc_stays(), (3, True))
            self.assertEqual(self.memberships._gc_stays(), (3, True))
            self.assertEqual(self.memberships._gc_stays(), (2, False))
        self.assertFalse(stays.exists())

    def test_the_cleaner_calls_it(self):
        self.company.write({"crm_segments_keep_evidence": 10, "crm_segments_keep_stays": 20})
        gone, bare = self.stay(self.ann, self.a, 90, 30), self.stay(self.bob, self.a, 90, 15)
        bare.evidence = WHY
        with self.enter_registry_test_mode():
            self.env.ref("base.autovacuum_job").method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(gone.exists())
        self.assertEqual(self.reasons(bare), [False])

    def test_never_negative(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
        ):
            self.company.crm_segments_keep_stays = -1
            self.env.flush_all()

    # what goes with a customer

    def test_a_customer_takes_its_rows_along(self):
        self.stay(self.ann, self.a, 30)
        self.metrics.create({"partner_id": self.ann.id, "company_id": self.company.id})
        self.env["crm.segment.queue"]._push(self.ann.ids)
        self.env["crm.sales.identity"].create(
            {"source_id": self.source.id, "external_id": "1", "partner_id": self.ann.id}
        )
        company = {"company_id": self.company.id}
        self.env["crm.customer.purchases"].sudo().create(
            {**company, "partner_id": self.ann.id, "customer_id": self.ann.id, "currency_id": 1}
        )
        self.env["crm.segment.exclusion"].create({**company, "partner_id": self.ann.id})
        names = ("crm.segment.membership", "crm.customer.metrics", "crm.segment.queue",
                 "crm.sales.identity", "crm.customer.purchases",
                 "crm.segment.exclusion")  # fmt: skip
        ours = [("partner_id", "=", self.ann.id)]
        found = [self.env[name].sudo().search(ours) for name in names]
        self.assertTrue(all(found))
        self.ann.unlink()
        self.assertFalse([one for one in found if one.exists()])

    def test_a_customer_with_sales_is_not_deleted(self):
        self.sale(self.ann, 5, 100)
        self.sale(self.ann, 4, 100)
        with self.assertRaisesRegex(UserError, "“Ann” has 2 lines of sales"):
            (self.bob | self.ann).unlink()
        self.env["crm.sales.history"].search([("partner_id", "=", self.ann.id)]).unlink()
        self.assertIn(self.ann, self.queued())
        self.ann.unlink()
        self.assertFalse(self.ann.exists())


@tagged("post_install", "-at_install")
class TestRetentionOfThePast(PastMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_segments()
        cls.set_up_past()
        cls.ann = cls.old_customer("Ann")
        cls.sale(cls.ann, cls.e1, 60)
        cls.sale(cls.ann, cls.e2, 60)
        cls.div = cls.rules(
            {"Big": "[('revenue_total', '>', 100)]", "Small": "[('revenue_total', '>', 0)]"}
        )

    def keep_from(self, day, **names):
        for name in names or ("crm_segments_keep_stays",):
            self.company[name] = (self.today - day).days

    def test_computed_no_further_back(self):
        self.keep_from(self.e2)
        self.played(self.div, 12)
        self.assertEqual(self.past(self.div, self.ann), [("Big", self.e2, self.today)])

    def test_what_was_deleted_does_not_come_back(self):
        """Though Bob's stay goes on, and is computed from its beginning."""
        bob = self.old_customer("Bob")
        self.sale(bob, self.e1, 500)
        self.played(self.div, 3)
        known = self.past(self.div, self.ann)
        self.assertEqual(known[0], ("Small", self.e1, self.e2))
        self.keep_from(self.e3)
        self.env["crm.segment.membership"]._gc_stays()
        self.assertEqual(self.past(self.div, self.ann), known[1:])
        self.played(self.div, 3)
        self.assertEqual(self.past(self.div, self.ann), known[1:])
        self.assertEqual(self.past(self.div, bob), [("Big", self.e1, self.today)])

    def test_reasons_do_not_come_back(self):
        self.keep_from(self.e3, crm_segments_keep_evidence=True)
        for _time in range(2):
            self.played(self.div, 3)
            small, big = self.past_rows(self.div, self.ann)
            self.assertEqual((bool(small.evidence), bool(big.evidence)), (False, True))
