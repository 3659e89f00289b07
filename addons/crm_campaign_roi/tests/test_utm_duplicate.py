"""Sources that are likely the same: found, put aside, merged with all that names them."""

import doctest

from odoo.tests import tagged

from ..lib import near_names
from .common_touch import TouchCase


@tagged("post_install", "-at_install")
class TestUtmDuplicate(TouchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pairs = cls.env["crm.utm.duplicate"]
        cls.one = cls.customer("One")
        cls.zzgle, cls.ads, cls.slip, cls.other = cls.env["utm.source"].create(
            [
                {"name": name}
                for name in ("zzgle search", "Zzgle  Search Ads", "zzgle saerch", "Zzing")
            ]
        )
        cls.touch(cls.one, 5, source_id=cls.ads.id)

    def found(self):
        self.pairs._find()
        ours = self.pairs.search(
            [("source_id", "in", (self.zzgle + self.ads + self.slip + self.other).ids)]
        )
        return {(pair.source_id, pair.other_id, pair.reason) for pair in ours}

    def test_examples(self):
        self.assertEqual(doctest.testmod(near_names).failed, 0)
        self.assertEqual(
            near_names.pairs(
                ["Newsletter 2024", "Newsletter 2025", "Facebok", "facebook", "fax", "fox"]
            ),
            [("Facebok", "facebook", "slip")],
        )

    def test_the_most_used_stays(self):
        self.assertIn((self.ads, self.zzgle, "words"), self.found())

    def test_merge(self):
        """The lead, the touch and its credit name the one that stays."""
        lead = self.env["crm.lead"].create({"name": "L", "source_id": self.zzgle.id})
        order = self.order(self.one, 1)
        self.credits._refresh(self.one.ids)
        self.assertEqual(self.credit_of(order).source_id, self.ads)
        self.found()
        pair = self.pairs.search(
            [("source_id", "=", self.ads.id), ("other_id", "=", self.zzgle.id)]
        )
        pair.action_swap()
        pair.action_merge()
        self.assertFalse(self.ads.exists())
        self.assertFalse(pair.exists())
        self.assertEqual(lead.source_id, self.zzgle)
        self.assertEqual(self.credit_of(order).source_id, self.zzgle)

    def test_what_is_put_aside_stays_so(self):
        self.found()
        pair = self.pairs.search(
            [("source_id", "=", self.ads.id), ("other_id", "=", self.zzgle.id)]
        )
        pair.action_dismiss()
        self.found()
        self.assertTrue(pair.exists().dismissed)

    def test_the_names_of_mailings_are_no_sources(self):
        first = self.env["mailing.mailing"].create({"subject": "Autumn news"})
        second = self.env["mailing.mailing"].create({"subject": "Autumn news"})
        self.pairs._find()
        named = self.pairs.search([]).mapped("source_id") | self.pairs.search([]).mapped("other_id")
        self.assertFalse(named & (first.source_id | second.source_id))
