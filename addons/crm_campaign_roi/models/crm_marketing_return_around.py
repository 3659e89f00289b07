"""What stands around the return on the director's page, as far as its reader may see it."""

from dateutil.relativedelta import relativedelta
from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class CrmMarketingReturn(models.AbstractModel):
    _inherit = "crm.marketing.return"  # pylint: disable=consider-merging-classes-inherited

    def _bridge(self, first, last):
        """Why the revenue differs from the year before; None for whom it is hidden.

        :return: dict of ``start``, ``end``, ``parts`` (``key``, ``name``, ``total``) and
            ``read_at`` (when the documents were read, in UTC; False for just now), or None
        """
        periods = self._bridge_periods(first, last)
        days = [[fields.Date.to_string(day) for day in pair] for pair in periods]
        try:
            found = self.env["crm.revenue.bridge"].bridge(days)
        except (AccessError, UserError):
            return None
        return {
            "start": found["start"]["total"],
            "end": found["end"]["total"],
            "parts": [
                {"key": one["key"], "name": one["name"], "total": one["total"]}
                for one in found["parts"]
            ],
            "read_at": found["read_at"],
        }

    def _bridge_periods(self, first, last):
        """The same days of the year before, and the page's own: [[first, last], [first, last]]"""
        year = relativedelta(years=1)
        return [[first - year, last - year], [first, last]]

    def _segments(self, first):
        """Customers who joined and left each segment of the leading segmentation since a day."""
        leading = self.env.company._leading_segmentation()
        memberships = self.env["crm.segment.membership"]
        if not leading or not memberships.has_access("read"):
            return None
        mine = [("segmentation_id", "=", leading.id), ("company_id", "=", self.env.company.id),
                ("pinned", "!=", "out")]  # fmt: skip
        found = {}
        for name, domain in (
            ("joined", [("date_from", ">=", first)]),
            ("left", [("date_to", ">=", first)]),
            ("members", [("date_to", "=", False)]),
        ):
            for segment, count in memberships._read_group(
                [*mine, *domain], ["segment_id"], ["partner_id:count_distinct"]
            ):
                row = found.setdefault(segment, {"joined": 0, "left": 0, "members": 0})
                row[name] = count
        return [
            {"id": segment.id, "name": segment.name, **row}
            for segment, row in sorted(found.items(), key=lambda pair: pair[0].sequence)
        ]

    def _deals(self):
        """Deals that are held up, where the control of deals is installed and may be read."""
        control = self.env.get("crm.deal.control")
        if control is None or not control.has_access("read"):
            return None
        try:
            [[count, money]] = control._read_group(
                [("late", "=", True)], [], ["__count", "money_held:sum"]
            )
        except (AccessError, UserError):
            return None
        return {"count": count, "money": money or 0.0}
