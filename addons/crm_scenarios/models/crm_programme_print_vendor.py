"""Who is paid what, when and on which terms, on paper."""

from dateutil.relativedelta import relativedelta
from odoo import models

from ..lib import programme_picture as geometry


class CrmProgramme(models.Model):
    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

    def _printed_vendors(self):
        """Payments by vendor: once and again and again, months of the first and the last."""
        by_vendor = {}
        for row in self.payments or []:
            by_vendor.setdefault(row["vendor"] or 0, []).append(row)
        names = self._vendor_names()
        found = [
            {
                "name": names.get(vendor) or self.env._("Own people and others"),
                "first": self._month_name(min(day for day, _money, _running in paid)),
                "last": self._month_name(max(day for day, _money, _running in paid)),
                **geometry.whole(paid, self.currency_id.decimal_places),
            }
            for vendor, paid in ((one, self._paid(rows)) for one, rows in by_vendor.items())
        ]
        return sorted(found, key=lambda row: (-row["total"], row["name"]))

    def _vendor_names(self):
        vendors = self.step_ids.vendor_id | self.cost_ids.vendor_id
        return {vendor.id: vendor.display_name for vendor in vendors}

    def _printed_years(self):
        """Cost of ownership by year from the start."""
        if not self.date_start:
            return []
        years = geometry.by_year(self._paid(), self.date_start, self.currency_id.decimal_places)
        return [
            {
                "number": number,
                "first": self.date_start + relativedelta(years=number - 1),
                "last": self.date_start + relativedelta(years=number, days=-1),
                **row,
            }
            for number, row in years.items()
        ]

    def _printed_struck(self):
        """What isn't part of the programme, with the reason."""
        return [
            {"name": one.name, "reason": one.struck_reason or ""}
            for items in (self.step_ids, self.cost_ids) for one in items if one.struck_out
        ]  # fmt: skip

    def _printed_terms(self):
        """Terms of payment by vendor: pairs (vendor, lines)."""
        found = {}
        costs = self._planned_costs().filtered(lambda cost: cost.amount)
        for item in [*self._planned_steps().filtered("work_cost"), *costs]:
            if item.vendor_id:
                lines = found.setdefault(item.vendor_id.display_name, [])
                lines.append(self._printed_term(item))
        return sorted(found.items())

    def _printed_term(self, item):
        again = item._name == "crm.programme.cost" and item.period != "once"
        advance, milestone, days = item._terms_of_payment()
        return {
            "name": item.name, "advance": advance, "milestone": milestone,
            "rest": max(1 - advance - milestone, 0.0), "days": days, "again": again,
            "amount": item.amount if "amount" in item else item.work_cost,
        }  # fmt: skip
