"""The query behind the movers: two days compared, and what tells the cause."""

from odoo import fields, models
from odoo.tools import SQL

from ..lib.move_cause import CAUSES, RANKING, UNKNOWN

_NOBODY = SQL(
    """
    SELECT NULL::int AS id, NULL::int AS partner_id, NULL::int AS segmentation_id,
           NULL::int AS company_id, NULL::int AS currency_id, NULL::int AS segment_from_id,
           NULL::int AS segment_to_id, NULL::int AS membership_id, NULL::date AS moved_on,
           NULL::varchar AS cause, NULL::numeric AS stake, NULL::numeric AS revenue_before,
           NULL::numeric AS revenue_after
    WHERE FALSE
    """
)


class CrmSegmentMove(models.Model):
    _inherit = "crm.segment.move"  # pylint: disable=consider-merging-classes-inherited

    @property
    def _table_query(self):
        segmentation, first, second = self._compared()
        if not segmentation:
            return _NOBODY
        # the cause comes from outside of what is read: a page of a list then asks for it for the
        # rows that it shows, and not for every customer who moved
        return SQL(
            """
            SELECT m.id, m.partner_id, %(segmentation)s AS segmentation_id,
                   %(company)s AS company_id, %(currency)s AS currency_id,
                   m.old_id AS segment_from_id, m.new_id AS segment_to_id, m.membership_id,
                   m.moved_on, (%(cause)s) AS cause, %(money)s
            FROM (
                WITH sales AS MATERIALIZED (%(sales)s)
                SELECT m.*, s.before, s.after, s.between, s.documents
                FROM (%(moves)s) m LEFT JOIN sales s USING (partner_id)
            ) m
            """,
            segmentation=segmentation.id,
            company=self.env.company.id,
            currency=self.env.company.currency_id.id,
            cause=self._cause_sql(segmentation, first),
            money=self._money(),
            sales=self._sales(first, second),
            moves=self._moves(segmentation, first, second),
        )

    def _moves(self, segmentation, first, second):
        """Stays of the two days side by side; those in the same segment are no move.

        An id is that of the new stay, or of the old one where there is no new.
        """
        stays = self.env["crm.segment.membership"]._stays_on_two_sql(
            segmentation, self.env.company, first, second
        )
        same = SQL("partner_id") if segmentation.exclusive else SQL("partner_id, segment_id")
        return SQL(
            """
            SELECT 2 * COALESCE(new_stay, old_stay) + (new_stay IS NULL)::int AS id,
                   COALESCE(new_stay, old_stay) AS membership_id,
                   COALESCE(new_from, old_to) AS moved_on, d.*
            FROM (
                SELECT partner_id,
                       MAX(id) FILTER (WHERE on_first) AS old_stay,
                       MAX(id) FILTER (WHERE on_second) AS new_stay,
                       MAX(segment_id) FILTER (WHERE on_first) AS old_id,
                       MAX(segment_id) FILTER (WHERE on_second) AS new_id,
                       MAX(date_to) FILTER (WHERE on_first) AS old_to,
                       MAX(date_from) FILTER (WHERE on_second) AS new_from,
                       bool_or(origin <> 'backfill') FILTER (WHERE on_first) AS lived,
                       bool_or(origin <> 'backfill') FILTER (WHERE on_second) AS new_lived,
                       bool_or(pinned IS NOT NULL OR origin = 'manual' AND on_second) AS by_hand
                FROM (%(stays)s) s GROUP BY %(same)s
            ) d
            WHERE old_id IS DISTINCT FROM new_id
            """,
            stays=stays,
            same=same,
        )

    def _sales(self, first, second):
        """Revenue of the year before each day, and what was bought or returned between them."""
        # sudo: amounts leave this query only for those who see the figures of all customers
        Metrics = self.env["crm.customer.metrics"].sudo()
        return SQL(
            """
            SELECT partner_id,
                   COALESCE(SUM(amount) FILTER (WHERE day > %(year1)s AND day <= %(first)s), 0)
                       AS before,
                   COALESCE(SUM(amount) FILTER (WHERE day > %(year2)s), 0) AS after,
                   COUNT(*) FILTER (WHERE day > %(first)s) AS documents,
                   COALESCE(SUM(amount) FILTER (WHERE day > %(first)s), 0) AS between
            FROM (%(documents)s) d
            WHERE day > %(year1)s
            GROUP BY partner_id
            """,
            first=first,
            year1=fields.Date.subtract(first, years=1),
            year2=fields.Date.subtract(second, years=1),
            documents=Metrics._documents_sql(self.env.company, second),
        )

    def _switches(self, segmentation):
        """Days on which other rules came into force: from the change to the first run with it."""
        return SQL(
            """
            SELECT v.create_date::date AS since, COALESCE((
                SELECT MIN(r.date_start)::date FROM crm_segmentation_run r
                WHERE r.segmentation_id = v.segmentation_id AND r.company_id = %(company)s
                  AND r.state = 'done' AND r.origin <> 'backfill' AND r.date_start >= v.create_date
            ), v.create_date::date) AS until
            FROM crm_segmentation_version v
            WHERE v.segmentation_id = %(segmentation)s AND v.number > 1 AND EXISTS (
                SELECT FROM jsonb_array_elements(v.changes) c
                WHERE c ->> 'what' NOT IN ('name', 'segment_name'))
            """,
            segmentation=segmentation.id,
            company=self.env.company.id,
        )

    def _late(self, first):
        """Customers with documents of before the end of the first day, recorded after it."""
        Metrics = self.env["crm.customer.metrics"].sudo()  # sudo: as in _sales
        return SQL(
            "SELECT DISTINCT partner_id FROM (%s) l",
            SQL(" UNION ALL ").join(Metrics._late_sources(self.env.company, first).values()),
        )

    def _money(self):
        if not self.env["res.partner"]._sees_all_figures():
            return SQL(
                "NULL::numeric AS stake, NULL::numeric AS revenue_before,"
                " NULL::numeric AS revenue_after"
            )
        return SQL(
            """
            GREATEST(m.before, m.after, 0) AS stake, COALESCE(m.before, 0) AS revenue_before,
            COALESCE(m.after, 0) AS revenue_after
            """
        )

    def _cause_sql(self, segmentation, first):
        """SELECT of the cause of a row ``m`` of the moves: CASE over the facts.

        In the order of ``lib/move_cause.py``.
        """
        facts = self._facts(segmentation)
        return SQL(
            """
            WITH switches AS (%(switches)s), late AS (%(late)s)
            SELECT CASE %(cases)s ELSE %(unknown)s END
            FROM (
                SELECT m.*, o.evidence AS old, n.evidence AS new,
                       p.create_date::date > %(first)s AS is_new
                FROM res_partner p
                LEFT JOIN crm_segment_membership o ON o.id = m.old_stay
                LEFT JOIN crm_segment_membership n ON n.id = m.new_stay
                WHERE p.id = m.partner_id
            ) m CROSS JOIN LATERAL (%(signals)s) g
            """,
            switches=self._switches(segmentation),
            late=self._late(first),
            cases=SQL(" ").join(SQL("WHEN %s THEN %s", facts[name], name) for name in CAUSES),
            unknown=UNKNOWN,
            first=first,
            signals=self._signals(segmentation),
        )

    def _facts(self, segmentation):
        """SQL of each fact. Where no values of the two decisions compare, documents tell."""
        bought = SQL("COALESCE(m.documents, 0) > 0")
        ranks = SQL("%s", segmentation.method in RANKING)
        wears = SQL("%s", segmentation._moves_by_time())
        return {
            "hand": SQL("m.by_hand"),
            "newcomer": SQL("m.old_id IS NULL AND m.is_new"),
            "rule": SQL(
                "(NOT m.lived AND m.new_lived AND m.old -> 'version' <> m.new -> 'version')"
                " OR EXISTS (SELECT FROM switches w"
                " WHERE m.moved_on BETWEEN w.since AND w.until)"
            ),
            "corrected": SQL("m.lived AND m.partner_id IN (SELECT partner_id FROM late)"),
            "own": SQL(
                "g.own OR (NOT g.compared AND (%s OR NOT (%s OR %s)))", bought, ranks, wears
            ),
            "time": SQL("g.wore OR (%s AND NOT %s)", wears, ranks),
            "others": ranks,
        }
