"""Who is in which segment of two segmentations at once."""

from itertools import product

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..lib import crosstab


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    @api.readonly
    def cross_tab(self, other_id):
        """This segmentation's segments × those of another one today, in the current company.

        0 stands for no segment of that segmentation. Where customers may be in several
        segments, they count once in each pair of segments, and once in each total: totals
        are the members of the segments, not the sums of cells. The index compares a cell
        with independence among the customers who are in both segmentations.

        :param int other_id: id of the other segmentation; the same one shows how its
            segments overlap
        :return: dict of ``rows`` and ``columns`` (each a dict of id, name, state, overlapping
            and ``segments``: id, name, color, count, amount, members first, 0 last), ``cells``
            (row, column, count, amount, expected, index, verdict as in
            ``lib.crosstab.compare_cell``), ``total`` (count, amount), ``both`` (customers in
            both) and ``currency_id``. ``amount`` is the revenue of twelve months, None where
            the user may not see the figures of all customers
        :raises AccessError: for users who may not read the segmentations
        :raises UserError: for a segmentation that isn't there
        """
        other = self._cross_tab_other(other_id)
        figures = self._cross_figures(other)
        total = figures.pop((None, None))
        return {
            "rows": self._cross_side({a: one for (a, b), one in figures.items() if b is None}),
            "columns": other._cross_side({b: one for (a, b), one in figures.items() if a is None}),
            "cells": self._cross_cells(figures, total["both"]),
            "total": {"count": total["count"], "amount": total["amount"]},
            "both": total["both"],
            "currency_id": self.env.company.currency_id.id,
        }

    @api.readonly
    def action_open_cross_tab(self, other_id, segment_id, other_segment_id):
        """Open the customers of one cell.

        :param int other_id: id of the other segmentation
        :param int segment_id: id of a segment of this one, 0 for none
        :param int other_segment_id: id of a segment of the other one, 0 for none
        :return: action; what of it the user sees follows from the rights on customers
        """
        other = self._cross_tab_other(other_id)
        sides = ((self, segment_id), (other, other_segment_id))
        where = SQL("a = %s AND b = %s", int(segment_id), int(other_segment_id))
        return self._open_customers(
            " × ".join(one._cross_name(segment) for one, segment in sides),
            SQL("SELECT DISTINCT partner_id FROM (%s) p WHERE %s", self._pairs_sql(other), where),
        )

    def _cross_figures(self, other):
        """(segment, other segment) → count, amount and customers in both; None for all."""
        money = self.env["res.partner"]._sees_all_figures()
        figures = {(None, None): {"count": 0, "amount": 0.0 if money else None, "both": 0}}
        for row, column, count, both, amount in self.env.execute_query(self._cross_sql(other)):
            seen = float(amount) if money else None
            figures[row, column] = {"count": count, "amount": seen, "both": both}
        return figures

    def _cross_tab_other(self, other_id):
        """The other segmentation, once both may be read."""
        self.ensure_one()
        other = self.browse(other_id).exists()
        if not other:
            raise UserError(self.env._("Choose two segmentations."))
        (self | other).check_access("read")
        return other

    def _cross_name(self, segment_id):
        found = self.segment_ids.filtered(lambda one: one.id == segment_id)
        return found.name or self.env._("no segment of %s", self.name)

    def _cross_side(self, figures):
        """A segmentation as the rows or columns of the table.

        :param dict figures: segment id → dict of count, amount
        """
        nobody = {"count": 0, "amount": 0 if self.env["res.partner"]._sees_all_figures() else None}
        segments = [
            {"id": one.id, "name": one.name, "color": one.color} for one in self.segment_ids
        ]
        if 0 in figures:
            segments.append({"id": 0, "name": self.env._("No segment"), "color": 0})
        for segment in segments:
            found = figures.get(segment["id"], nobody)
            segment.update(count=found["count"], amount=found["amount"])
        return {
            "id": self.id,
            "name": self.name,
            "state": self._reading_state(),
            "overlapping": not self.exclusive,
            "segments": segments,
        }

    def _cross_cells(self, figures, both):
        """Cells with customers, and empty ones where some would be expected."""
        rows = {row: one["both"] for (row, column), one in figures.items() if column is None}
        columns = {column: one["both"] for (row, column), one in figures.items() if row is None}
        named = [[count for one, count in side.items() if one] for side in (rows, columns)]
        tested = crosstab.count_tested(*named, both)
        money = self.env["res.partner"]._sees_all_figures()
        empty = {"count": 0, "amount": 0 if money else None}
        cells = []
        for row, column in product(rows, columns):
            found = figures.get((row, column), empty)
            judged = dict.fromkeys(("expected", "index", "verdict"))
            if row and column:
                judged = crosstab.compare_cell(
                    found["count"], rows[row], columns[column], both, tested
                )
            if found["count"] or (judged["expected"] or 0) >= crosstab.LEAST_EXPECTED:
                known = {"count": found["count"], "amount": found["amount"]}
                cells.append({"row": row, "column": column, **known, **judged})
        return cells

    def _pairs_sql(self, other):
        """SELECT of (partner_id, a, b), a row per pair of segments; 0 for none."""
        return SQL(
            """
            SELECT partner_id, COALESCE(x.segment_id, 0) AS a, COALESCE(y.segment_id, 0) AS b
            FROM (%s) x FULL JOIN (%s) y USING (partner_id)
            """,
            self._stays_today_sql(),
            other._stays_today_sql(),
        )

    def _cross_sql(self, other):
        """SELECT of (a, b, customers, those in both segmentations, revenue of twelve months).

        Per pair, per segment of either side (the other one NULL) and for all (both NULL); a
        customer counts once in each row.
        """
        groups = [
            SQL(
                """
                SELECT %(a)s AS a, %(b)s AS b, COUNT(*), COUNT(*) FILTER (WHERE together),
                       COALESCE(SUM(m.revenue_12m), 0)
                FROM (SELECT DISTINCT partner_id, a <> 0 AND b <> 0 AS together, %(a)s AS a,
                             %(b)s AS b FROM pairs) pairs
                LEFT JOIN crm_customer_metrics m
                  ON m.partner_id = pairs.partner_id AND m.company_id = %(company)s
                GROUP BY 1, 2
                """,
                a=a,
                b=b,
                company=self.env.company.id,
            )
            for a in (SQL("pairs.a"), SQL("NULL::int"))
            for b in (SQL("pairs.b"), SQL("NULL::int"))
        ]
        return SQL(
            "WITH pairs AS MATERIALIZED (%s) %s",
            self._pairs_sql(other),
            SQL(" UNION ALL ").join(groups),
        )
