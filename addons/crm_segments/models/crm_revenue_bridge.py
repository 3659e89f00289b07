"""Revenue bridge between two periods, by segment."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..lib import bridge
from . import crm_segmentation_today as today
from .settings import settings

#: settings of PostgreSQL for the statement
_PLAN = {
    "enable_nestloop": "off",
    "enable_mergejoin": "off",
    "enable_sort": "off",
    "enable_memoize": "off",
    "work_mem": "128MB",
    "hash_mem_multiplier": "4",
    "parallel_setup_cost": "0",
    "parallel_tuple_cost": "0",
    "jit": "off",
}


@dataclass(frozen=True)
class Asked:
    """What a bridge is asked for.

    :ivar segmentation: crm.segmentation record, none for no segments
    :ivar packed_at: when the purchases that it is read from were (``crm.customer.purchases``);
        None for reading the documents
    """

    segmentation: models.Model
    a_from: date
    a_to: date
    b_from: date
    b_to: date
    packed_at: datetime | None = None


class CrmRevenueBridge(models.AbstractModel):
    """Why the revenue of a period differs from that of an earlier one.

    Each bridge is read from the documents that the figures count, in all companies that are
    switched on, in the currency of the current one at the rate of the day, without what the
    companies sold to each other. A customer of two companies is one customer in each. Where
    there are many documents they are packed at night (``crm.customer.purchases``), where that
    still takes long the answers to what the page offers are kept, too (``crm.segment.kept``), and
    both are shown with their age. The method stands in ``lib/bridge.py``.
    """

    _name = "crm.revenue.bridge"
    _description = "Revenue Bridge"

    @api.model
    @api.readonly
    def bridge(self, periods, segmentation_id=None, fresh=False):
        """The bridge from the first period to the second, by segment.

        Additive logarithmic mean Divisia index per customer, see ``lib/bridge.py``. Parts and
        segments add up to the cent: amounts are rounded by the largest remainder. A customer
        stands where it was at the end of the second period, a lost one where it was at the end
        of the first; segment 0 holds those outside of all segments.

        :param list periods: [[first day, last day], [first day, last day]] as ISO dates, both
            days belong to the period; the first period ends before the second begins
        :param int segmentation_id: an exclusive segmentation; None for the leading one of the
            current company
        :param bool fresh: read the documents even where those of last night are at hand
        :return: dict of ``segments`` (id, name, color), ``start`` and ``end`` (revenue of the
            two periods) and ``parts``, in order: each a dict of ``key``, ``name``, ``help``,
            ``total``, ``count`` (of customers concerned) and ``cells``, a list of {"amount",
            "count"} in the order of the segments. Also ``periods``, ``segmentation`` (id, name or
            False), ``segmentations`` to choose from, ``currency_id`` and ``known_from`` (first day
            with known segments, ISO date or False) and ``read_at`` (when the documents were
            read, in UTC; False for just now)
        :raises AccessError: for users who don't see segments and the figures of all customers
        :raises UserError: for days that are none or out of order, or overlapping segments
        """
        asked = self._asked(periods, segmentation_id, fresh)
        found, read_at = (None, None) if fresh else self._kept(asked)
        if found is None:
            found, read_at = self._read(asked), asked.packed_at
        rows = {row[0]: row[1:] for row in found}
        segments = self._segments(asked.segmentation, rows)
        columns = [rows.get(one["id"], _NOTHING) for one in segments]
        return {
            "segments": segments,
            **self._amounts(columns),
            "periods": [
                [fields.Date.to_string(day) for day in pair]
                for pair in ((asked.a_from, asked.a_to), (asked.b_from, asked.b_to))
            ],
            "segmentation": self._named(asked.segmentation)[:1][0] if asked.segmentation else False,
            "segmentations": self._named(self._choices()),
            "currency_id": self.env.company.currency_id.id,
            "known_from": self._first_stay(asked.segmentation),
            "read_at": fields.Datetime.to_string(read_at or False),
        }

    def _read(self, asked):
        self._flush()
        return self._rows(self._cells_sql(asked))

    @api.model
    @api.readonly
    def action_open_customers(self, periods, segmentation_id, part, segment_id=None, fresh=False):
        """Open the customers of a bar or cell, at most 10,000: who changes most.

        :param str part: key of a part, 'start' or 'end'
        :param int segment_id: 0 for no segment, None for all
        :param bool fresh: as of :meth:`bridge`
        :return: action; what of it the user sees follows from the rights on customers
        """
        asked = self._asked(periods, segmentation_id, fresh)
        columns = {"start": "revenue_a", "end": "revenue_b", **{key: key for key in bridge.PARTS}}
        if part not in columns:
            raise UserError(self.env._("The bridge has no part “%s”.", part))
        self._flush()
        segment_id = None if segment_id is None else int(segment_id)
        limit = today.MAX_OPENED + 1
        rows = self._rows(self._customers_sql(asked, columns[part], segment_id, limit))
        action = self.env["crm.segmentation"]._open_found(
            self._title(part, segment_id), [partner_id for (partner_id,) in rows]
        )
        return {**action, "context": {"active_test": False}}

    # what is asked

    def _asked(self, periods, segmentation_id, fresh=False):
        """Check rights and arguments."""
        self.env["crm.segmentation"].check_access("read")
        if not self.env["res.partner"]._sees_all_figures():
            raise AccessError(
                self.env._("The revenue bridge is for users who see the sales of all customers.")
            )
        segmentation, days = self._segmentation(segmentation_id), self._days(periods)
        return Asked(segmentation, *days, None if fresh else self._packed_at())

    def _packed_at(self):
        return self.env["crm.customer.purchases"]._read_at()

    def _days(self, periods):
        try:
            (first, second), (third, last) = (
                [fields.Date.to_date(day) for day in pair] for pair in periods
            )
        except (ValueError, TypeError) as error:
            raise UserError(self.env._("Choose the days of both periods.")) from error
        if not all((first, second, third, last)):
            raise UserError(self.env._("Choose the days of both periods."))
        if first > second or third > last:
            raise UserError(self.env._("A period ends before it begins."))
        if second >= third:
            raise UserError(self.env._("The first period has to end before the second begins."))
        return first, second, third, last

    def _segmentation(self, segmentation_id):
        Segmentation = self.env["crm.segmentation"]
        if not segmentation_id:
            return self.env.company._leading_segmentation()
        found = Segmentation.browse(int(segmentation_id)).exists()
        found.check_access("read")
        if not found:
            raise UserError(self.env._("The segmentation is no longer there."))
        if not found.exclusive:
            raise UserError(
                self.env._(
                    "The segments of “%s” overlap: their parts would not add up to the whole.",
                    found.name,
                )
            )
        return found

    def _choices(self):
        """Segmentations whose segments don't overlap."""
        return self.env["crm.segmentation"].search(
            [("enabled", "=", True), ("exclusive", "=", True),
             ("company_id", "in", [*self.env.companies.ids, False])]
        )  # fmt: skip

    def _flush(self):
        self.env["crm.segment.membership"].flush_model()
        # sudo: only for those who see the figures of all customers
        self.env["crm.customer.metrics"].sudo()._flush_sources()
        for model in ("product.product", "product.template", "sale.order.line", "uom.uom"):
            self.env[model].flush_model()
        self.env["res.currency.rate"].flush_model()

    def _rows(self, statement):
        """Run the statement with joins that suit many rows.

        How many customers bought in both periods the planner can't know: it guesses one, and
        would look up the lines of hundreds of thousands of documents one by one, and read the
        documents by one process where the server has several to spare.
        """
        with settings(self.env, **_PLAN):
            return self.env.execute_query(statement)

    # what is answered

    def _named(self, records):
        return [{"id": one.id, "name": one.name} for one in records]

    def _segments(self, segmentation, rows):
        """Segments in order that have something to tell, and none at the end."""
        segments = [
            {"id": one.id, "name": one.name, "color": one.color}
            for one in segmentation.with_context(active_test=False).segment_ids
            if one.id in rows
        ]
        if 0 in rows:
            segments.append({"id": 0, "name": self.env._("No segment"), "color": 0})
        return segments

    def _amounts(self, columns):
        """Start, end and parts, rounded so that they add up; ``columns`` as read."""
        size, units = len(bridge.PARTS), 10**self.env.company.currency_id.decimal_places
        values = {
            key: [one[2 + place] for one in columns] for place, key in enumerate(bridge.PARTS)
        }
        ends = [[Decimal(str(one[side] or 0)) for one in columns] for side in (0, 1)]
        first, parts, last = bridge.rounded(values, *ends, units)
        counts, texts = [one[2 + size :] for one in columns], self._texts()

        def entry(key, amounts, place):
            cells = [
                {"amount": amount / units, "count": count[place]}
                for amount, count in zip(amounts, counts, strict=True)
            ]
            total = sum(amounts) / units
            count = sum(cell["count"] for cell in cells)
            return {"key": key, **texts[key], "total": total, "count": count, "cells": cells}

        return {
            "start": entry("start", first, 0),
            "end": entry("end", last, 1),
            "parts": [entry(key, parts[key], 2 + place) for place, key in enumerate(bridge.PARTS)],
        }

    def _first_stay(self, segmentation):
        groups = self.env["crm.segment.membership"]._read_group(
            [("segmentation_id", "=", segmentation.id),
             ("company_id", "in", self.env.companies.ids)],
            [],
            ["date_from:min"],
        )  # fmt: skip
        return fields.Date.to_string(groups[0][0]) or False


_NOTHING = (0,) * (2 + len(bridge.PARTS) + 2 + len(bridge.PARTS))
