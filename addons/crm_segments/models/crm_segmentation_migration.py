"""Who moved from which segment to which between two days."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    @api.readonly
    def migration(self, date_from, date_to):
        """From-segment × to-segment between two days, in the current company.

        Both days are read from the stays, whether lived or computed for the past. 0 stands
        for no segment: not a customer yet, no longer in the population, or no rule fits. In
        overlapping segmentations a customer counts once per pair of segments, and stands in a
        cell of 0 only where there is no segment at all on that day.

        :param str date_from: ISO date of the first day
        :param str date_to: ISO date of the second day, not before the first
        :return: dict of ``segments`` (id, name, color, in order), ``cells`` (from, to, count,
            amount), ``currency_id`` and ``known_from`` (ISO date or False). ``amount`` is the
            revenue of the twelve months up to the second day, None where the user may not
            see the figures of all customers
        :raises AccessError: for users who may not read segmentations
        :raises UserError: for days that are none, or in the wrong order
        """
        self.ensure_one()
        self.check_access("read")
        first, second = self._migration_days(date_from, date_to)
        money = self.env["res.partner"]._sees_all_figures()
        rows = self.env.execute_query(self._migration_sql(first, second, money))
        return {
            "segments": [
                {"id": one.id, "name": one.name, "color": one.color} for one in self.segment_ids
            ],
            "cells": [
                {"from": old, "to": new, "count": count, "amount": amount}
                for old, new, count, amount in rows
            ],
            "currency_id": self.env.company.currency_id.id,
            "known_from": fields.Date.to_string(self._known_from()) or False,
        }

    @api.readonly
    def action_open_migration(self, date_from, date_to, segment_from, segment_to):
        """Open the customers of one cell.

        :param int segment_from: id of the segment on the first day, 0 for none
        :param int segment_to: id of the segment on the second day, 0 for none
        :return: action; what of it the user sees follows from the rights on customers
        """
        self.ensure_one()
        self.check_access("read")
        first, second = self._migration_days(date_from, date_to)
        names = {one.id: one.name for one in self.segment_ids}
        nowhere = self.env._("no segment")
        ends = [names.get(one, nowhere) for one in (segment_from, segment_to)]
        moved = SQL(
            "SELECT DISTINCT partner_id FROM (%s) m WHERE old = %s AND new = %s",
            self._moves_sql(first, second),
            int(segment_from),
            int(segment_to),
        )
        # archived since, perhaps
        return {
            **self._open_customers(" → ".join(ends), moved), "context": {"active_test": False}
        }  # fmt: skip

    def action_open_movers(self, date_from, date_to):
        """Open who moved between two days, those with the most money at stake first.

        :param str date_from: ISO date of the first day
        :param str date_to: ISO date of the second day, not before the first
        :return: action on ``crm.segment.move``
        """
        self.ensure_one()
        self.check_access("read")
        first, second = self._migration_days(date_from, date_to)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segments.crm_segment_move_action"
        )
        return {
            **action,
            "display_name": self.env._(
                "%(name)s: moved between %(first)s and %(second)s",
                name=self.name,
                first=format_date(self.env, first),
                second=format_date(self.env, second),
            ),
            "context": {
                "moves_segmentation": self.id,
                "moves_from": fields.Date.to_string(first),
                "moves_to": fields.Date.to_string(second),
            },
        }

    @api.model
    def _migration_days(self, date_from, date_to):
        try:
            first, second = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        except (ValueError, TypeError) as error:
            raise UserError(self.env._("Choose two days.")) from error
        if not first or not second:
            raise UserError(self.env._("Choose two days."))
        if first > second:
            raise UserError(self.env._("The first day comes after the last one."))
        return first, second

    def _known_from(self):
        """The first day of the stays in the current company."""
        groups = self.env["crm.segment.membership"]._read_group(
            [("segmentation_id", "=", self.id), ("company_id", "=", self.env.company.id)],
            [],
            ["date_from:min"],
        )
        return groups[0][0]

    def _moves_sql(self, first, second):
        """SELECT of (partner_id, old, new), a row per pair of segments; 0 for none."""
        Membership = self.env["crm.segment.membership"]
        Membership.flush_model()
        company = self.env.company
        if self.exclusive:
            return SQL(
                """
                SELECT partner_id, COALESCE(MAX(segment_id) FILTER (WHERE on_first), 0) AS old,
                       COALESCE(MAX(segment_id) FILTER (WHERE on_second), 0) AS new
                FROM (%s) s GROUP BY partner_id
                """,
                Membership._stays_on_two_sql(self, company, first, second),
            )
        return SQL(
            """
            SELECT partner_id, COALESCE(a.segment_id, 0) AS old, COALESCE(b.segment_id, 0) AS new
            FROM (%s) a FULL JOIN (%s) b USING (partner_id)
            """,
            Membership._members_on_sql(self, company, first),
            Membership._members_on_sql(self, company, second),
        )

    def _migration_sql(self, first, second, money):
        """SELECT of (old, new, customers, revenue of the year up to the second day)."""
        if not money:
            return SQL(
                "SELECT old, new, COUNT(*), NULL FROM (%s) m GROUP BY old, new",
                self._moves_sql(first, second),
            )
        # sudo: only for those who see the figures of all customers
        Metrics = self.env["crm.customer.metrics"].sudo()
        Metrics._flush_sources()
        # materialized: parallel workers would each read all documents for a hash of their own
        return SQL(
            """
            WITH r AS MATERIALIZED (
                SELECT partner_id, SUM(amount) AS revenue FROM (%(documents)s) d
                WHERE day > %(year_ago)s GROUP BY partner_id
            )
            SELECT old, new, COUNT(*), COALESCE(SUM(r.revenue), 0)::float
            FROM (%(moves)s) m LEFT JOIN r USING (partner_id)
            GROUP BY old, new
            """,
            moves=self._moves_sql(first, second),
            documents=Metrics._documents_sql(self.env.company, second),
            year_ago=fields.Date.subtract(second, years=1),
        )
