"""Deal control: where a deal stands, since when, whether that is usual, and who sees it."""

from datetime import timedelta

from odoo.addons.crm_segments.tests.common import InvoiceCase, SegmentsCase, UsersMixin
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_deals import DealsMixin


class ControlMixin(DealsMixin):
    @classmethod
    def set_up_control(cls):
        cls.set_up_deals()
        cls.Control = cls.env["crm.deal.control"]
        cls.Norm = cls.env["crm.deal.norm"]
        cls.Norm.search([]).unlink()
        cls.product = cls.env["product.product"].create(
            {"name": "Work", "type": "service", "list_price": 100, "taxes_id": [Command.clear()]}
        )

    @classmethod
    def open_deal(cls, age, **values):
        lead = cls.Lead.create(
            {
                "type": "opportunity", "name": "Open", "user_id": False, "stage_id": cls.stage.id,
                "expected_revenue": 500, "probability": 10, **values,
            }
        )  # fmt: skip
        cls.backdate(lead, age)
        return lead

    @classmethod
    def backdate(cls, record, age, **columns):
        cls.env.flush_all()
        moment = cls.now - timedelta(days=age)
        for name in ("create_date", *columns):
            cls.env.cr.execute(
                f"UPDATE {record._table} SET {name} = %s WHERE id = %s",
                [columns.get(name, moment), record.id],
            )
        cls.env.invalidate_all()

    @classmethod
    def order(cls, partner, **values):
        line = Command.create({"product_id": cls.product.id, "product_uom_qty": 3})
        return cls.env["sale.order"].create(
            {"partner_id": partner.id, "order_line": [line], "validity_date": False, **values}
        )

    @classmethod
    def norm(cls, step, days, completed=20, segment=None):
        return cls.Norm.create(
            {
                "company_id": cls.company.id, "step": step, "days": days,
                "completed": completed, "segment_id": segment and segment.id,
            }
        )  # fmt: skip

    def row(self, record):
        self.env.flush_all()
        self.env.invalidate_all()
        field = "lead_id" if record._name == "crm.lead" else "order_id"
        return self.Control.search([(field, "=", record.id)])


@tagged("post_install", "-at_install")
class TestDealControl(ControlMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_control()
        cls.partner = cls.customer("Ann")

    def test_opportunity_until_its_quotation(self):
        lead = self.open_deal(10, partner_id=self.partner.id)
        row = self.row(lead)
        self.assertEqual((row.step, row.days, row.money), ("contact", 10, 500))
        self.assertEqual((row.verdict, row.norm_count), ("no_step", 0))
        self.meetings(lead, 4)
        self.env.invalidate_all()
        row = self.row(lead)
        self.assertEqual((row.step, row.days), ("quotation", 4))
        order = self.order(self.partner, opportunity_id=lead.id)
        row = self.row(lead)
        self.assertEqual((row.order_id, row.step, row.days), (order, "order", 0))
        self.assertEqual(row.money, 300)
        self.assertEqual(row.action_open_document()["res_model"], "sale.order")
        order.action_cancel()
        self.env.invalidate_all()
        self.assertEqual(self.row(lead).step, "quotation")
        lead.action_set_won()
        self.env.invalidate_all()
        self.assertFalse(self.row(lead))

    def test_verdicts(self):
        """Norm 8 days: 8 is on time, 9 late, 17 stalled unless something is planned."""
        self.norm("contact", 8)
        planned = {}
        for age, verdict in ((8, "on_time"), (9, "late"), (17, "late")):
            lead = self.open_deal(age)
            lead.activity_schedule("mail.mail_activity_data_call")
            planned[lead] = verdict
        for age, verdict in ((8, "no_step"), (9, "late"), (17, "stalled")):
            planned[self.open_deal(age)] = verdict
        promised = self.open_deal(1, date_deadline=self.ago(1))
        planned[promised] = "late"
        for lead, verdict in planned.items():
            row = self.row(lead)
            self.assertEqual((row.verdict, row.norm, row.norm_count), (verdict, 8, 20))
            self.assertEqual(row.late, verdict in ("late", "stalled"))
            self.assertEqual(row.money_held, 500 if row.late else 0)

    def test_without_norm(self):
        self.norm("contact", 1, completed=19)
        lead = self.open_deal(50)
        lead.activity_schedule("mail.mail_activity_data_call")
        row = self.row(lead)
        self.assertEqual((row.verdict, row.norm), ("unknown", 0))

    def test_norm_of_the_segment(self):
        div = self.rules({"All": "[]"})
        div.enabled = True
        self.company.crm_reporting_segmentation_id = div
        segment = div.segment_ids
        self.env["crm.segment.membership"].search([]).unlink()
        self.stay(self.partner, segment, 100)
        lead, other = self.open_deal(5, partner_id=self.partner.id), self.open_deal(5)
        self.norm("contact", 9)
        own = self.norm("contact", 3, segment=segment)
        row = self.row(lead)
        self.assertEqual((row.norm, row.norm_own, row.segment_id), (3, True, segment))
        self.assertEqual((self.row(other).norm, self.row(other).norm_own), (9, False))
        own.completed = 19
        self.env.invalidate_all()
        self.assertEqual((self.row(lead).norm, self.row(lead).norm_own), (9, False))

    def test_norms_are_measured(self):
        """Contact after 1 … 10 days: the 80th percentile is 8.2, as linear interpolation has it."""
        for wait in range(1, 11):
            self.meetings(self.deals(1, partner_id=self.partner.id), 100 - wait)
        self.Norm._rebuild(self.company)
        norm = self.Norm.search([("step", "=", "contact"), ("segment_id", "=", False)])
        self.assertAlmostEqual(norm.days, 8.2, 5)
        self.assertEqual(norm.completed, 10)
        before = self.Norm.search([])
        self.Norm._rebuild(self.company)
        self.assertEqual(self.Norm.search([]), before)
        self.Lead.with_context(active_test=False).search([]).unlink()
        self.Norm._rebuild(self.company)
        self.assertFalse(self.Norm.search([("step", "=", "contact")]))

    def test_one_query_however_many(self):
        """The statement itself, and what it asks of the company and its leading segmentation."""
        counts = []
        for number in (1, 20):
            for _deal in range(number):
                self.open_deal(5)
            self.env.flush_all()
            self.Control._read_group([], ["step"], ["money:sum"])
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Control._read_group([], ["step"], ["money:sum"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
        self.assertLessEqual(counts[0], 6)

    def test_gone(self):
        with self.assertRaises(UserError):
            self.Control.new({}).action_open_document()


@tagged("post_install", "-at_install")
class TestDealControlAccess(ControlMixin, UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.set_up_control()

    def test_as_the_host(self):
        """Own and unassigned deals for a salesperson, all for a leader, none for others."""
        mine = self.open_deal(1, user_id=self.users["own"].id)
        free = self.open_deal(1)
        theirs = self.open_deal(1, user_id=self.users["all"].id)
        self.env.flush_all()
        for login in self.users:
            control = self.as_user(login, self.Control)
            with self.subTest(login=login):
                if login not in ("own", "all"):
                    self.assertFalse(control.has_access("read"))
                    with self.assertRaises(AccessError):
                        control.search([])
                    continue
                seen = control.search([("lead_id", "in", (mine | free | theirs).ids)]).lead_id
                self.assertEqual(
                    seen.sudo(), mine | free if login == "own" else mine | free | theirs
                )
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(control.has_access(operation))

    def test_today(self):
        """A stalled deal of the user's is in the list, unless something is planned."""
        self.norm("contact", 8)
        lead = self.open_deal(30, user_id=self.users["own"].id)
        self.env.flush_all()
        today = self.as_user("own", self.env["crm.today"])
        reasons = [one for one in today._source_deals(self.today) if one["lead_id"] == lead.id]
        self.assertEqual(
            [one["text"] for one in reasons],
            ["Open waits for: First contact, 30 days, usually up to 8"],
        )
        lines = today.actions(50)["lines"]
        self.assertIn("deal", [one["source"] for line in lines for one in line["reasons"]])
        lead.activity_schedule("mail.mail_activity_data_call", user_id=self.users["own"].id)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertNotIn(lead.id, [one["lead_id"] for one in today._source_deals(self.today)])

    def test_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        elsewhere = self.open_deal(1, company_id=other.id)
        everywhere = self.open_deal(1)
        self.env.flush_all()
        control = self.as_user("all", self.Control)
        self.assertFalse(control.search([("lead_id", "=", elsewhere.id)]))
        self.assertTrue(control.search([("lead_id", "=", everywhere.id)]))


@tagged("post_install", "-at_install")
class TestDealControlOrders(ControlMixin, InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_control()
        cls.partner = cls.customer("Bob")

    def test_from_order_to_payment(self):
        """Invoice after 5 days, paid by half: what is open is the untaxed half."""
        order = self.order(self.partner)
        order.action_confirm()
        order.order_line.qty_delivered = 3
        self.backdate(order, 7, date_order=self.now - timedelta(days=5))
        row = self.row(order)
        self.assertEqual((row.step, row.days, row.money), ("invoice", 5, 300))
        invoice = order._create_invoices()
        invoice.invoice_date = self.ago(2)
        invoice.invoice_date_due = self.ago(1)
        invoice.action_post()
        self.env.invalidate_all()
        row = self.row(order)
        self.assertEqual((row.step, row.days, row.money), ("payment", 2, 300))
        self.assertEqual((row.promised, row.verdict), (self.ago(1), "late"))
        pay = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        pay.create({"amount": 150})._create_payments()
        self.env.invalidate_all()
        self.assertEqual(self.row(order).money, 150)
        pay.create({"amount": 150})._create_payments()
        self.env.invalidate_all()
        self.assertFalse(self.row(order))
        self.Norm._rebuild(self.company)
        days = {one.step: one.days for one in self.Norm.search([("segment_id", "=", False)])}
        self.assertEqual((days["invoice"], days["payment"]), (3, 2))
        self.assertAlmostEqual(days["order"], 2, 3)
