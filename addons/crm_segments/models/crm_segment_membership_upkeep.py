"""Bulk changes of stays besides runs: ends, expired pins, exclusiveness."""

import logging

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
#: columns that conditions on stays ask for
_PLANNED_BY = (
    "partner_id", "segment_id", "segmentation_id", "company_id", "date_from", "date_to", "origin",
    "exclusive", "code", "pinned", "pin_until",
)  # fmt: skip


class CrmSegmentMembership(models.Model):
    _inherit = "crm.segment.membership"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _end_stays(self, column, ids):
        """End the current stays of segments or segmentations; pins stay for later use.

        :param str column: ``segment_id`` or ``segmentation_id``
        """
        self.flush_model()
        today = self.env["crm.segmentation"]._today()
        self.env.execute_query(
            SQL(
                """
                WITH ended AS (
                    SELECT id, date_from FROM crm_segment_membership
                    WHERE %(column)s = ANY(%(ids)s) AND date_to IS NULL AND pinned IS NULL
                ),
                dropped AS (
                    DELETE FROM crm_segment_membership m USING ended e
                    WHERE m.id = e.id AND e.date_from >= %(today)s
                )
                UPDATE crm_segment_membership m SET date_to = %(today)s FROM ended e
                WHERE m.id = e.id AND e.date_from < %(today)s
                RETURNING m.id
                """,
                column=SQL.identifier(column),
                ids=list(ids),
                today=today,
            )
        )
        self._forget_segments()

    @api.model
    def _forget_segments(self):
        """What is shown of segments is read anew, after memberships were written by SQL."""
        self.invalidate_model()
        for model in ("res.partner", "crm.lead"):
            self.env[model].invalidate_model(["segment_ids", "leading_segment_id"])

    @api.model
    def _analyze(self):
        """Let the planner know of many new rows at once; autovacuum comes after the commit.

        Without the evidence: no plan depends on it, and to look at it takes longest.
        """
        columns = SQL(", ").join(map(SQL.identifier, _PLANNED_BY))
        self.env.cr.execute(SQL("ANALYZE crm_segment_membership (%s)", columns))

    @api.model
    def _release_pins(self, segmentation, company):
        """Pins whose last day is over: in becomes an ordinary stay, out is history.

        Several that end together in a division that became exclusive since: the first stays.
        """
        today = segmentation._today()
        self.env.execute_query(
            SQL(
                """
                WITH due AS (
                    SELECT m.id, m.pinned = 'out' OR g.exclusive AND 1 < ROW_NUMBER() OVER (
                        PARTITION BY m.partner_id, m.pinned ORDER BY s.sequence, s.id) AS ends
                    FROM crm_segment_membership m
                    JOIN crm_segment s ON s.id = m.segment_id
                    JOIN crm_segmentation g ON g.id = m.segmentation_id
                    WHERE m.segmentation_id = %s AND m.company_id = %s AND m.date_to IS NULL
                      AND m.pinned IS NOT NULL AND m.pin_until < %s
                )
                UPDATE crm_segment_membership m
                SET pinned = NULLIF(m.pinned, 'in'), origin = 'rule',
                    date_to = CASE WHEN d.ends THEN m.pin_until + 1 END
                FROM due d WHERE d.id = m.id
                RETURNING m.id
                """,
                segmentation.id,
                company.id,
                today,
            )
        )

    @api.model
    def _heed_clock(self, segmentation, company):
        """Stays of days to come, left by a clock that was ahead, begin and end today.

        Else a customer who moves back would be in two segments until then. Looked for among
        current stays and runs only: there are always some of that day.
        """
        today, now = segmentation._today(), fields.Datetime.now()
        names = {"segmentation": segmentation.id, "company": company.id, "today": today}
        ahead = SQL(
            """
            SELECT EXISTS (
                SELECT FROM crm_segment_membership WHERE segmentation_id = %(segmentation)s
                AND company_id = %(company)s AND date_to IS NULL AND date_from > %(today)s
            ) OR EXISTS (
                SELECT FROM crm_segmentation_run WHERE segmentation_id = %(segmentation)s
                AND company_id = %(company)s AND date_start::date > %(today)s)
            """,
            **names,
        )
        if not self.env.execute_query(ahead)[0][0]:
            return
        _logger.warning("Stays of segmentation %s lay in the future at %s", segmentation.id, now)
        ours = SQL("segmentation_id = %(segmentation)s AND company_id = %(company)s", **names)
        self.env.execute_query(
            SQL(
                """
                WITH gone AS (
                    DELETE FROM crm_segment_membership
                    WHERE %(ours)s AND date_from >= %(today)s AND date_to > %(today)s RETURNING id
                )
                UPDATE crm_segment_membership
                SET date_from = LEAST(date_from, %(today)s),
                    date_to = CASE WHEN date_to > %(today)s THEN %(today)s ELSE date_to END
                WHERE %(ours)s AND GREATEST(date_from, date_to) > %(today)s
                  AND id NOT IN (SELECT id FROM gone) RETURNING id
                """,
                ours=ours,
                today=SQL("%s::date", today),
            )
        )

    @api.model
    def _mark_exclusive(self, segmentation, company):
        """After a division became exclusive and was run, the database guards it too."""
        if segmentation.exclusive:
            self.env.execute_query(
                SQL(
                    """
                    UPDATE crm_segment_membership SET exclusive = TRUE
                    WHERE segmentation_id = %s AND company_id = %s AND date_to IS NULL
                      AND exclusive IS NOT TRUE
                    RETURNING id
                    """,
                    segmentation.id,
                    company.id,
                )
            )

    @api.model
    def _let_overlap(self, segmentations):
        """From now on a customer may be in several segments of these."""
        self.flush_model()
        self.env.execute_query(
            SQL(
                """
                UPDATE crm_segment_membership SET exclusive = FALSE
                WHERE segmentation_id = ANY(%s) AND date_to IS NULL RETURNING id
                """,
                segmentations.ids,
            )
        )
        self.invalidate_model()
