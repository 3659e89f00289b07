"""Who should be where, and what that changes: the reading half of a run."""

from odoo import models
from odoo.tools import SQL


class CrmSegmentMembership(models.Model):
    _inherit = "crm.segment.membership"  # pylint: disable=consider-merging-classes-inherited

    def _plan_sql(self, plan):
        """Common table expressions that end with ``changes`` and ``ended``.

        ``changes``: stays to open or to give another verdict (``membership_id``);
        ``ended``: current stays that are no longer due; ``target``: all that are.

        :param SegmentPlan plan: what is divided, see ``segment_plan.py``
        """
        return SQL(
            """
            %(proposed)s,
            pins AS MATERIALIZED (SELECT * FROM current WHERE pinned IS NOT NULL),
            target AS (%(chosen)s),
            compared AS MATERIALIZED (
                SELECT t.segmentation_id, t.partner_id, t.segment_id, t.code, t.measure,
                       c.id AS membership_id, c.segmentation_id AS old_segmentation_id,
                       c.partner_id AS old_partner_id, c.segment_id AS old_segment_id, c.date_from
                FROM target t FULL JOIN (SELECT * FROM current WHERE pinned IS NULL) c
                  ON c.partner_id = t.partner_id AND c.segment_id = t.segment_id
                WHERE c.id IS NULL OR t.partner_id IS NULL OR c.code IS DISTINCT FROM t.code
            ),
            changes AS (SELECT * FROM compared WHERE partner_id IS NOT NULL),
            ended AS (
                SELECT membership_id AS id, old_segmentation_id AS segmentation_id,
                       old_partner_id AS partner_id, old_segment_id AS segment_id, date_from
                FROM compared WHERE partner_id IS NULL
            )
            """,
            proposed=self._proposed_sql(plan),
            chosen=self._chosen_sql(plan),
        )

    def _proposed_sql(self, plan):
        """Common table expressions that end with ``proposed``: what the methods say."""
        return SQL(
            """
            %(sources)s,
            current AS MATERIALIZED (%(current)s),
            proposed (segmentation_id, partner_id, segment_id, code, measure, held)
                AS MATERIALIZED (%(target)s)
            """,
            sources=plan.sources_sql(),
            current=self._current_sql(plan),
            target=plan.target_sql(),
        )

    def _current_sql(self, plan):
        return SQL(
            """
            SELECT id, segmentation_id, partner_id, segment_id, code, date_from, pinned
            FROM crm_segment_membership
            WHERE segmentation_id = ANY(%s) AND company_id = %s AND date_to IS NULL
              AND %s AND %s
            """,
            plan.segmentations.ids,
            plan.company.id,
            plan.scope_sql(SQL.identifier("partner_id")),
            plan.strata_sql(SQL.identifier("segment_id")),
        )

    def _chosen_sql(self, plan):
        """The target after 'everybody else', minimum stay, pins and exclusiveness."""
        columns = SQL("segmentation_id, partner_id, segment_id, code, measure, held")
        parts = [SQL("SELECT %s, FALSE AS stays FROM proposed", columns)]
        if rest := plan.rest_segments():
            parts.append(self._everybody_else_sql(plan, rest))
        if any(plan.segmentations.mapped("minimum_stay_days")):
            parts.append(self._stays_sql(plan))
        candidates = SQL(" UNION ALL ").join(parts)
        if plan.one_each():
            pins = SQL("c.segment_id = t.segment_id OR c.pinned = 'in'")
            return SQL(
                "SELECT %s FROM (%s) t %s", columns, candidates, self._unless_pinned_sql(plan, pins)
            )
        return SQL(
            """
            SELECT DISTINCT ON (t.segmentation_id, t.partner_id, lane) %(columns)s,
                   CASE WHEN g.exclusive THEN 0 ELSE t.segment_id END AS lane
            FROM (%(candidates)s) t
            JOIN crm_segment s ON s.id = t.segment_id
            JOIN crm_segmentation g ON g.id = t.segmentation_id
            %(unless)s
            ORDER BY t.segmentation_id, t.partner_id, lane, t.stays DESC, s.sequence, s.id
            """,
            columns=SQL(
                "t.segmentation_id, t.partner_id, t.segment_id, t.code, t.measure, t.held"
            ),
            candidates=candidates,
            unless=self._unless_pinned_sql(
                plan, SQL("c.segment_id = t.segment_id OR g.exclusive AND c.pinned = 'in'")
            ),
        )

    def _unless_pinned_sql(self, plan, condition):
        """WHERE of candidates ``t`` without a pin ``c`` that satisfies the condition."""
        if not plan.may_be_pinned:
            return SQL()
        return SQL(
            """
            WHERE NOT EXISTS (
                SELECT FROM pins c WHERE c.partner_id = t.partner_id
                  AND c.segmentation_id = t.segmentation_id AND (%s))
            """,
            condition,
        )

    def _everybody_else_sql(self, plan, rest):
        """Those who fit no other segment, here or in a group decided before."""
        return SQL(
            """
            SELECT p.segmentation_id, p.partner_id, r.segment_id, NULL, NULL, FALSE, FALSE
            FROM population p
            JOIN (VALUES %(rest)s) r(segmentation_id, segment_id) USING (segmentation_id)
            WHERE NOT EXISTS (
                SELECT FROM proposed x
                WHERE x.partner_id = p.partner_id AND x.segmentation_id = p.segmentation_id
                  %(pinned)s) %(kept)s %(before)s
            """,
            pinned=SQL(
                """
                AND NOT EXISTS (
                    SELECT FROM pins c WHERE c.partner_id = x.partner_id
                      AND c.segment_id = x.segment_id AND c.pinned = 'out')
                """
            )
            if plan.may_be_pinned
            else SQL(),
            kept=self._not_kept_elsewhere_sql(plan, rest),
            rest=SQL(", ").join(SQL("(%s, %s)", one.segmentation_id.id, one.id) for one in rest),
            before=SQL(
                """
                AND NOT EXISTS (
                    SELECT FROM crm_segment_membership m
                    WHERE m.partner_id = p.partner_id AND m.segmentation_id = p.segmentation_id
                      AND m.company_id = %s AND m.date_to IS NULL
                      AND m.pinned IS DISTINCT FROM 'out' AND m.segment_id <> r.segment_id)
                """,
                plan.company.id,
            )
            if plan.strata
            else SQL(),
        )

    def _not_kept_elsewhere_sql(self, plan, rest):
        """Whom a pin or the minimum stay keeps in another segment isn't 'everybody else'.

        In an exclusive division either of them wins over 'everybody else' anyway.
        """
        if all(rest.segmentation_id.mapped("exclusive")):
            return SQL()
        return SQL(
            """
            AND NOT EXISTS (
                SELECT FROM current c JOIN crm_segmentation g ON g.id = c.segmentation_id
                WHERE c.partner_id = p.partner_id AND c.segmentation_id = p.segmentation_id
                  AND c.segment_id = ANY(%s) AND (c.pinned = 'in'
                      OR c.pinned IS NULL AND c.date_from > %s - g.minimum_stay_days))
            """,
            (plan.segmentations.segment_ids - rest).ids,
            plan.today,
        )

    def _stays_sql(self, plan):
        """Customers stay where they are before the minimum stay is over.

        Also where the segment still fits and another that fits as well comes first.
        The segment for everybody else holds nobody back: a first purchase counts at once.
        """
        return SQL(
            """
            SELECT c.segmentation_id, c.partner_id, c.segment_id,
                   CASE WHEN x.partner_id IS NULL THEN c.code ELSE x.code END, x.measure,
                   x.partner_id IS NULL
                   OR g.exclusive AND COALESCE((f.sequence, f.id) < (s.sequence, s.id), FALSE),
                   TRUE
            FROM current c
            JOIN population p USING (partner_id, segmentation_id)
            JOIN crm_segmentation g ON g.id = c.segmentation_id
            JOIN crm_segment s
              ON s.id = c.segment_id AND s.active AND NOT COALESCE(s.is_rest, FALSE)
            LEFT JOIN proposed x
              ON x.partner_id = c.partner_id AND x.segment_id = c.segment_id
            LEFT JOIN (
                -- a join, not a look-up per stay: a CTE has no index
                SELECT DISTINCT ON (y.segmentation_id, y.partner_id)
                       y.segmentation_id, y.partner_id, ys.sequence, ys.id
                FROM proposed y JOIN crm_segment ys ON ys.id = y.segment_id
                ORDER BY y.segmentation_id, y.partner_id, ys.sequence, ys.id
            ) f ON f.partner_id = c.partner_id AND f.segmentation_id = c.segmentation_id
            WHERE c.pinned IS NULL AND c.date_from > %s - g.minimum_stay_days
            """,
            plan.today,
        )

    def _differences_sql(self, plan):
        """SELECT of what a run would change; nothing is written.

        Rows (kind, segmentation, partner, segment, code, measure, membership, since): kind 1 a
        stay to open or to give another verdict, -1 one to end; one row of kind 0 with the
        numbers of current stays, of customers in them, and of those spared a move.
        """
        return SQL(
            """
            WITH %(plan)s
            SELECT 1, segmentation_id, partner_id, segment_id, code, measure, membership_id, NULL
            FROM changes
            UNION ALL
            SELECT -1, segmentation_id, partner_id, segment_id, NULL, NULL, id, date_from
            FROM ended
            UNION ALL
            SELECT 0, %(members)s, %(spared)s, NULL, NULL, NULL, NULL
            FROM current WHERE pinned IS DISTINCT FROM 'out'
            """,
            plan=self._plan_sql(plan),
            members=self._members_sql(plan),
            spared=self._spared_sql(plan),
        )

    def _members_sql(self, plan):
        """Numbers of current stays and of customers in them, over the rows of ``current``."""
        single = len(plan.segmentations) == 1 and plan.segmentations.exclusive
        return SQL("COUNT(*), COUNT(*)") if single else SQL("COUNT(*), COUNT(DISTINCT partner_id)")

    def _spared_sql(self, plan):
        """How many customers a margin or the minimum stay keeps where they are."""
        if any(one.margin or one.minimum_stay_days for one in plan.segmentations):
            return SQL("(SELECT COUNT(*) FROM target WHERE held)")
        return SQL("0")
