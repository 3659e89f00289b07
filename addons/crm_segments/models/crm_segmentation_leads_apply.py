"""Provisional segments of leads: stored by difference, at once or for all leads."""

import logging

import psycopg2
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger

from .crm_lead_provisional import RELATION
from .crm_segmentation_place import BUSY
from .metric_fields import sql_any

_logger = logging.getLogger(__name__)

#: more leads than this are left to the background
AT_ONCE = 200


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _place_leads(self, lead_ids):
        """Place leads at the end of the call that touched them; never fails the caller.

        :param set lead_ids: leads, with or without a customer
        """
        # sudo: the rules hold for everybody, whoever saved the lead
        self = self.sudo()
        if not self._lead_fields_read():
            return
        if len(lead_ids) > AT_ONCE:
            return self._trigger_leads()
        # what is pending belongs to the caller: its errors are not ours to swallow, and the
        # savepoint would only flush before it begins
        self.env.cr.flush()
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint(), self._impatient():
                self._judging_leads()._apply_leads(lead_ids)
        except (psycopg2.Error, UserError, ValueError) as error:
            _logger.info("Leads %s are placed later: %s", lead_ids, error)
            self._trigger_leads()

    @api.model
    def _trigger_leads(self):
        """Let the background place all leads when this transaction commits.

        No queue: the difference over all leads is one statement, and a row of
        ``ir.cron.trigger`` is only ever inserted.
        """
        if cron := self.env.ref("crm_segments.ir_cron_leads", raise_if_not_found=False):
            # sudo: whoever saves leads may wake the cron without reading it
            cron.sudo()._trigger()

    @api.model
    def _judging_leads(self):
        """Segmentations in use whose method can judge a lead."""
        return self._enabled().filtered(lambda one: hasattr(one, f"_lead_target_{one.method}"))

    @api.model
    def _place_all_leads(self, attempts=3):
        """Cron: the provisional segments of every lead; only differences are written."""
        return self._retried(self._place_every_lead, attempts=attempts)

    def _place_every_lead(self):
        with self.env.cr.savepoint():
            # sudo: called by the cron, over leads of all salespeople
            judging = self.sudo()._judging_leads()
            judging._drop_unused_provisional()
            return judging._apply_leads()

    def _drop_unused_provisional(self):
        """Segments that are not in use, or of another method meanwhile, go from all leads."""
        self.env.execute_query(
            SQL(
                """
                DELETE FROM %s r USING crm_segment s
                WHERE s.id = r.segment_id
                  AND NOT (COALESCE(s.active, FALSE) AND s.segmentation_id = ANY(%s))
                RETURNING r.lead_id
                """,
                SQL.identifier(RELATION),
                self.ids,
            )
        )

    def _apply_leads(self, lead_ids=None):
        """Write the differences; a rule that fails leaves its own segmentation as it was."""
        if not self:
            return
        self.env.flush_all()
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self._write_lead_segments(lead_ids)
        except BUSY:
            raise  # busy: all of it later
        except psycopg2.Error as error:
            if len(self) == 1:
                _logger.warning("Segmentation %s can't place leads: %s", self.id, error)
                return
            for segmentation in self:
                segmentation._apply_leads(lead_ids)

    def _write_lead_segments(self, lead_ids):
        """One statement for all these segmentations and leads."""
        judged, parts = self._lead_parts(lead_ids)
        if not judged:
            return
        nothing = SQL("SELECT NULL::int AS lead_id, NULL::int AS segment_id WHERE FALSE")
        self.env.execute_query(
            SQL(
                """
                WITH target AS MATERIALIZED (%(target)s),
                current AS MATERIALIZED (
                    SELECT r.lead_id, r.segment_id FROM %(relation)s r
                    JOIN crm_segment s ON s.id = r.segment_id
                    WHERE s.segmentation_id = ANY(%(judged)s) AND %(scope)s
                ),
                gone AS (
                    DELETE FROM %(relation)s r USING (TABLE current EXCEPT TABLE target) c
                    WHERE r.lead_id = c.lead_id AND r.segment_id = c.segment_id
                    RETURNING r.lead_id
                ),
                come AS (
                    INSERT INTO %(relation)s (lead_id, segment_id)
                    (TABLE target EXCEPT TABLE current)
                    ON CONFLICT DO NOTHING RETURNING lead_id
                )
                SELECT (SELECT COUNT(*) FROM gone), (SELECT COUNT(*) FROM come)
                """,
                target=SQL(" UNION ALL ").join(parts) if parts else nothing,
                relation=SQL.identifier(RELATION),
                judged=judged.ids,
                scope=sql_any(SQL.identifier("r", "lead_id"), lead_ids),
            )
        )
        self.env["crm.lead"]._invalidate_provisional()

    def _lead_parts(self, lead_ids):
        """Segmentations whose rules can be used, and the SQL of where their leads belong."""
        company = self.env["res.company"].search([], order="id", limit=1)
        judged, parts = self.browse(), []
        scope = None if lead_ids is None else list(lead_ids)
        for segmentation in self.with_context(segments_leads=scope):
            try:
                target = segmentation._lead_target(company)
            except (UserError, ValueError) as error:
                _logger.warning("Segmentation %s can't judge leads: %s", segmentation.id, error)
                continue
            judged |= segmentation
            parts += [] if target is None else [SQL("(%s)", target)]
        return judged, parts

    def run(self):
        """A run by hand brings the leads of these segmentations up to date too."""
        runs = super().run()
        # sudo: as the run itself, whose access is checked there
        self.sudo().filtered("enabled")._apply_leads()
        return runs

    @api.model
    def _rebuild_all(self):
        """Leads come last: a new value of a customer has made its segment by then."""
        res = super()._rebuild_all()
        if res is not None:  # else jobs do it all
            self._place_all_leads()
        return res

    @api.model
    def _rebuild_stages(self):
        yield from super()._rebuild_stages()
        yield [(self.browse(), "_place_all_leads")]

    def write(self, vals):
        """What is switched off or archived is shown on no lead."""
        res = super().write(vals)
        if not all(vals.get(name, True) for name in ("enabled", "active")):
            # sudo: leads of all salespeople
            self.sudo().with_context(active_test=False).segment_ids._drop_provisional()
        return res
