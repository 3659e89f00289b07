"""Contacts of all kinds make one count, whoever of the customer was contacted."""

from datetime import datetime, timedelta

from odoo.tests import new_test_user, tagged

from .common import SegmentsCase


@tagged("post_install", "-at_install")
class TestContacts(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.customer("Ann")
        cls.contact = cls.customer("Contact", is_company=False, parent_id=cls.ann.id)
        cls.seller = new_test_user(cls.env, login="seller_c", groups="base.group_user")

    def figures(self, partner=None):
        """(last contact, contacts of 30 days) after a rebuild."""
        self.env.flush_all()
        self.metrics._refresh_company(self.company)
        partner = partner or self.ann
        partner.invalidate_recordset()
        return partner.last_contact_date, partner.contacts_30d

    def message(self, days, partners, author=None, message_type="comment", status="sent"):
        message = self.env["mail.message"].create(
            {
                "model": "res.partner", "res_id": self.ann.id, "message_type": message_type,
                "author_id": (author or self.seller.partner_id).id,
                "date": datetime.combine(self.ago(days), datetime.min.time()),
            }
        )  # fmt: skip
        for partner in partners:
            self.env["mail.notification"].create(
                {
                    "mail_message_id": message.id, "res_partner_id": partner.id,
                    "notification_type": "email", "notification_status": status,
                }
            )  # fmt: skip
        return message

    def test_nobody_was_contacted(self):
        self.assertEqual(self.figures(), (False, 0))

    def test_a_message_to_two_people_of_one_customer_is_one_contact(self):
        self.message(3, self.ann | self.contact)
        self.assertEqual(self.figures(), (self.ago(3), 1))
        self.assertEqual(self.figures(self.contact), (self.ago(3), 1))

    def test_thirty_days(self):
        self.message(29, self.ann)
        self.message(30, self.ann)
        self.assertEqual(self.figures(), (self.ago(29), 1))

    def test_what_is_no_contact(self):
        self.message(3, self.ann, author=self.contact)
        self.message(3, self.ann, status="bounce")
        self.message(3, self.ann, message_type="notification")
        self.message(3, self.seller.partner_id)
        self.assertEqual(self.figures(), (False, 0))

    def test_done_activities(self):
        lead = self.env["crm.lead"].create({"name": "Deal", "partner_id": self.contact.id})
        for record in (self.ann, lead):
            done = record.activity_schedule("mail.mail_activity_data_call")
            record.activity_schedule("mail.mail_activity_data_call")
            done.action_feedback(feedback="Spoke")
        self.assertEqual(self.figures(), (self.today, 2))

    def test_meetings_past_and_not_declined(self):
        def meeting(days, partner):
            start = datetime.combine(self.ago(days), datetime.min.time())
            return self.env["calendar.event"].create(
                {"name": "Talk", "start": start, "stop": start + timedelta(hours=1),
                 "partner_ids": [(6, 0, partner.ids)]}
            )  # fmt: skip

        meeting(2, self.contact | self.seller.partner_id)
        meeting(-2, self.ann)
        meeting(1, self.ann).attendee_ids.state = "declined"
        self.assertEqual(self.figures(), (self.ago(2), 1))

    def test_contacted_suppliers_do_not_become_customers(self):
        supplier = self.customer("Supplier", supplier_rank=1)
        self.message(3, supplier)
        self.figures()
        self.assertFalse(supplier.is_crm_customer)

    def test_another_companys_customer(self):
        other = self.env["res.company"].create({"name": "Other company"})
        theirs = self.customer("Theirs", company_id=other.id)
        self.message(3, self.ann | theirs)
        self.metrics._refresh_company(other)
        self.figures()
        rows = self.metrics.search([("partner_id", "in", (self.ann | theirs).ids)])
        self.assertEqual(
            {(row.partner_id, row.company_id) for row in rows},
            {(self.ann, self.company), (self.ann, other), (theirs, other)},
        )
