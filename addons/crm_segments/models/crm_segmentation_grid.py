"""The RFM grid: how many customers and how much money lie at which scores."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..lib import rfm

#: position of a score in the verdict of a stay
_POSITION = {"recency": 1, "frequency": 2, "monetary": 3}


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    @api.readonly
    def rfm_grid(self, axis="frequency"):
        """Recency × frequency or monetary value today, in the current company.

        Read from the scores that the stays of today carry. Who is pinned in by hand has no
        scores that are kept up to date, who never bought has none: both are told apart.

        :param str axis: 'frequency' or 'monetary'
        :return: dict of ``cells`` (all 25: row = recency, column = score of the axis, 1…5;
            count of customers, amount, segments = list of {id, count} that lie there, those
            without customers last), ``unscored`` (id and name of the segment, pinned, count,
            amount), ``names`` (segment id → name), ``metrics`` (axis → label of its figure),
            ``notes`` (measures that couldn't be ranked, in words), ``state`` and
            ``currency_id``. ``amount`` is the revenue of twelve months, None where the user
            may not see the figures of all customers
        :raises AccessError: for users who may not read segmentations
        :raises UserError: for other methods than RFM, or another axis
        """
        self._check_grid_asked(axis)
        return {
            "cells": self._grid_cells(axis),
            "unscored": self._grid_unscored(),
            "names": {str(one.id): one.name for one in self.segment_ids},
            "metrics": self._grid_metric_labels(),
            "notes": self._grid_notes(),
            "state": self._reading_state(),
            "currency_id": self.env.company.currency_id.id,
        }

    @api.readonly
    def action_open_grid(self, axis, recency, score, segment_id=False):
        """Open the customers of one cell, or those without scores of one segment.

        :param str axis: 'frequency' or 'monetary'
        :param int recency: score 1…5, 0 for customers without scores
        :param int score: score of the axis 1…5, 0 for customers without scores
        :param int segment_id: with 0, the segment
        :return: action; what of it the user sees follows from the rights on customers
        """
        self._check_grid_asked(axis)
        if recency:
            where = SQL("recency = %s AND score = %s", int(recency), int(score))
            name = self._grid_cell_name(axis, recency, score)
        else:
            where = SQL("recency IS NULL AND segment_id = %s", int(segment_id))
            name = self.segment_ids.filtered(lambda one: one.id == segment_id).name or self.name
        stays = self._grid_stays_sql(axis)
        return self._open_customers(
            name, SQL("SELECT DISTINCT partner_id FROM (%s) s WHERE %s", stays, where)
        )

    def _check_grid_asked(self, axis):
        self.ensure_one()
        self.check_access("read")
        if self.method != "rfm":
            raise UserError(self.env._("“%s” is no RFM segmentation: no grid.", self.name))
        if axis not in ("frequency", "monetary"):
            raise UserError(self.env._("The grid shows frequency or monetary value."))

    def _grid_cell_name(self, axis, recency, score):
        if axis == "frequency":
            return self.env._("Recency %(r)s, frequency %(s)s", r=recency, s=score)
        return self.env._("Recency %(r)s, monetary value %(s)s", r=recency, s=score)

    def _grid_metric_labels(self):
        """Axis → label of the figure that it ranks."""
        names = dict(self._selection_metric()) | dict(self._selection_date_metric())
        return dict(
            zip(_POSITION, (names.get(one, one) for one in self._rfm_metrics()), strict=True)
        )

    def _grid_notes(self):
        """Which measures the last run couldn't rank, as it said on the segmentation."""
        run = self._last_runs([("state", "=", "done")]).get(self.id)
        notes = run.notes or [] if run else []
        return [run._note_text(one) for one in notes if one.startswith("flat_")]

    def _grid_cells(self, axis):
        money = self.env["res.partner"]._sees_all_figures()
        rows = self.env.execute_query(self._grid_sql_of(axis, SQL("recency, score")))
        figures = {(r, s): (count, amount) for r, s, count, amount in rows}
        lying = self._grid_segments(axis)
        return [
            {
                "row": recency,
                "column": score,
                "count": figures.get((recency, score), (0, 0))[0],
                "amount": float(figures.get((recency, score), (0, 0))[1]) if money else None,
                "segments": lying[recency, score],
            }
            for recency in range(5, 0, -1)
            for score in range(1, 6)
        ]

    def _grid_segments(self, axis):
        """(recency, score) → list of {id, count} of the segments that lie there."""
        found = {(r, s): {} for r in range(1, 6) for s in range(1, 6)}
        for segment in self._ruled_segments():
            for code in rfm.parse_codes(segment.rfm_codes or ""):
                found[int(code[0]), int(code[_POSITION[axis] - 1])][segment.id] = 0
        rows = self.env.execute_query(self._grid_sql_of(axis, SQL("recency, score, segment_id")))
        for recency, score, segment_id, count, _amount in rows:
            found[recency, score][segment_id] = count
        return {
            cell: [
                {"id": segment_id, "count": count}
                for segment_id, count in sorted(counts.items(), key=lambda one: -one[1])
            ]
            for cell, counts in found.items()
        }

    def _grid_unscored(self):
        """Customers without scores, by segment and whether a person put them there."""
        money = self.env["res.partner"]._sees_all_figures()
        rows = self.env.execute_query(
            self._grid_sql_of("frequency", SQL("segment_id, pinned"), SQL("recency IS NULL"))
        )
        names = {one.id: one.name for one in self.segment_ids}
        return [
            {
                "id": segment_id,
                "name": names.get(segment_id, ""),
                "pinned": pinned,
                "count": count,
                "amount": float(amount) if money else None,
            }
            for segment_id, pinned, count, amount in sorted(rows, key=lambda row: -row[2])
        ]

    def _grid_sql_of(self, axis, columns, where=None):
        """SELECT of (columns, customers, their revenue of twelve months), scored ones only."""
        return SQL(
            """
            SELECT %(columns)s, COUNT(*), COALESCE(SUM(m.revenue_12m), 0)
            FROM (SELECT DISTINCT partner_id, %(columns)s FROM (%(stays)s) s WHERE %(where)s) d
            LEFT JOIN crm_customer_metrics m
              ON m.partner_id = d.partner_id AND m.company_id = %(company)s
            GROUP BY %(columns)s
            """,
            columns=columns,
            stays=self._grid_stays_sql(axis),
            where=where or SQL("recency IS NOT NULL"),
            company=self.env.company.id,
        )

    def _grid_stays_sql(self, axis):
        """SELECT of (partner_id, segment_id, pinned, recency, score) of the stays of today."""
        return SQL(
            """
            SELECT partner_id, segment_id, pinned IS NOT NULL AS pinned,
                   CASE WHEN scored THEN substr(code, 1, 1)::int END AS recency,
                   CASE WHEN scored THEN substr(code, %s, 1)::int END AS score
            FROM (SELECT *, pinned IS NULL AND code ~ '^[1-5]{3}$' AS scored FROM (%s) t) u
            """,
            _POSITION[axis],
            self._stays_today_sql(),
        )
