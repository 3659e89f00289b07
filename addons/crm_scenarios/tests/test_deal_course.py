"""Every step of a deal: what it took, its norm, what comes next, and who sees it."""

from datetime import timedelta

from odoo.addons.crm_segments.tests.common import InvoiceCase, SegmentsCase, UsersMixin
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .test_deal_control import ControlMixin

AHEAD = ("ahead", None)


class CourseMixin(ControlMixin):
    def course(self, record):
        """Step → its line."""
        self.env.invalidate_all()
        return {line["step"]: line for line in self.row(record).course}

    def stand(self, record):
        """Step → (state, days), without the delivery, which needs another add-on."""
        lines = self.course(record)
        delivers = "delivery_status" in self.env["sale.order"]._fields
        self.assertEqual("delivery" in lines, delivers)
        lines.pop("delivery", None)
        self.assertEqual(list(lines), ["contact", "quotation", "order", "invoice", "payment"])
        return [(line["state"], line["days"]) for line in lines.values()]


@tagged("post_install", "-at_install")
class TestDealCourse(CourseMixin, InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_control()
        cls.partner = cls.customer("Ann")

    def confirmed(self, made, ordered, **values):
        """An order that was made and confirmed so many days ago, ready to be invoiced."""
        order = self.order(self.partner, **values)
        order.action_confirm()
        order.order_line.qty_delivered = 3
        self.backdate(order, made, date_order=self.now - timedelta(days=ordered))
        return order

    def invoiced(self, order, age):
        invoice = order._create_invoices()
        invoice.invoice_date = invoice.invoice_date_due = self.ago(age)
        invoice.action_post()
        return invoice

    def pay(self, invoice, age):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": self.ago(age)})._create_payments()

    def test_opportunity(self):
        """Ten days without contact; then met after six of them, and four since."""
        self.norm("contact", 8, completed=25)
        lead = self.open_deal(10, partner_id=self.partner.id)
        self.assertEqual(self.stand(lead), [("now", 10)] + [AHEAD] * 4)
        lines = self.course(lead)
        self.assertEqual(
            lines["contact"],
            {
                "step": "contact", "name": "First contact", "state": "now", "date": None,
                "days": 10, "norm": 8, "norm_count": 25, "norm_own": False, "over": True,
            },
        )  # fmt: skip
        self.assertEqual((lines["order"]["norm"], lines["order"]["norm_count"]), (None, 0))
        self.meetings(lead, 4)
        self.assertEqual(self.stand(lead), [("done", 6), ("now", 4)] + [AHEAD] * 3)
        contact = self.course(lead)["contact"]
        self.assertEqual((contact["date"], contact["over"]), (self.ago(4).isoformat(), False))

    def test_planned_meeting(self):
        """It is a contact made today, as the row has it, never one of the future."""
        lead = self.open_deal(10)
        self.meetings(lead, -3)
        self.assertEqual(self.stand(lead)[:2], [("done", 10), ("now", 0)])
        self.assertEqual(self.course(lead)["contact"]["date"], self.today.isoformat())

    def test_quotation_as_the_norms_have_it(self):
        """Contact after 2 days, quotation 3 later, 5 ago: norms of this one deal say the same."""
        lead = self.open_deal(10, partner_id=self.partner.id)
        self.meetings(lead, 8)
        order = self.order(self.partner, opportunity_id=lead.id)
        self.backdate(order, 5)
        found = [("done", 2), ("done", 3), ("now", 5), AHEAD, AHEAD]
        self.assertEqual(self.stand(order), found)
        self.Norm._rebuild(self.company)
        norms = {one.step: one.days for one in self.Norm.search([("segment_id", "=", False)])}
        self.assertEqual((norms["contact"], norms["quotation"]), (2, 3))
        order.action_cancel()
        self.assertEqual(self.stand(lead), [("done", 2), ("now", 8)] + [AHEAD] * 3)

    def test_order_without_opportunity(self):
        order = self.order(self.partner)
        self.backdate(order, 3)
        skipped = ("skipped", None)
        self.assertEqual(self.stand(order), [skipped, skipped, ("now", 3), AHEAD, AHEAD])

    def test_invoiced_and_not_paid(self):
        """Made 7 days ago, ordered 5, invoiced 2: two invoices of it are paid only together."""
        self.norm("invoice", 1)
        order = self.confirmed(7, 5)
        self.assertEqual(self.stand(order)[2:], [("done", 2), ("now", 5), AHEAD])
        invoice = self.invoiced(order, 2)
        self.assertEqual(self.stand(order)[2:], [("done", 2), ("done", 3), ("now", 2)])
        line = self.course(order)["invoice"]
        self.assertEqual((line["date"], line["over"]), (self.ago(2).isoformat(), True))
        order.order_line.product_uom_qty = order.order_line.qty_delivered = 5
        self.pay(invoice, 1)
        # the rest is to be invoiced: neither invoiced nor paid
        self.assertEqual(self.stand(order)[2:], [("done", 2), ("now", 5), AHEAD])
        self.invoiced(order, 0)
        self.assertEqual(self.stand(order)[2:], [("done", 2), ("done", 3), ("now", 0)])


@tagged("post_install", "-at_install")
class TestDealCourseNorms(CourseMixin, UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.set_up_control()

    def test_norms_of_the_segment(self):
        """Of each step its own norm where 20 deals of the segment have completed it."""
        self.div.enabled = True
        self.company.crm_reporting_segmentation_id = self.div
        self.norm("contact", 9, completed=60)
        self.norm("order", 30, completed=40)
        self.norm("contact", 3.2, completed=20, segment=self.big)
        self.norm("order", 5, completed=19, segment=self.big)
        self.norm("quotation", 4, completed=50, segment=self.small)
        lines = self.course(self.open_deal(5, partner_id=self.theirs.id))
        got = {
            step: (line["norm"], line["norm_count"], line["norm_own"], line["over"])
            for step, line in lines.items()
        }
        self.assertEqual(got["contact"], (3.2, 20, True, True))
        self.assertEqual(got["order"], (30, 40, False, False))
        self.assertEqual(got["quotation"], (None, 0, False, False))

    def test_companies(self):
        """Norms are those of the deal's company."""
        self.norm("contact", 8)
        other = self.env["res.company"].create({"name": "Other"})
        here, elsewhere = self.open_deal(1), self.open_deal(1, company_id=other.id)
        both = self.Control.with_context(allowed_company_ids=[self.company.id, other.id])
        self.env.flush_all()
        rows = both.search([("lead_id", "in", (here | elsewhere).ids)])
        norms = {row.lead_id: row.course[0]["norm"] for row in rows}
        self.assertEqual(norms, {here: 8, elsewhere: None})

    def test_access(self):
        """The rules of the rows decide; a row that isn't seen tells nothing."""
        mine = self.open_deal(4, user_id=self.users["own"].id)
        theirs = self.row(self.open_deal(4, user_id=self.users["all"].id))
        own = self.row(mine)
        self.assertEqual(self.as_user("own", own).course[0]["days"], 4)
        self.assertEqual(self.as_user("all", theirs).course[0]["days"], 4)
        for name in ("course", "next_step"):
            with self.assertRaises(AccessError):
                self.as_user("own", theirs)[name]
            with self.assertRaises(AccessError):
                self.as_user("marketer", own)[name]

    def test_next_step(self):
        """The earliest activity, by its summary or its type; the next one when it is done."""
        lead = self.open_deal(1, user_id=self.users["own"].id)
        planned = [
            lead.activity_schedule(
                "mail.mail_activity_data_call", self.ago(-days), summary=summary,
                user_id=self.users["all"].id,
            )
            for days, summary in ((9, "Later"), (2, "Ask for the size"), (5, False))
        ]  # fmt: skip
        row = self.as_user("own", self.row(lead))
        self.assertEqual((row.next_step, row.next_date), ("Ask for the size", self.ago(-2)))
        planned[1].action_feedback()
        row = self.as_user("own", self.row(lead))
        self.assertEqual(row.next_step, planned[2].activity_type_id.name)
        self.assertEqual(row.next_date, self.ago(-5))
        planned[0].unlink()
        planned[2].unlink()
        self.assertFalse(self.row(lead).next_step)

    def test_next_step_on_either_document(self):
        """A call on the opportunity is a next step of its quotation; the earlier one counts."""
        partner = self.customer("Asker")
        lead = self.open_deal(10, partner_id=partner.id)
        order = self.order(partner, opportunity_id=lead.id)
        self.assertEqual((self.row(order).verdict, self.row(order).next_step), ("no_step", False))
        for document, days, summary in ((lead, 3, "Call"), (order, 6, "Send samples")):
            document.activity_schedule(
                "mail.mail_activity_data_call", self.ago(-days), summary=summary
            )
        row = self.row(order)
        self.assertEqual((row.next_step, row.next_date), ("Call", self.ago(-3)))
        self.assertNotEqual(row.verdict, "no_step")
        lead.activity_ids.action_feedback()
        row = self.row(order)
        self.assertEqual((row.next_step, row.next_date), ("Send samples", self.ago(-6)))

    def test_next_step_is_hidden_as_the_host_hides_it(self):
        """Who may not post on a document doesn't see what others plan on it."""
        leads = self.open_deal(1, name="Secret"), self.open_deal(1, name="Known")
        for lead in leads:
            lead.activity_schedule(
                "mail.mail_activity_data_call", summary="Call", user_id=self.users["all"].id
            )
        self.env["ir.rule"].create(
            {
                "name": "Secret deals are not written on", "perm_read": False,
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "domain_force": "[('name', '!=', 'Secret')]",
                "groups": [Command.clear()],
            }
        )  # fmt: skip
        rows = self.Control.union(*map(self.row, leads))
        seen = {row.name: row.next_step for row in self.as_user("own", rows)}
        self.assertEqual(seen, {"Secret": False, "Known": "Call"})
        self.assertEqual(set(self.as_user("all", rows).mapped("next_step")), {"Call"})

    def test_a_page_in_so_many_queries(self):
        """As many for eighty rows as for two."""
        counts = []
        for number in (1, 39):
            for index in range(number):
                lead = self.open_deal(5, partner_id=self.mine.id, user_id=self.users["own"].id)
                lead.activity_schedule("mail.mail_activity_data_call", summary=f"Call {index}")
                self.order(self.mine, user_id=self.users["own"].id)
            page = {"course": {}, "next_step": {}}
            for _turn in range(3):  # the host remembers rights and rules by and by
                control = self.as_user("own", self.Control)
                before = self.env.cr.sql_log_count
                result = control.web_search_read([], page)
                spent = self.env.cr.sql_log_count - before
            self.assertEqual(len(result["records"]), result["length"])
            counts.append(spent)
        self.assertEqual(len(result["records"]), 80)
        self.assertTrue(all(len(one["course"]) >= 5 for one in result["records"]))
        self.assertEqual(*counts)
