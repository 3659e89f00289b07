"""What the tests of deals share: opportunities of the past with what was done on them."""

from datetime import timedelta

from odoo import fields
from odoo.addons.crm_segments.tests.common import SegmentsMixin
from odoo.tools import SQL


class DealsMixin(SegmentsMixin):
    @classmethod
    def set_up_deals(cls):
        # nothing but the deals of the test is compared
        cls.env["crm.lead"].with_context(active_test=False).search([]).unlink()
        cls.Lead = cls.env["crm.lead"].with_context(
            tracking_disable=True, mail_create_nolog=True, mail_notrack=True
        )
        cls.now = fields.Datetime.now().replace(microsecond=0)
        cls.won_stage = cls.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        cls.stage = cls.env["crm.stage"].search([("is_won", "=", False)], limit=1)

    @classmethod
    def deals(cls, number, won=0, age=100, lasted=30, **values):
        """Opportunities that began so many days ago; the first are won, the others lost."""
        leads = cls.Lead.create(
            [
                {
                    "type": "opportunity", "name": f"Deal {index}", "team_id": False,
                    "user_id": False, "stage_id": cls.stage.id, **values,
                }
                for index in range(number)
            ]
        )  # fmt: skip
        leads[:won].write({"stage_id": cls.won_stage.id, "probability": 100})
        leads[won:].write({"active": False, "probability": 0})
        cls.env.flush_all()
        start = cls.now - timedelta(days=age)
        cls.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET create_date = %s, date_closed = %s WHERE id = ANY(%s)",
                start, start + timedelta(days=lasted), leads.ids,
            )
        )  # fmt: skip
        leads.invalidate_recordset()
        return leads

    @classmethod
    def meetings(cls, leads, age, **values):
        """A meeting on each deal, so many days ago."""
        start = cls.now - timedelta(days=age)
        return (
            cls.env["calendar.event"]
            .with_context(no_mail_to_attendees=True, tracking_disable=True)
            .create(
                [
                    {
                        "name": "Visit", "opportunity_id": lead.id, "start": start,
                        "stop": start + timedelta(hours=1), "partner_ids": [], **values,
                    }
                    for lead in leads
                ]
            )
        )  # fmt: skip
