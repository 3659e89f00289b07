"""The badge on the host's cards: the leading segment, and whether it is provisional."""

from odoo.tests import tagged

from .common import SegmentsCase


@tagged("post_install", "-at_install")
class TestBadge(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.bob = cls.customer("Ann"), cls.customer("Bob")
        cls.contact = cls.env["res.partner"].create({"name": "Carl", "parent_id": cls.ann.id})
        cls.sale(cls.ann, 10, 100)
        cls.first = cls.rules({"Buyer": "[('purchase_count', '>', 0)]", "Other": "[]"}, sequence=1)
        cls.second = cls.rules({"Named": "[('name', 'in', ['Ann', 'Bob'])]"}, sequence=2)
        cls.metrics.refresh(cls.ann | cls.bob, cls.company)
        (cls.first | cls.second).run()

    def badges(self, records=None):
        """What the cards show: name → (segment or False, provisional)."""
        self.env.flush_all()
        self.env.invalidate_all()
        records = self.ann | self.bob | self.contact if records is None else records
        spec = {"name": {}, "leading_segment_id": {"fields": {"display_name": {}}},
                "segments_provisional": {}}  # fmt: skip
        return {
            row["name"]: (
                (row["leading_segment_id"] or {}).get("display_name", False),
                row["segments_provisional"],
            )
            for row in records.web_read(spec)
        }

    def test_a_contact_shows_that_of_its_company(self):
        found = {"Ann": ("Buyer", False), "Bob": ("Other", True), "Carl": ("Buyer", False)}
        self.assertEqual(self.badges(), found)
        Lead = self.env["crm.lead"]
        leads = Lead.create([{"name": one.name, "partner_id": one.id} for one in
                             (self.ann, self.bob, self.contact)])  # fmt: skip
        alone = Lead.create({"name": "Nobody yet"})
        self.assertEqual(self.badges(leads | alone), {**found, "Nobody yet": (False, True)})

    def test_the_leading_division_is_decided_anew(self):
        """It is remembered: whatever decides it makes it be asked again."""
        self.assertEqual(self.badges()["Ann"][0], "Buyer")
        self.second.sequence = 0
        self.assertEqual(self.badges()["Ann"][0], "Named")
        self.second.enabled = False
        self.assertEqual(self.badges()["Ann"][0], "Buyer")
        self.first.exclusive = False
        self.assertFalse(self.badges()["Ann"][0])
        self.first.exclusive = True
        self.second.write({"enabled": True, "active": False})
        self.assertEqual(self.badges()["Ann"][0], "Buyer")
        self.second.active = True
        self.second.run()
        self.first.sequence = -1
        self.assertEqual(self.badges()["Ann"][0], "Buyer")
        self.company.crm_reporting_segmentation_id = self.second
        self.assertEqual(self.badges()["Ann"][0], "Named")
        self.second.unlink()
        self.assertEqual(self.badges()["Ann"][0], "Buyer")

    def test_what_does_not_count_is_not_shown(self):
        buyer, other = self.segment(self.first, "Buyer"), self.segment(self.first, "Other")
        Membership = self.env["crm.segment.membership"].sudo()
        Membership._pin(self.ann, buyer, "out", "Not yet")
        self.assertEqual(self.badges()["Ann"], ("Other", False))
        # a pin outlives what it was made for
        Membership._pin(self.bob, other, "in", "Agreed")
        other.active = False
        self.assertTrue(
            Membership.search([("segment_id", "=", other.id), ("pinned", "=", "in"),
                               ("date_to", "=", False)])
        )  # fmt: skip
        self.assertEqual(self.badges()["Bob"], (False, True))
        self.assertEqual(self.bob.segment_ids.mapped("name"), ["Named"])

    def test_same_as_filters_and_groups(self):
        """An independent way: a search per segment, and a group per segment."""
        everybody = self.ann | self.bob | self.contact
        shown = {name: segment for name, (segment, _provisional) in self.badges().items()}
        by_search = {
            one.name: segment.name
            for segment in self.first.segment_ids
            for one in everybody.search(
                [("leading_segment_id", "=", segment.id), ("id", "in", everybody.ids)]
            )
        }
        self.assertEqual(by_search, shown)
        groups = everybody._read_group(
            [("id", "in", everybody.ids)], ["leading_segment_id"], ["id:recordset"]
        )
        by_group = {one.name: segment.name for segment, records in groups for one in records}
        self.assertEqual(by_group, shown)

    def test_alone_and_in_a_list(self):
        """Cards are read forty at a time; a record of another list changes nothing."""
        together = self.badges()
        for one in self.ann | self.bob | self.contact:
            self.assertEqual(self.badges(one), {one.name: together[one.name]})

    def test_other_segments_of_a_contact(self):
        """All segments by the plain statement of customers, in the order of the divisions."""
        self.env.invalidate_all()
        self.assertEqual(self.contact.segment_ids.mapped("name"), ["Buyer", "Named"])
        self.assertEqual(self.bob.segment_ids.mapped("name"), ["Other", "Named"])
        named = self.segment(self.second, "Named")
        self.env["crm.segment.membership"].sudo()._pin(self.ann, named, "in", "Agreed")
        self.second.enabled = False
        self.env.invalidate_all()
        self.assertEqual(self.contact.segment_ids.mapped("name"), ["Buyer"])
