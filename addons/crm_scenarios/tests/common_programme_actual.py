"""A programme in the books, worked out by hand.

=====  =====  =======  ==================================================================
phase  step   who      planned
=====  =====  =======  ==================================================================
A      A1     own      40 h, 4,000; 4, 5, 7, 8 and 11 May
A      A2     vendor   20 h, 2,000 and a purchase of 1,000; 50 a month from 7 May, so once
                       before the planned end
B      B1     own      80 h, 8,000; from 12 to 25 May
none   Lead   own      10 h, 1,000
=====  =====  =======  ==================================================================
"""

from datetime import date

from odoo.addons.crm_segments.tests.common import InvoiceCase
from odoo.fields import Command

from .common_programme import ProgrammeCommon


class ProgrammeActualCase(ProgrammeCommon, InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expense = cls.company_data["default_account_expense"]
        cls.hour = cls.env.ref("uom.product_uom_hour")
        cls.day = cls.env.ref("uom.product_uom_day")
        cls.work = cls.programme(name="In the books")
        cls.one, cls.two = cls.env["crm.programme.phase"].create(
            [{"programme_id": cls.work.id, "name": name} for name in "AB"]
        )
        cls.a1 = cls.step(cls.work, "A1", 40, phase_id=cls.one.id)
        cls.a2 = cls.step(cls.work, "A2", 20, phase_id=cls.one.id, vendor_id=cls.vendor.id)
        cls.env["crm.programme.cost"].create(
            [
                {"step_id": cls.a2.id, "name": "Servers", "unit_price": 1000,
                 "vendor_id": cls.vendor.id},
                {"step_id": cls.a2.id, "name": "Rent", "unit_price": 50, "period": "month",
                 "vendor_id": cls.vendor.id, "kind": "licence"},
            ]
        )  # fmt: skip
        cls.b1 = cls.step(cls.work, "B1", 80, after=[cls.a1, cls.a2], phase_id=cls.two.id)
        cls.lead = cls.step(cls.work, "Lead", 10)
        cls.work.action_start()

    @classmethod
    def bill(cls, amount, *accounts, post=True, line=None, **values):
        """A vendor bill, its line shared equally by the accounts."""
        share = 100 / len(accounts)
        line = {
            "name": "Work", "price_unit": amount, "account_id": cls.expense.id,
            "tax_ids": [Command.clear()],
            "analytic_distribution": {str(one.id): share for one in accounts}, **(line or {}),
        }  # fmt: skip
        bill = cls.env["account.move"].create(
            {
                "move_type": "in_invoice", "partner_id": cls.vendor.id,
                "invoice_date": date(2026, 5, 20), "date": date(2026, 5, 20),
                "invoice_line_ids": [Command.create(line)], **values,
            }
        )  # fmt: skip
        if post:
            bill.action_post()
        return bill

    @classmethod
    def hours(cls, account, quantity, amount, **values):
        """An analytic line by hand; the amount is what it costs."""
        return cls.env["account.analytic.line"].create(
            {
                "name": "By hand", account.plan_id._column_name(): account.id,
                "unit_amount": quantity, "amount": -amount, "date": "2026-05-12",
                "company_id": cls.company.id, **values,
            }
        )  # fmt: skip

    def rows(self, *names, env=None):
        """Sums of the report by phase and vendor: ``{(phase, vendor): numbers}``."""
        self.env.flush_all()
        self.env.invalidate_all()
        report = (env or self.env)["crm.programme.actual"]
        found = report._read_group(
            [("programme_id", "=", self.work.id)], ["phase_id", "vendor_id"],
            [f"{name}:sum" for name in names],
        )  # fmt: skip
        return {
            (phase.name or "", vendor.name or ""): tuple(round(one, 2) for one in numbers)
            for phase, vendor, *numbers in found
        }
