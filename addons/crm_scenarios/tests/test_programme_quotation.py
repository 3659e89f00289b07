"""One click makes the quotation of a programme."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_programme_actual import ProgrammeActualCase


@tagged("post_install", "-at_install")
class TestProgrammeQuotation(ProgrammeActualCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.role = cls.env["crm.programme.role"].create({"name": "Consultant"})
        (cls.a1 | cls.b1).write({"role_id": cls.role.id, "rate": 100})
        cls.more = cls.step(cls.work, "A3", 8, phase_id=cls.one.id, role_id=cls.role.id, rate=100)
        cls.step(cls.work, "Not needed", 99, phase_id=cls.two.id, struck_out=True,
                 struck_reason="There already")  # fmt: skip
        cls.work.user_id = cls.seller
        cls.mine = cls.work.with_user(cls.seller)

    def made(self, action):
        return self.env["sale.order"].browse(action["res_id"])

    def lines(self, order):
        return [
            (line.name, line.product_uom_qty, line.price_unit) if not line.display_type
            else line.name for line in order.order_line
        ]  # fmt: skip

    def test_lines_in_another_currency(self):
        """At 2 to the company's currency, with a pricelist that gives nothing off; A1 and A3 are
        48 hours of a consultant."""
        currency = self.setup_other_currency("HRK", rates=[("2016-01-01", 2)])
        self.customer.property_product_pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": currency.id, "item_ids": [Command.create(
                {"compute_price": "percentage", "percent_price": 10, "applied_on": "3_global"})]}
        )  # fmt: skip
        order = self.made(self.mine.action_quotation())
        self.assertEqual((order.currency_id, order.partner_id), (currency, self.customer))
        self.assertEqual(
            self.lines(order),
            [
                "A",
                ("Consultant: A1, A3", 48, 200),
                ("Work: A2", 20, 200),
                ("Servers", 1, 2000),
                "B",
                ("Consultant: B1", 80, 200),
                "Other work",
                ("Work: Lead", 10, 200),
                "Paid again and again: one period each",
                ("Rent (a month)", 1, 100),
                "Hours are expected values. No contingency is included.",
            ],
        )
        self.assertEqual(order.amount_untaxed, 2 * (158 * 100 + 1000 + 50))
        work = order.order_line.filtered(lambda line: line.name == "Work: A2")
        self.assertEqual(work.product_uom_id, self.hour)
        self.assertEqual(set(order.order_line.mapped("discount")), {0})

    def test_products_units_taxes(self):
        """A product in days: 48 hours are 6 days at 800; its tax comes with it."""
        tax = self.tax_sale_a
        self.role.product_id = self.env["product.product"].create(
            {"name": "Consulting", "type": "service", "uom_id": self.day.id,
             "taxes_id": [Command.set(tax.ids)]}
        )  # fmt: skip
        order = self.made(self.mine.action_quotation())
        [line] = order.order_line.filtered(lambda one: one.name == "Consultant: A1, A3")
        self.assertEqual((line.product_uom_qty, line.price_unit), (6, 800))
        self.assertEqual((line.product_uom_id, line.tax_ids), (self.day, tax))

    def test_second_click_and_lead(self):
        lead = self.env["crm.lead"].create(
            {"name": "A CRM", "type": "opportunity", "partner_id": self.customer.id,
             "user_id": self.seller.id, "company_id": self.company.id}
        )  # fmt: skip
        self.work.lead_id = lead
        first = self.made(self.mine.action_quotation())
        self.assertEqual((first.opportunity_id, first.crm_programme_id), (lead, self.work))
        self.assertEqual(self.mine.action_quotation()["res_id"], first.id)
        self.assertEqual(self.mine.quotation_count, 1)
        second = self.made(self.mine.action_new_quotation())
        self.assertNotEqual(first, second)
        action = self.mine.action_quotation()
        self.assertEqual(self.env["sale.order"].search(action["domain"]), first | second)
        self.assertFalse(action["res_id"])
        (first | second)._action_cancel()
        self.assertNotIn(self.made(self.mine.action_quotation()), first | second)

    def test_refused(self):
        nobody = self.programme(partner_id=False, user_id=self.seller.id)
        with self.assertRaisesRegex(UserError, "customer"):
            nobody.action_quotation()
        with self.assertRaisesRegex(UserError, "nothing to offer"):
            self.programme().action_quotation()
        self.work.action_cancel()
        with self.assertRaisesRegex(UserError, "neither planned nor running"):
            self.work.action_quotation()
        self.env.ref("crm_scenarios.product_programme_work").active = False
        with self.assertRaisesRegex(UserError, "Choose the products"):
            self.work.copy({"name": "Again"}).action_quotation()

    def test_access(self):
        """Marketing sees programmes but sells nothing; a colleague's programme isn't seen."""
        marketer = new_test_user(
            self.env, "programme_marketer", "crm_segments.group_segments_manager",
            company_id=self.company.id, company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip
        with self.assertRaises(AccessError):
            self.work.with_user(marketer).action_quotation()
        self.work.user_id = self.env.user
        self.env.flush_all()
        with self.assertRaises(AccessError):
            self.work.with_user(self.seller).action_quotation()
