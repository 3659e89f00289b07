"""Writing memberships: the difference between what is due and what is stored."""

from odoo import fields, models
from odoo.tools import SQL

from .metric_fields import sql_any


class CrmSegmentMembership(models.Model):
    _inherit = "crm.segment.membership"  # pylint: disable=consider-merging-classes-inherited

    def _apply_target(self, segmentation, company, target, population, partner_ids=None):
        """Make the stored memberships equal to ``target``; write only differences.

        :param SQL target: rows (partner_id, segment_id, code, evidence)
        :param SQL population: rows (partner_id, …) of everybody who is divided
        :param partner_ids: the customers looked at, None for everybody
        :return: dict joined, left, kept
        """
        today = fields.Date.context_today(segmentation)
        # The planner takes the population for a handful of rows; over everybody a nested
        # loop would then compare each customer with each.
        self._set_nested_loops(partner_ids is not None)
        rows = self.env.execute_query(
            SQL(
                """
                WITH population AS MATERIALIZED (%(population)s),
                current AS MATERIALIZED (%(current)s),
                proposed (partner_id, segment_id, code, evidence) AS (%(target)s),
                target AS MATERIALIZED (%(chosen)s),
                closed AS (%(close)s),
                dropped AS (%(drop)s),
                recoded AS (%(recode)s),
                opened AS (%(open)s)
                SELECT (SELECT COUNT(*) FROM opened),
                       (SELECT COUNT(*) FROM closed) + (SELECT COUNT(*) FROM dropped),
                       (SELECT COUNT(*) FROM current WHERE pinned IS DISTINCT FROM 'out')
                """,
                population=population,
                current=self._current_sql(segmentation, company, partner_ids),
                target=target,
                chosen=self._chosen_sql(segmentation, today),
                close=self._close_sql(today),
                drop=self._drop_sql(today),
                recode=self._recode_sql(),
                open=self._open_sql(segmentation, company, today),
            )
        )
        self._set_nested_loops(True)
        self.invalidate_model()
        [(joined, left, before)] = rows
        return {"joined": joined, "left": left, "kept": before - left}

    def _set_nested_loops(self, allowed):
        """For this transaction; an error rolls it back with the savepoint of the run."""
        setting = "on" if allowed else "off"
        self.env.execute_query(SQL("SELECT set_config('enable_nestloop', %s, TRUE)", setting))

    def _current_sql(self, segmentation, company, partner_ids):
        return SQL(
            """
            SELECT id, partner_id, segment_id, code, date_from, pinned
            FROM crm_segment_membership
            WHERE segmentation_id = %s AND company_id = %s AND date_to IS NULL AND %s
            """,
            segmentation.id,
            company.id,
            sql_any(SQL.identifier("partner_id"), partner_ids),
        )

    def _chosen_sql(self, segmentation, today):
        """The target after 'everybody else', minimum stay, pins and exclusiveness."""
        parts = [SQL("SELECT partner_id, segment_id, code, evidence, FALSE AS stays FROM proposed")]
        if rest := segmentation._rest():
            parts.append(self._everybody_else_sql(rest))
        if segmentation.minimum_stay_days:
            parts.append(self._stays_sql(segmentation, today))
        own_pin = SQL("c.segment_id = t.segment_id AND c.pinned IS NOT NULL")
        exclusive = segmentation.exclusive
        return SQL(
            """
            SELECT DISTINCT ON (%(one)s) t.partner_id, t.segment_id, t.code, t.evidence
            FROM (%(everyone)s) t JOIN crm_segment s ON s.id = t.segment_id
            WHERE NOT EXISTS (
                SELECT FROM current c WHERE c.partner_id = t.partner_id AND (%(pinned)s))
            ORDER BY %(one)s, t.stays DESC, s.sequence, s.id
            """,
            one=SQL("t.partner_id") if exclusive else SQL("t.partner_id, t.segment_id"),
            everyone=SQL(" UNION ALL ").join(parts),
            pinned=SQL("c.pinned = 'in' OR %s", own_pin) if exclusive else own_pin,
        )

    def _everybody_else_sql(self, rest):
        return SQL(
            """
            SELECT partner_id, %s, NULL, NULL, FALSE FROM population p
            WHERE NOT EXISTS (
                SELECT FROM proposed x LEFT JOIN current c
                  ON c.partner_id = x.partner_id AND c.segment_id = x.segment_id
                WHERE x.partner_id = p.partner_id AND c.pinned IS DISTINCT FROM 'out')
            """,
            rest.id,
        )

    def _stays_sql(self, segmentation, today):
        """Customers stay where they are before the minimum stay is over.

        Also where the segment still fits and another that fits as well comes first.
        The segment for everybody else holds nobody back: a first purchase counts at once.
        """
        return SQL(
            """
            SELECT c.partner_id, c.segment_id,
                   CASE WHEN x.partner_id IS NULL THEN c.code ELSE x.code END, x.evidence, TRUE
            FROM current c JOIN population p ON p.partner_id = c.partner_id
            JOIN crm_segment s
              ON s.id = c.segment_id AND s.active AND NOT COALESCE(s.is_rest, FALSE)
            LEFT JOIN proposed x
              ON x.partner_id = c.partner_id AND x.segment_id = c.segment_id
            WHERE c.pinned IS NULL AND c.date_from > %s
            """,
            fields.Date.subtract(today, days=segmentation.minimum_stay_days),
        )

    def _close_sql(self, today):
        """End the stays that are no longer due; those of today are dropped instead."""
        return SQL(
            """
            UPDATE crm_segment_membership m SET date_to = %s
            FROM current c LEFT JOIN target t
              ON t.partner_id = c.partner_id AND t.segment_id = c.segment_id
            WHERE m.id = c.id AND c.pinned IS NULL AND t.partner_id IS NULL AND c.date_from < %s
            RETURNING m.id
            """,
            today,
            today,
        )

    def _drop_sql(self, today):
        """A stay that began and ended on one day was never seen by anybody."""
        return SQL(
            """
            DELETE FROM crm_segment_membership m
            USING current c LEFT JOIN target t
              ON t.partner_id = c.partner_id AND t.segment_id = c.segment_id
            WHERE m.id = c.id AND c.pinned IS NULL AND t.partner_id IS NULL AND c.date_from >= %s
            RETURNING m.id
            """,
            today,
        )

    def _recode_sql(self):
        """Same segment, other verdict (RFM 554 after 555): keep the stay, renew the evidence."""
        return SQL(
            """
            UPDATE crm_segment_membership m SET code = t.code, evidence = t.evidence
            FROM current c JOIN target t
              ON t.partner_id = c.partner_id AND t.segment_id = c.segment_id
            WHERE m.id = c.id AND c.pinned IS NULL AND c.code IS DISTINCT FROM t.code
            RETURNING m.id
            """
        )

    def _open_sql(self, segmentation, company, today):
        return SQL(
            """
            INSERT INTO crm_segment_membership
                (partner_id, segment_id, segmentation_id, company_id, date_from, origin,
                 code, evidence, create_uid, write_uid, create_date, write_date)
            SELECT t.partner_id, t.segment_id, %(segmentation)s, %(company)s, %(today)s, 'rule',
                   t.code, t.evidence, %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC',
                   now() AT TIME ZONE 'UTC'
            FROM target t LEFT JOIN current c
              ON t.partner_id = c.partner_id AND t.segment_id = c.segment_id
            WHERE c.id IS NULL
            RETURNING id
            """,
            segmentation=segmentation.id,
            company=company.id,
            today=today,
            uid=self.env.uid,
        )
