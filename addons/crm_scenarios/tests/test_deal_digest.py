"""The weekly digest: how many deals are held up, and which first."""

from odoo.addons.crm_segments.tests.common import SegmentsCase, UsersMixin
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_deal_control import ControlMixin


@tagged("post_install", "-at_install")
class TestDealDigest(ControlMixin, UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.set_up_control()

    def test_digest(self):
        """What is late now, of what the reader may see."""
        digest = self.env["digest.digest"].create({"name": "Test", "company_id": self.company.id})
        before = {
            login: self.as_user(login, digest).kpi_crm_deals_held_value for login in ("own", "all")
        }
        self.open_deal(1, date_deadline=self.ago(1), user_id=self.users["all"].id)
        self.open_deal(1, user_id=self.users["all"].id)
        self.env.flush_all()
        self.env.invalidate_all()
        for login, more in (("own", 0), ("all", 1)):
            value = self.as_user(login, digest).kpi_crm_deals_held_value
            self.assertEqual(value, before[login] + more)
        with self.assertRaises(AccessError):
            self.as_user("marketer", digest)._compute_kpi_crm_deals_held_value()

    def test_digest_names_deals(self):
        """Those that are late, of what the reader may see, the most money first."""
        digest = self.env.ref("crm_scenarios.digest_digest_deals")
        self.assertEqual((digest.periodicity, digest.kpi_crm_deals_held), ("weekly", True))
        late = [
            self.open_deal(
                1, name=name, expected_revenue=money, date_deadline=self.ago(1),
                user_id=self.users["all"].id,
            )
            for name, money in (("Small <b>", 9e7), ("Large", 9e8))
        ]  # fmt: skip
        self.open_deal(1, name="In time", expected_revenue=9e8, user_id=self.users["all"].id)
        self.assertEqual(len(late), 2)
        self.env.flush_all()
        self.env.invalidate_all()
        self.env["digest.tip"].search([]).unlink()
        [found] = digest._compute_tips(self.company, self.users["all"])
        self.assertRegex(found, "(?s)Large waits for.*900,000,000.*Small &lt;b&gt; waits for")
        self.assertNotIn("In time", found)
        for login in ("own", "marketer"):  # not theirs; no salesperson
            tips = digest._compute_tips(self.company, self.users[login])
            self.assertNotIn("Large", "".join(tips))
        digest.kpi_crm_deals_held = False
        self.assertEqual(digest._compute_tips(self.company, self.users["all"]), [])
