"""Stays in segments that can't be: overlapping, empty, or of nobody."""

from odoo import models
from odoo.tools import SQL

from .crm_consistency import Check, Found


class CrmConsistency(models.AbstractModel):
    _inherit = "crm.consistency"  # pylint: disable=consider-merging-classes-inherited

    def _checks(self):
        by_hand = self.env._(
            "Open them: of two stays that overlap one is to be deleted, then run the segmentation."
        )
        checks = [
            Check(
                "overlaps",
                self.env._("No overlapping stays in segments"),
                "crm.segment.membership",
                by_hand,
            ),
            Check(
                "orphans",
                self.env._("Stays belong to their segment, company and a customer"),
                "crm.segment.membership",
                self.env._("Rebuild: stays of those who are no customers any more end."),
                "crm_segments.ir_cron_rebuild",
            ),
            Check(
                "future",
                self.env._("No stay begins or ended on a day to come"),
                "crm.segment.membership",
                self.env._("Rebuild: after a clock that was wrong such stays begin and end today."),
                "crm_segments.ir_cron_rebuild",
            ),
            Check(
                "queue",
                self.env._("Customers that wait to be placed"),
                "res.partner",
                self.env._("Nothing to do: a scheduled action places them."),
                "crm_segments.ir_cron_queue",
            ),
        ]
        return [*super()._checks(), *checks]

    def _check_overlaps(self, company):
        """Stays of a customer in one segment, or in one exclusive division, at the same time."""
        segment, division = SQL.identifier("segment_id"), SQL.identifier("segmentation_id")
        counted = SQL("pinned IS DISTINCT FROM 'out'")
        exclusive = SQL("exclusive AND pinned IS NULL")
        found = self._overlapping(company, segment, counted)
        found |= self._overlapping(company, division, exclusive)
        found |= self._found_ids(
            SQL(
                "SELECT id FROM crm_segment_membership"
                " WHERE company_id = %s AND date_to <= date_from AND pinned IS DISTINCT FROM 'out'",
                company.id,
            )
        )
        return Found(self._count("crm_segment_membership", company), found)

    def _overlapping(self, company, column, condition):
        """Stays that begin before another of the same customer has ended."""
        return self._found_ids(
            SQL(
                """
                SELECT id FROM (
                    SELECT id, date_from, MAX(COALESCE(date_to, 'infinity')) OVER (
                        PARTITION BY partner_id, %(column)s ORDER BY date_from, date_to, id
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
                    FROM crm_segment_membership
                    WHERE company_id = %(company)s AND %(condition)s
                ) s WHERE date_from < before
                """,
                column=column,
                company=company.id,
                condition=condition,
            )
        )

    def _check_orphans(self, company):
        """Stays whose segment is another division's, whose division is another company's, or
        current ones of whom nobody can be a customer."""
        found = self._found_ids(
            SQL(
                """
                SELECT m.id FROM crm_segment_membership m
                LEFT JOIN crm_segment s ON s.id = m.segment_id
                LEFT JOIN crm_segmentation g ON g.id = m.segmentation_id
                LEFT JOIN res_partner p ON p.id = m.partner_id
                WHERE m.company_id = %(company)s AND (
                    s.id IS NULL OR g.id IS NULL OR p.id IS NULL
                    OR s.segmentation_id <> m.segmentation_id
                    OR g.company_id <> m.company_id
                    OR m.date_to IS NULL AND m.pinned IS NULL AND g.enabled
                       AND p.commercial_partner_id <> p.id
                       AND p.id <> ALL(%(queued)s))
                """,
                company=company.id,
                queued=list(self._queued()),
            )
        )
        return Found(self._count("crm_segment_membership", company), found)

    def _check_future(self, company):
        """Stays that a clock which was ahead has left."""
        today = self.env["crm.segmentation"]._today()
        found = self._found_ids(
            SQL(
                "SELECT id FROM crm_segment_membership WHERE company_id = %s"
                " AND GREATEST(date_from, date_to) > %s",
                company.id,
                today,
            )
        )
        return Found(self._count("crm_segment_membership", company), found)

    def _check_queue(self, company):
        """Who waits; the queue is that of all companies."""
        if company != self.env.companies[:1]:
            return Found(0)
        waiting = self._found_ids(SQL("SELECT DISTINCT partner_id FROM crm_segment_queue"))
        return Found(len(waiting), (), waiting)
