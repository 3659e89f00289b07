"""Likely duplicates: which are found, what they tell, what is done about them."""

import doctest

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..lib import catch_all, clusters, free_mail, setup_choice
from .common import SegmentsCase, UsersMixin


@tagged("post_install", "-at_install")
class TestDuplicates(UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.duplicates = cls.env["crm.partner.duplicate"]

    def groups(self, kind="same", company=None):
        """Groups with customers of this test: {names: keys}."""
        company = company or self.company
        self.duplicates.sudo()._rebuild(company)
        found = self.duplicates.search([("company_id", "=", company.id), ("kind", "=", kind)])
        return {
            "+".join(sorted(group.member_ids.partner_id.mapped("name"))): group for group in found
        }

    def test_each_key(self):
        self.customer("V1", vat="BE 0477.472.701")
        self.customer("V2", vat="be0477472701")
        self.customer("E1", email="Eve <EVE@seg-test.example>")
        self.customer("E2", email="eve@seg-test.example")
        self.customer("P1", phone="+32 470 11 22 33")
        self.customer("P2", phone="0470/11.22.33", country_id=self.env.ref("base.be").id)
        found = self.groups()
        self.assertEqual(found["V1+V2"].keys, "vat")
        self.assertEqual(found["E1+E2"].keys, "email")
        self.assertEqual(found["P1+P2"].keys, "phone")

    def test_chain_of_keys_is_one_group(self):
        self.customer("A", vat="BE0477472701", email="a@chain.test")
        self.customer("B", vat="BE0477472701", phone="+32 470 99 88 77")
        self.customer("C", phone="+32 470 99 88 77")
        self.assertEqual(self.groups()["A+B+C"].keys, "phone vat")

    def test_what_is_no_duplicate(self):
        parent = self.customer("Parent", email="info@one.test")
        self.env["res.partner"].create(
            {"name": "Child", "parent_id": parent.id, "email": "info@one.test"}
        )
        self.customer("Archived", email="info@one.test", active=False)
        self.customer("Zero", phone="0000000000")
        self.customer("Zero too", phone="0000000000")
        self.customer("Slash", vat="/")
        self.customer("Slash too", vat="/")
        other = self.env["res.company"].create({"name": "Other company"})
        self.customer("Theirs", email="info@one.test", company_id=other.id)
        for index in range(clusters.MOST_SHARED + 1):
            self.customer(f"Broker {index}", email="all@broker.test")
        names = " ".join(self.groups())
        for name in ("Parent", "Zero", "Slash", "Theirs", "Broker"):
            self.assertNotIn(name, names)

    def test_mail_domain_of_a_company(self):
        firm = self.customer("Firm", email="office@firm-seg.test")
        person = self.customer("Person", is_company=False, email="p@firm-seg.test")
        self.customer("Gmail firm", email="office@gmail.com")
        self.customer("Gmail person", is_company=False, email="p@gmail.com")
        self.customer("Twin", email="a@twin-seg.test")
        self.customer("Twin too", email="b@twin-seg.test")
        self.customer("Between", is_company=False, email="c@twin-seg.test")
        self.sale(firm, 10, 70)
        self.sale(person, 10, 30)
        found = self.groups("domain")
        self.assertIn("Firm+Person", found)
        self.assertNotIn("Gmail", " ".join(found))
        self.assertNotIn("Between", " ".join(found))
        group = found["Firm+Person"]
        self.assertEqual((group.amount, group.amount_apart), (100, 30))
        group.action_attach()
        self.assertEqual(person.parent_id, firm)
        self.assertNotIn("Firm+Person", self.groups("domain"))

    def test_money_and_segments_are_told(self):
        one = self.customer("One", email="x@money-seg.test")
        two = self.customer("Two", email="x@money-seg.test")
        self.sale(one, 10, 300)
        self.sale(two, 10, 100)
        self.sale(two, 20, 50)
        division = self.rules(
            {"Big": "[('revenue_total', '>', 200)]", "Small": "[('revenue_total', '>', 0)]"}
        )
        self.metrics.refresh()
        division.run()
        group = self.groups()["One+Two"]
        self.assertEqual((group.document_count, group.amount, group.amount_apart), (3, 450, 150))
        members = {
            one.partner_id.name: (one.document_count, one.amount) for one in group.member_ids
        }
        self.assertEqual(members, {"One": (1, 300), "Two": (2, 150)})
        self.assertIn("different segments", group.effect)
        self.assertIn("3", group.effect)

    def test_ordered_by_money(self):
        for name, amount in (("low", 10), ("high", 1000)):
            for index in (1, 2):
                self.sale(self.customer(f"{name}{index}", email=f"{name}@order.test"), 5, amount)
        found = [name for name in self.groups() if name.startswith(("low", "high"))]
        self.assertEqual(found, ["high1+high2", "low1+low2"])

    def test_dismissed_stays_away(self):
        self.customer("D1", email="d@dismiss.test")
        self.customer("D2", email="d@dismiss.test")
        group = self.groups()["D1+D2"]
        group.action_dismiss()
        again = self.groups()["D1+D2"]
        self.assertEqual((again, again.state), (group, "dismissed"))
        third = self.customer("D3", email="d@dismiss.test")
        self.assertEqual(self.groups()["D1+D2+D3"].state, "open")
        third.active = False
        found = self.groups()
        self.assertNotIn("D1+D2+D3", found)
        self.assertEqual(found["D1+D2"].state, "dismissed")
        group.action_reopen()
        self.assertEqual(self.groups()["D1+D2"].state, "open")

    def test_nothing_is_written_twice(self):
        self.customer("S1", email="s@same.test")
        self.customer("S2", email="s@same.test")
        group = self.groups()["S1+S2"]
        members = group.member_ids
        self.assertEqual(self.groups()["S1+S2"], group)
        self.assertEqual(group.member_ids, members)

    def test_merge_in_the_hosts_wizard(self):
        small = self.customer("Small one", email="m@merge-seg.test")
        large = self.customer("Large one", email="m@merge-seg.test")
        self.sale(large, 10, 100)
        group = self.groups()["Large one+Small one"]
        action = group.action_merge()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.dst_partner_id, large)
        self.assertEqual(wizard.partner_ids, small | large)
        wizard.action_merge()
        self.assertFalse(small.exists())
        self.assertFalse(group.exists())

    def test_who_may(self):
        self.customer("W1", email="w@who.test")
        self.customer("W2", email="w@who.test")
        group = self.groups()["W1+W2"]
        self.set_up_users()
        merger = new_test_user(self.env, login="seg_merger", groups="base.group_partner_manager")
        self.assertTrue(group.with_user(merger).action_merge()["res_id"])
        self.as_user("marketer", group).action_dismiss()
        for login in ("marketer",):
            with self.assertRaises(AccessError):
                self.as_user(login, group).action_merge()
            with self.assertRaises(AccessError):
                self.as_user(login, group).read(["amount"])
            with self.assertRaises(AccessError):
                self.as_user(login, group.member_ids).read(["amount"])
        with self.assertRaises(AccessError):
            self.as_user("plain", group).action_dismiss()

    def test_nothing_left_to_merge(self):
        partner = self.customer("L1", email="l@left.test")
        other = self.customer("L2", email="l@left.test")
        group = self.groups()["L1+L2"]
        group.member_ids.filtered(lambda one: one.partner_id == other).unlink()
        with self.assertRaises(UserError):
            group.action_merge()
        self.assertTrue(partner.exists())

    def test_pure_parts(self):
        for module in (clusters, free_mail, catch_all, setup_choice):
            self.assertFalse(doctest.testmod(module).failed, module.__name__)
        # a long chain, given in the worst order
        groups = [("x", [one, one + 1]) for one in range(2000, 0, -1)]
        [(ids, _kinds)] = clusters.clusters(groups)
        self.assertEqual(ids, list(range(1, 2002)))
