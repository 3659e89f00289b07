"""The digest: customers who fell to 'At Risk'."""

from datetime import datetime, time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SegmentsCase, UsersMixin


@tagged("post_install", "-at_install")
class TestDigest(UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.ann, cls.bob = cls.customer("Ann"), cls.customer("Bob")
        cls.lifecycle = cls.env.ref("crm_segments.segmentation_lifecycle")
        cls.rfm = cls.env.ref("crm_segments.segmentation_rfm")
        # switched on without a run
        (cls.lifecycle | cls.rfm).enabled = True
        cls.env["crm.segment.membership"].sudo().search([]).unlink()
        cls.active = cls.env.ref("crm_segments.segment_lifecycle_active")
        cls.risky = cls.env.ref("crm_segments.segment_lifecycle_at_risk")
        cls.loyal = cls.env.ref("crm_segments.segment_rfm_loyal")
        cls.rfm_risky = cls.env.ref("crm_segments.segment_rfm_at_risk")
        cls.digest = cls.env["digest.digest"].create(
            {"name": "Test", "kpi_crm_segments_at_risk": True, "company_id": cls.company.id}
        )

    def value(self, first=1, last=0, login="own", digest=None, company=None):
        """Of the days after ``first`` days ago until ``last`` days ago."""
        digest = self.as_user(login, digest or self.digest).with_company(company or self.company)
        return digest.with_context(
            start_datetime=datetime.combine(self.ago(first), time(8)),
            end_datetime=datetime.combine(self.ago(last), time(8)),
        ).kpi_crm_segments_at_risk_value

    def falls(self, partner, days, segments=None, **values):
        """From one segment to another so many days ago."""
        before, after = segments or (self.active, self.risky)
        self.stay(partner, before, days + 100, days, **values)
        return self.stay(partner, after, days, **values)

    def test_in_the_period(self):
        self.falls(self.ann, 0)
        self.falls(self.bob, 5)
        self.assertEqual([self.value(1), self.value(5), self.value(6)], [1, 1, 2])
        # of two periods side by side a day belongs to one
        self.assertEqual([self.value(6, 5), self.value(5, 4), self.value(10, 6)], [1, 0, 0])

    def test_a_customer_counts_once(self):
        self.falls(self.ann, 3)
        self.falls(self.ann, 2, (self.loyal, self.rfm_risky))
        self.assertEqual(self.value(7), 1)

    def test_only_moves(self):
        self.stay(self.ann, self.risky, 2)  # the first stay
        self.stay(self.bob, self.risky, 90, 3, origin="backfill")  # goes on
        self.stay(self.bob, self.risky, 3)
        self.falls(self.mine, 2, (self.risky, self.active))  # the other way
        self.falls(self.free, 2, pinned="out")
        self.assertEqual(self.value(7), 0)
        # a fall that was computed for the past is one
        self.falls(self.theirs, 5, origin="backfill")
        self.assertEqual(self.value(7), 1)

    def test_each_company_its_own(self):
        other = self.env["res.company"].create({"name": "B"})
        self.falls(self.ann, 0, company_id=other.id)
        self.assertEqual(self.value(), 0)
        self.users["own"].company_ids += other
        digest = self.digest.copy({"company_id": other.id})
        self.assertEqual(self.value(digest=digest, company=other), 1)
        # without a company: that of the reader
        digest.company_id = False
        self.assertEqual(self.value(digest=digest), 0)
        self.assertEqual(self.value(digest=digest, company=other), 1)

    def test_access_as_the_hosts(self):
        self.falls(self.theirs, 0)
        for login in ("own", "all"):
            self.assertEqual(self.value(login=login), 1)
        for login in ("plain", "accountant", "reader"):
            with self.subTest(login=login), self.assertRaises(AccessError):
                self.value(login=login)

    def test_left_out_where_nobody_says_who_is_at_risk(self):
        self.assertIn("kpi_crm_segments_at_risk", self.told())
        (self.lifecycle | self.rfm).enabled = False
        self.assertNotIn("kpi_crm_segments_at_risk", self.told())

    def told(self):
        """Name → figure of the last 24 hours, 7 and 30 days, as in the mail."""
        kpis = self.digest._compute_kpis(self.company, self.users["own"])
        self.env.invalidate_all()
        return {
            kpi["kpi_name"]: [kpi[f"kpi_col{number}"].get("value") for number in (1, 2, 3)]
            for kpi in kpis
        }

    def test_in_the_mail(self):
        self.falls(self.ann, 0)
        self.falls(self.bob, 20)
        self.assertEqual(self.told()["kpi_crm_segments_at_risk"], [1, 1, 2])
        self.digest.user_ids = self.users["own"]
        self.digest.action_send_manual()
        mail = self.env["mail.mail"].search([], limit=1, order="id desc")
        self.assertIn("Customers Who Fell to At Risk", mail.body_html)
        self.assertIn("/odoo/action-crm_segments.action_fell_to_at_risk", mail.body_html)

    def test_the_link_opens_them(self):
        stay = self.falls(self.ann, 3)
        self.stay(self.bob, self.risky, 3)
        server = self.env.ref("crm_segments.action_fell_to_at_risk")
        action = self.as_user("own", server).run()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), stay)

    def test_on_by_default(self):
        default = self.env.ref("digest.digest_digest_default")
        self.assertTrue(default.kpi_crm_segments_at_risk)
