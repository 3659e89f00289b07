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
        return SQL(
            """
            WITH moves AS MATERIALIZED (%(moves)s), sales AS MATERIALIZED (%(sales)s),
            switches AS (%(switches)s), late AS (%(late)s)
            SELECT m.id, m.partner_id, %(segmentation)s AS segmentation_id,
                   %(company)s AS company_id, %(currency)s AS currency_id,
                   m.old_id AS segment_from_id, m.new_id AS segment_to_id, m.membership_id,
                   m.moved_on, %(cause)s AS cause, %(money)s
            FROM moves m JOIN res_partner p ON p.id = m.partner_id
            LEFT JOIN sales s ON s.partner_id = m.partner_id
            CROSS JOIN LATERAL (%(signals)s) g
            """,
            moves=self._moves(segmentation, first, second),
            sales=self._sales(first, second),
            switches=self._switches(segmentation),
            late=self._late(first),
            segmentation=segmentation.id,
            company=self.env.company.id,
            currency=self.env.company.currency_id.id,
            cause=self._cause(segmentation, first),
            money=self._money(),
            signals=self._signals(segmentation),
        )

    def _moves(self, segmentation, first, second):
        """Stays of the two days side by side; those in the same segment are no move.

        An id is that of the new stay, or of the old one where there is no new.
        """
        Membership = self.env["crm.segment.membership"]
        company = self.env.company
        same = SQL("partner_id") if segmentation.exclusive else SQL("partner_id, segment_id")
        return SQL(
            """
            SELECT 2 * COALESCE(n.id, o.id) + (n.id IS NULL)::int AS id,
                   COALESCE(n.id, o.id) AS membership_id, partner_id,
                   o.segment_id AS old_id, n.segment_id AS new_id,
                   COALESCE(n.date_from, o.date_to) AS moved_on,
                   o.id IS NOT NULL AND o.origin <> 'backfill' AS lived,
                   o.origin = 'backfill' AND n.origin <> 'backfill'
                   AND o.evidence -> 'version' <> n.evidence -> 'version' AS seam,
                   COALESCE(o.pinned, n.pinned) IS NOT NULL
                   OR COALESCE(n.origin, '') = 'manual' AS by_hand,
                   o.evidence AS old, n.evidence AS new
            FROM (%(old)s) o FULL JOIN (%(new)s) n USING (%(same)s)
            WHERE o.segment_id IS DISTINCT FROM n.segment_id
            """,
            old=self._stays(Membership._members_on_sql(segmentation, company, first)),
            new=self._stays(Membership._members_on_sql(segmentation, company, second)),
            same=same,
        )

    def _stays(self, members):
        return SQL(
            """
            SELECT s.id, s.partner_id, s.segment_id, s.date_from, s.date_to, s.origin, s.pinned,
                   s.evidence
            FROM (%s) d JOIN crm_segment_membership s ON s.id = d.membership_id
            """,
            members,
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
            WHERE day > %(year1)s AND partner_id IN (SELECT partner_id FROM moves)
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
            GREATEST(s.before, s.after, 0) AS stake, COALESCE(s.before, 0) AS revenue_before,
            COALESCE(s.after, 0) AS revenue_after
            """
        )

    def _cause(self, segmentation, first):
        """CASE over the facts, in the order of ``lib/move_cause.py``."""
        facts = self._facts(segmentation, first)
        return SQL(
            "CASE %s ELSE %s END",
            SQL(" ").join(SQL("WHEN %s THEN %s", facts[name], name) for name in CAUSES),
            UNKNOWN,
        )

    def _facts(self, segmentation, first):
        """SQL of each fact. Where no values of the two decisions compare, documents tell."""
        bought = SQL("COALESCE(s.documents, 0) > 0")
        ranks = SQL("%s", segmentation.method in RANKING)
        wears = SQL("%s", segmentation._moves_by_time())
        return {
            "hand": SQL("m.by_hand"),
            "newcomer": SQL("m.old_id IS NULL AND p.create_date::date > %s", first),
            "rule": SQL(
                "m.seam OR EXISTS (SELECT FROM switches w"
                " WHERE m.moved_on BETWEEN w.since AND w.until)"
            ),
            "corrected": SQL("m.lived AND m.partner_id IN (SELECT partner_id FROM late)"),
            "own": SQL(
                "g.own OR (NOT g.compared AND (%s OR NOT (%s OR %s)))", bought, ranks, wears
            ),
            "time": SQL("g.wore OR (%s AND NOT %s)", wears, ranks),
            "others": ranks,
        }
