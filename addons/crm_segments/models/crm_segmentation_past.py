"""Playing the past of segmentations in the shadow tables, and writing what came of it."""

import logging

import psycopg2
from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .crm_segmentation_place import BUSY
from .past import Past

_logger = logging.getLogger(__name__)


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def _play(self, company, days, schema, watch=None, watched=()):
        """Fill the shadows, oldest month-end first.

        :param dict days: segmentation → its month-ends
        :param str schema: where the real tables are
        :param watch: called with each month-end after it was played; stays then have no evidence
        :param watched: names of the figures that ``watch`` reads
        :return: dict of segmentation → error of those whose rules are broken
        """
        Metrics = self.env["crm.customer.metrics"]
        played = self.browse(one.id for one in days)
        figures = played._figures_of_rules() | set(watched)
        every = sorted({day for own in days.values() for day in own})
        if every:
            Metrics._read_documents_once(company, every[-1])
        failed = {}
        for day in every:
            due = played.filtered(lambda one: day in days[one] and one not in failed)  # noqa: B023
            if not due:
                continue
            Metrics._play_figures(company, day, figures)
            due._play_read_ones(company, day, schema)
            for segmentation in (one for level in due._levels() for one in level):
                try:
                    with self.env.cr.savepoint():
                        segmentation._play_day(company, Past(day, explained=not watch))
                except BUSY:
                    raise
                except (UserError, ValueError, psycopg2.Error) as error:
                    _logger.warning("The past of %s failed: %s", segmentation.id, error)
                    failed[segmentation] = error
            if watch:
                watch(day)
        return failed

    def _figures_of_rules(self):
        """Names of the figures that these segmentations, their segments or populations read."""
        names = {name for one in self for name in one._own_fields_read()}
        return names & self.env["res.partner"]._customer_metrics().keys()

    def _play_read_ones(self, company, day, schema):
        """Members of that day of the segments that are read, but not played themselves."""
        read = {one for own in self.ids for one in self._segmentation_references().get(own, ())}
        others = self.browse(read) - self
        Membership = self.env["crm.segment.membership"]
        Membership._play_members(others, company, day, schema)

    def _play_day(self, company, past):
        """One run, as of a month-end; nobody is asked or told."""
        scoped = self.with_context(segments_today=past.day, segments_past=past)
        with self._over_everybody():
            scoped = scoped._evaluating(company)
            Membership = scoped.env["crm.segment.membership"]
            for plan in scoped._plans(company):
                Membership._apply_plan(plan)

    def _write_past(self, company, start, schema):
        """Make the stored stays of the past equal to those played; write only differences.

        :param date start: the day from which the segmentation was in use
        :param str schema: where the real table is
        :return: how many stays the past has now
        """
        [[count]] = self.env.execute_query(
            SQL(
                """
                WITH due AS MATERIALIZED (
                    SELECT *, LEAST(date_to, %(start)s) AS until
                    FROM crm_segment_membership
                    WHERE segmentation_id = %(segmentation)s AND company_id = %(company)s
                ),
                stored AS MATERIALIZED (
                    SELECT * FROM %(real)s
                    WHERE segmentation_id = %(segmentation)s AND company_id = %(company)s
                      AND origin = 'backfill'
                ),
                gone AS (
                    DELETE FROM %(real)s m USING stored s
                    WHERE m.id = s.id AND NOT EXISTS (
                        SELECT FROM due d WHERE %(same)s)
                ),
                renewed AS (
                    UPDATE %(real)s m
                    SET date_to = d.until, code = d.code, evidence = d.evidence
                    FROM stored s JOIN due d ON %(same)s
                    WHERE m.id = s.id AND (s.date_to, s.code, s.evidence)
                        IS DISTINCT FROM (d.until, d.code, d.evidence)
                ),
                written AS (
                    INSERT INTO %(real)s
                        (id, partner_id, segment_id, segmentation_id, company_id, date_from,
                         date_to, origin, exclusive, code, evidence,
                         create_uid, write_uid, create_date, write_date)
                    SELECT d.id, d.partner_id, d.segment_id, d.segmentation_id, d.company_id,
                           d.date_from, d.until, 'backfill', d.exclusive, d.code, d.evidence,
                           d.create_uid, d.write_uid, d.create_date, d.write_date
                    FROM due d WHERE NOT EXISTS (SELECT FROM stored s WHERE %(same)s)
                )
                SELECT COUNT(*) FROM due
                """,
                real=SQL.identifier(schema, "crm_segment_membership"),
                start=start,
                segmentation=self.id,
                company=company.id,
                same=SQL(
                    """
                    d.partner_id = s.partner_id AND d.segment_id = s.segment_id
                    AND d.date_from = s.date_from
                    """
                ),
            )
        )
        return count
