"""A programme that is worked out by hand."""

from datetime import date

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user


class ProgrammeCommon(TransactionCase):
    """A calendar of 8 hours on weekdays, UTC, with one holiday: Wednesday, 6 May 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Eight to four", "tz": "UTC", "hours_per_day": 8.0,
                "company_id": cls.env.company.id,
                "attendance_ids": [
                    Command.create(
                        {"name": "Day", "dayofweek": str(day), "hour_from": 8, "hour_to": 16,
                         "day_period": "full_day", "duration_days": 1}
                    )
                    for day in range(5)
                ],
            }
        )  # fmt: skip
        cls.env["resource.calendar.leaves"].create(
            {"name": "Holiday", "calendar_id": cls.calendar.id,
             "company_id": cls.env.company.id, "date_from": "2026-05-06 00:00:00",
             "date_to": "2026-05-06 23:59:59"}
        )  # fmt: skip
        cls.customer = cls.env["res.partner"].create({"name": "Client"})
        cls.vendor = cls.env["res.partner"].create({"name": "Systems Ltd"})
        cls.seller = new_test_user(
            cls.env, "programme_seller", "sales_team.group_sale_salesman"
        )

    @classmethod
    def programme(cls, **vals):
        """A programme that starts on Monday, 4 May 2026."""
        return cls.env["crm.programme"].create(
            {"name": "New CRM", "partner_id": cls.customer.id, "date_start": date(2026, 5, 4),
             "resource_calendar_id": cls.calendar.id, **vals}
        )  # fmt: skip

    @classmethod
    def step(cls, programme, name, effort, after=(), **vals):
        """A step with an effort in hours, certain or of three points."""
        low, likely, high = effort if isinstance(effort, tuple) else (effort,) * 3
        return cls.env["crm.programme.step"].create(
            {"programme_id": programme.id, "name": name, "effort_low": low,
             "effort_likely": likely, "effort_high": high, "rate": 100.0,
             "predecessor_ids": [Command.set([one.id for one in after])], **vals}
        )  # fmt: skip
