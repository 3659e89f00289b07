"""Who may ask for segments and their members from outside, and pages of members."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SegmentsCase, UsersMixin


@tagged("post_install", "-at_install")
class TestApiAccess(UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()

    def test_assign(self):
        """Whoever may see limits may ask; nobody else can find them out by asking."""
        allowed = {"all", "marketer"}
        for login in self.USERS:
            Segment = self.as_user(login, self.env["crm.segment"])
            with self.subTest(login):
                if login in allowed:
                    self.assertEqual(Segment.assign({"revenue_total": 251}), self.big.ids)
                else:
                    with self.assertRaises(AccessError):
                        Segment.assign({"revenue_total": 251})

    def test_members(self):
        rows = [(self.mine, self.small), (self.free, self.small), (self.theirs, self.big)]
        for login in self.USERS:
            segments = self.as_user(login, self.div.segment_ids)
            with self.subTest(login):
                if login in ("plain", "portal", "accountant", "auditor"):
                    with self.assertRaises(AccessError):
                        segments.search_members()
                    continue
                found = segments.search_members()
                self.assertEqual(
                    sorted((one["partner_id"], one["segment_id"]) for one in found),
                    sorted((partner.id, segment.id) for partner, segment in rows),
                )
                self.assertEqual({one["since"] for one in found}, {str(self.today)})
                self.assertLessEqual({one["name"] for one in found}, {"Mine", "Free", "Theirs"})

    def test_members_that_the_user_may_not_read(self):
        self.env["ir.rule"].sudo().create(
            {
                "name": "Not theirs",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.theirs.id})]",
            }
        )
        found = self.as_user("reader", self.div.segment_ids).search_members()
        self.assertEqual({one["name"] for one in found}, {"Mine", "Free"})

    def test_pages(self):
        segments = self.as_user("reader", self.div.segment_ids)
        everything = segments.search_members()
        pages = [segments.search_members(limit=1, offset=index) for index in range(4)]
        self.assertEqual([page[:1] for page in pages], [[one] for one in everything] + [[]])
        self.customer("Later")
        self.assertEqual(segments.search_members(limit=3), everything)
        for limit, offset in ((0, 0), (-1, 0), (1, -1), ("5", 0), (True, 0), (None, 0), (1, None)):
            with self.subTest((limit, offset)), self.assertRaises(UserError):
                segments.search_members(limit=limit, offset=offset)

    def test_archived_and_pinned_out(self):
        self.mine.active = False
        self.current(self.div).filtered(lambda m: m.partner_id == self.free).pinned = "out"
        names = [one["name"] for one in self.div.segment_ids.search_members()]
        self.assertEqual(names, ["Theirs"])
