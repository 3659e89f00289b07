"""Touchpoints: where they come from, that each comes once, and what people enter."""

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common_touch import TouchCase


@tagged("post_install", "-at_install")
class TestTouchpoint(TouchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one = cls.customer("One", email="one@example.com")
        cls.contact = cls.env["res.partner"].create({"name": "Contact", "parent_id": cls.one.id})
        cls.link = cls.env["link.tracker"].create(
            {"url": "https://example.com", "title": "Example", "campaign_id": cls.autumn.id,
             "medium_id": cls.web.id}
        )  # fmt: skip

    def lead(self, days=5, **values):
        lead = self.env["crm.lead"].create({"name": "Lead", **values})
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s", [self.moment(days), lead.id]
        )
        lead.invalidate_recordset()
        return lead

    def trace(self, record, **values):
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "News", "campaign_id": self.spring.id, "medium_id": self.mail.id,
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
            }
        )  # fmt: skip
        return self.env["mailing.trace"].create(
            {
                "mass_mailing_id": mailing.id, "model": record._name, "res_id": record.id,
                "trace_status": "sent", "sent_datetime": self.moment(4), **values,
            }
        )  # fmt: skip

    def click(self, **values):
        return self.env["link.tracker.click"].create({"link_id": self.link.id, **values})

    def test_leads_and_their_orders(self):
        """The touch is the lead's; an order says more only with another UTM of its own."""
        lead = self.lead(partner_id=self.contact.id, campaign_id=self.spring.id)
        self.lead(partner_id=self.contact.id)  # no UTM, no touch
        same = self.order(self.one, 2, opportunity_id=lead.id, campaign_id=self.spring.id)
        other = self.order(self.one, 1, opportunity_id=lead.id, campaign_id=self.autumn.id)
        self.touches._refresh(self.contact.ids)
        self.assertRecordValues(
            self.derived(self.one),
            [
                {"date": self.moment(5), "campaign_id": self.spring.id, "lead_id": lead.id,
                 "res_model": "crm.lead", "res_id": lead.id},
                {"date": self.moment(1), "campaign_id": self.autumn.id, "lead_id": lead.id,
                 "res_model": "sale.order", "res_id": other.id},
            ],
        )  # fmt: skip
        self.assertEqual(self.derived(self.one)[0].origin, lead)
        other._action_cancel()
        same.campaign_id = self.autumn
        self.touches._refresh(self.one.ids)
        self.assertEqual(self.derived(self.one).mapped("res_id"), [lead.id, same.id])

    def test_a_second_time_writes_nothing(self):
        self.lead(partner_id=self.one.id, campaign_id=self.spring.id)
        self.touches._refresh()
        self.assertFalse(self.env.execute_query(self.touches._refresh_sql(None)))
        self.assertFalse(self.credits._refresh_company(self.company))

    def test_mailings(self):
        """Sent, opened and replied each once; tests and strangers never; contacts by address."""
        self.trace(
            self.contact, trace_status="reply", open_datetime=self.moment(3),
            reply_datetime=self.moment(2), links_click_datetime=self.moment(3, 13),
        )  # fmt: skip
        self.trace(self.contact, is_test_trace=True)
        self.trace(self.contact, trace_status="bounce")
        reader = self.env["mailing.contact"].create({"name": "R", "email": "ONE@example.com"})
        stranger = self.env["mailing.contact"].create({"name": "S", "email": "s@example.com"})
        self.trace(reader, sent_datetime=self.moment(1))
        self.trace(stranger)
        self.touches._refresh()
        found = self.derived(self.one)
        self.assertEqual(
            found.mapped(lambda touch: (touch.kind_id.code, touch.date)),
            [("sent", self.moment(4)), ("opened", self.moment(3)), ("clicked", self.moment(3, 13)),
             ("replied", self.moment(2)), ("sent", self.moment(1))],
        )  # fmt: skip
        self.assertEqual(found.campaign_id, self.spring)
        self.assertEqual(found.medium_id, self.mail)

    def test_clicks(self):
        """With the clicks known the trace's own is one of them; a stranger's is nobody's."""
        trace = self.trace(self.one, links_click_datetime=self.moment(3))
        self.click(mailing_trace_id=trace.id)
        anonymous = self.click()
        self.touches._refresh()
        self.assertEqual(self.derived(self.one).kind_id.mapped("code"), ["sent", "link"])
        stranger = self.touches.search(
            [("res_id", "=", anonymous.id), ("kind_id.code", "=", "link")]
        )
        self.assertRecordValues(
            stranger,
            [{"partner_id": False, "campaign_id": self.autumn.id, "medium_id": self.web.id}],
        )

    def test_a_number_stands_for_a_campaign(self):
        call = self.env.ref("crm_campaign_roi.touchpoint_kind_call")
        self.env["crm.touchpoint.code"].create(
            {"name": "+49 30 123-45", "kind_id": call.id, "campaign_id": self.spring.id,
             "medium_id": self.mail.id}
        )  # fmt: skip
        known = self.touch(self.contact, 3, kind="call", code="0049 (30) 12345")
        unknown = self.touch(self.one, 3, kind="call", code="49 30 99999")
        self.assertRecordValues(
            known + unknown,
            [
                {
                    "partner_id": self.one.id,
                    "campaign_id": self.spring.id,
                    "medium_id": self.mail.id,
                },
                {"partner_id": self.one.id, "campaign_id": False, "medium_id": False},
            ],
        )

    def test_what_a_field_says(self):
        """An answer is a touch of its own and leaves the UTM of the lead alone."""
        asked = self.env.ref("crm_campaign_roi.touchpoint_kind_asked")
        asked.field_id = self.env.ref("crm.field_crm_lead__referred")
        self.env["crm.touchpoint.code"].create(
            {"name": "Fair  booth", "kind_id": asked.id, "campaign_id": self.autumn.id}
        )
        lead = self.lead(partner_id=self.one.id, campaign_id=self.spring.id, referred="fair Booth")
        self.touches._refresh(self.one.ids)
        self.assertRecordValues(
            self.derived(self.one, "asked"),
            [{"campaign_id": self.autumn.id, "origin_campaign_id": self.spring.id,
              "code": "fair Booth"}],
        )  # fmt: skip
        self.assertEqual(lead.campaign_id, self.spring)
        with self.assertRaises(ValidationError):
            asked.field_id = self.env.ref("crm.field_crm_lead__expected_revenue")

    def test_what_people_may_enter(self):
        self.lead(partner_id=self.one.id, campaign_id=self.spring.id)
        self.touches._refresh(self.one.ids)
        with self.assertRaisesRegex(ValidationError, "comes from a document"):
            self.derived(self.one).unlink()
        with self.assertRaisesRegex(ValidationError, "future"):
            self.touch(self.one, -3, self.spring)
        mine = self.touch(self.contact, 3, self.spring)
        self.touches._refresh()
        self.assertTrue(mine.exists())
        mine.unlink()

    def test_documents_written_since(self):
        lead = self.lead(partner_id=self.contact.id)
        self.env.flush_all()
        later = fields.Datetime.add(fields.Datetime.now(), hours=1)
        self.assertIn(self.one.id, self.touches._changed_since(self.moment(1)))
        self.assertNotIn(self.one.id, self.touches._changed_since(later))
        lead.source_id = self.env["utm.source"].create({"name": "Late"})
        with self.enter_registry_test_mode():
            self.env.ref("crm_campaign_roi.ir_cron_follow").method_direct_trigger()
        self.assertEqual(self.derived(self.one).source_id.name, "Late")

    def test_merged_customers_have_the_touches_of_both(self):
        two = self.customer("Two")
        self.touch(two, 6, self.spring)
        self.touch(self.one, 4, self.autumn)
        order = self.order(two, 1)
        self.touches._refresh([two.id, self.one.id])
        self.assertEqual(len(self.credit_of(order)), 1)
        self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": (two + self.one).ids, "dst_partner_id": self.one.id}
        ).action_merge()
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("crm_segments.ir_cron_queue").method_direct_trigger()
            self.env.ref("crm_campaign_roi.ir_cron_queue").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.credit_of(order).campaign_id, self.spring + self.autumn)
        self.assertEqual(self.credit_of(order).partner_id, self.one)
