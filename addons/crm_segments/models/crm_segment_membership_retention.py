"""Former stays and their reasons are deleted when their time is over."""

from odoo import api, models
from odoo.tools import SQL

#: rows of one statement: the host's cleaner commits between them
BATCH = 20_000


class CrmSegmentMembership(models.Model):
    _inherit = "crm.segment.membership"  # pylint: disable=consider-merging-classes-inherited

    @api.autovacuum
    def _gc_evidence(self):
        """Reasons of stays that ended too long ago; the stays remain.

        :return: (rows done, whether there may be more)
        """
        kept = SQL("COALESCE(m.evidence, m.left_evidence) IS NOT NULL")
        over = self._over_sql("crm_segments_keep_evidence", kept)
        done = self.env.execute_query(
            SQL(
                "UPDATE crm_segment_membership SET evidence = NULL, left_evidence = NULL"
                " WHERE id IN (%s) RETURNING id",
                over,
            )
        )
        return self._collected(done)

    @api.autovacuum
    def _gc_stays(self):
        """Stays that ended too long ago.

        :return: (rows done, whether there may be more)
        """
        over = self._over_sql("crm_segments_keep_stays", SQL("TRUE"))
        done = self.env.execute_query(
            SQL("DELETE FROM crm_segment_membership WHERE id IN (%s) RETURNING id", over)
        )
        return self._collected(done)

    def _collected(self, rows):
        if rows:
            self._forget_segments()
        return len(rows), len(rows) == BATCH

    def _over_sql(self, setting, condition):
        """SQL of ids: stays that ended longer ago than their company's setting allows.

        A stay that was computed for the past and goes on in one of the same segment has not
        ended: it goes when that one goes.
        """
        self.flush_model()
        self.env["res.company"].flush_model([setting])
        return SQL(
            """
            SELECT m.id FROM crm_segment_membership m JOIN res_company c ON c.id = m.company_id
            WHERE c.%(setting)s > 0 AND m.date_to < %(today)s::date - c.%(setting)s
              AND %(condition)s AND NOT %(goes_on)s
            LIMIT %(batch)s
            """,
            setting=SQL.identifier(setting),
            today=self.env["crm.segmentation"]._today(),
            condition=condition,
            goes_on=self._goes_on_sql(SQL("m.date_to"), SQL("crm_segment_membership")),
            batch=BATCH,
        )

    def _goes_on_sql(self, until, table):
        """Condition on a stay ``m``: another one of the same segment begins where it ends."""
        return SQL(
            """
            EXISTS (SELECT FROM %(table)s n
                    WHERE n.partner_id = m.partner_id AND n.segment_id = m.segment_id
                      AND n.company_id = m.company_id AND n.date_from = %(until)s
                      AND n.pinned IS DISTINCT FROM 'out')
            """,
            table=table,
            until=until,
        )
