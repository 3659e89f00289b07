"""Stays in the shadow table, while the past is played."""

from odoo import models
from odoo.tools import SQL

from .past import past_of


class CrmSegmentMembership(models.Model):
    _inherit = "crm.segment.membership"  # pylint: disable=consider-merging-classes-inherited

    def _play_members(self, segmentations, company, day, schema):
        """Put the stored members of a day in the place of those of the day before."""
        if not segmentations:
            return
        scope = SQL(
            "segmentation_id = ANY(%s) AND company_id = %s", segmentations.ids, company.id
        )
        self.env.cr.execute(SQL("DELETE FROM crm_segment_membership WHERE %s", scope))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_segment_membership
                    (partner_id, segment_id, segmentation_id, company_id, date_from, origin)
                SELECT partner_id, segment_id, segmentation_id, company_id, %(day)s, 'rule'
                FROM %(real)s
                WHERE %(scope)s AND date_from <= %(day)s AND (date_to IS NULL OR date_to > %(day)s)
                  AND pinned IS DISTINCT FROM 'out'
                """,
                day=day,
                scope=scope,
                real=SQL.identifier(schema, "crm_segment_membership"),
            )
        )

    def _recode_sql(self, run):
        """In the past a stay keeps its former verdicts: ``codes``, a list of [day, verdict]."""
        past = past_of(self.env)
        if not past:
            return super()._recode_sql(run)
        return SQL(
            """
            UPDATE crm_segment_membership m
            SET code = c.code, evidence = e.evidence || jsonb_build_object('codes',
                COALESCE(m.evidence -> 'codes',
                         jsonb_build_array(jsonb_build_array(m.date_from, m.code)))
                || jsonb_build_array(jsonb_build_array(%s::date, c.code)))
            FROM changes c LEFT JOIN explained e USING (partner_id, segment_id)
            WHERE m.id = c.membership_id
            RETURNING m.id
            """,
            past.day,
        )
