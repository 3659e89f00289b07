"""Who answers for what: by vendor, in a list and on paper."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .test_programme_client import ProgrammeClientCommon


@tagged("post_install", "-at_install")
class TestProgrammeAnswer(ProgrammeClientCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env["res.partner"].create(
            {"name": "Ann", "parent_id": cls.vendor.id, "type": "contact"}
        )
        cls.system = cls.env["crm.programme.system"].create(
            {"programme_id": cls.plan.id, "name": "Shop", "vendor_id": cls.person.id}
        )
        cls.flow = cls.env["crm.programme.interface"].create(
            {"programme_id": cls.plan.id, "name": "Orders", "source_id": cls.system.id}
        )
        cls.env["crm.programme.duty"].create(
            {"programme_id": cls.plan.id, "duty": "Enters customers", "date_from": "2026-06-01"}
        )

    def rows(self, env=None):
        """(vendor, kind, name) → (first day, last day, once, a year)."""
        self.env.flush_all()
        found = (env or self.env)["crm.programme.answer"].search(
            [("programme_id", "=", self.plan.id)]
        )
        return {
            (row.vendor_id.name or "", row.kind, row.name):
            (row.date_start, row.date_end, row.amount, row.amount_year)
            for row in found
        }  # fmt: skip

    def test_rows(self):
        """By hand: 16 h on Monday and Tuesday; 24 h from Thursday over the holiday to Monday."""
        last = date(2026, 5, 11)
        self.assertEqual(
            self.rows(),
            {
                ("", "step", "Listen"): (date(2026, 5, 4), date(2026, 5, 5), 1600.0, 0.0),
                ("Systems Ltd", "step", "Build"): (date(2026, 5, 7), last, 2400.0, 0.0),
                ("", "cost", "Tablets"): (last, last, 600.0, 0.0),
                ("Systems Ltd", "running", "Licences"): (last, False, 0.0, 120.0),
                ("Systems Ltd", "source", "Orders"): (False, False, 0.0, 0.0),
                ("", "target", "Orders"): (False, False, 0.0, 0.0),
                ("", "duty", "Enters customers"): (date(2026, 6, 1), False, 0.0, 0.0),
            },
        )

    def test_seen_by(self):
        """One's own programmes; whoever reads all; nobody beside."""
        theirs = self.env(user=self.seller, su=False)
        self.assertEqual(len(self.rows(theirs)), 7)
        other = new_test_user(self.env, "answer_other", "sales_team.group_sale_salesman")
        self.assertFalse(self.rows(self.env(user=other, su=False)))
        everything = new_test_user(
            self.env, "answer_all", "sales_team.group_sale_salesman_all_leads"
        )
        self.assertEqual(len(self.rows(self.env(user=everything, su=False))), 7)
        row = self.env["crm.programme.answer"].search(
            [("programme_id", "=", self.plan.id), ("kind", "=", "source")]
        )
        action = row.with_user(self.seller).action_open()
        self.assertEqual((action["res_model"], action["res_id"]), (self.flow._name, self.flow.id))
        with self.assertRaises(AccessError):
            row.with_user(other).action_open()

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.seller.company_ids |= company
        env = self.env(user=self.seller, su=False, context={"allowed_company_ids": company.ids})
        self.assertFalse(self.rows(env))

    def test_on_paper(self):
        """Vendors first, by their company's name; in the client's language."""
        pairs = self.plan._printed_answers()
        self.assertEqual([name for name, _rows in pairs], ["Systems Ltd", "Own people"])
        ours = {(row["kind"], row["name"], row["way"]) for row in pairs[1][1]}
        self.assertIn(("Interface, where it goes to", "Orders", "Shop → this system"), ours)
        self.env["res.lang"]._activate_lang("ru_RU")
        self.build.with_context(lang="ru_RU").name = "Настройка"
        self.customer.lang = "ru_RU"
        self.plan._printed_answers()  # what is read in one language isn't kept for another
        page = self.html(self.plan)
        self.assertIn("Настройка", page)
        self.assertNotIn("Build", page)
        self.assertIn("Shop →", page)

    def test_action(self):
        action = self.plan.with_user(self.seller).action_open_answers()
        rows = self.env[action["res_model"]].with_user(self.seller).search(action["domain"])
        self.assertEqual((len(rows), rows.programme_id), (7, self.plan))
