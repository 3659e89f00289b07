"""Who is in which segment, since when, and why."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .metric_fields import EvidenceJson, sql_any


class CrmSegmentMembership(models.Model):
    """A customer's stay in a segment.

    A row without an end is current. ``pinned`` rows are a person's decision and
    survive every run; a row pinned out keeps the customer out and is no
    membership. A stay lasts from ``date_from`` to the day before ``date_to``.
    """

    _name = "crm.segment.membership"
    _description = "Segment Membership"
    _order = "date_from desc, id desc"
    _rec_name = "segment_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    segment_id = fields.Many2one("crm.segment", required=True, index=True, ondelete="cascade")
    segmentation_id = fields.Many2one(
        "crm.segmentation", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    date_from = fields.Date("Since", required=True)
    date_to = fields.Date("Until", help="Empty: still in the segment.")
    origin = fields.Selection(
        [("rule", "Rule"), ("manual", "By hand"), ("backfill", "Computed for the past")],
        required=True,
        default="rule",
    )
    pinned = fields.Selection(
        [("in", "Pinned in"), ("out", "Pinned out")],
        help="Decided by a person; no run changes it.",
    )
    code = fields.Char(
        "Verdict", help="What the method says of the customer, such as the three RFM scores."
    )
    evidence = EvidenceJson(
        help="What the decision rests on, with the values at that time.", readonly=True
    )
    evidence_text = fields.Char("Why", compute="_compute_evidence_text")

    _current_uniq = models.UniqueIndex("(partner_id, segment_id, company_id) WHERE date_to IS NULL")
    _segmentation_company = models.Index("(segmentation_id, company_id) WHERE date_to IS NULL")

    @api.model
    def _current_domain(self, company):
        """Memberships that count now in ``company``."""
        return (
            Domain("company_id", "=", company.id)
            & Domain("date_to", "=", False)
            & (Domain("pinned", "=", False) | Domain("pinned", "=", "in"))
        )

    def _evidence_visible(self):
        """Whether the user may see the figures in the evidence."""
        return self.partner_id.metrics_visible

    def _check_evidence_asked(self, name):
        """The database knows the amounts in the evidence: nobody filters, sorts or groups by it.

        :raises AccessError: if ``name`` is the evidence
        """
        if name == "evidence" and not self.env.su:
            raise AccessError(self.env._("Evidence can be read, but not searched or grouped."))

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        self._check_evidence_asked(field_name)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _read_group_groupby(self, alias, groupby_spec, query):
        self._check_evidence_asked(groupby_spec.partition(":")[0])
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_select(self, aggregate_spec, query):
        self._check_evidence_asked(aggregate_spec.partition(":")[0])
        return super()._read_group_select(aggregate_spec, query)

    @api.depends("evidence", "code")
    @api.depends_context("uid", "lang", "company")
    def _compute_evidence_text(self):
        for membership in self:
            membership.evidence_text = membership.segmentation_id._evidence_text(membership)

    def _apply_target(self, segmentation, company, target, population, partner_ids=None):
        """Make the stored memberships equal to ``target``; write only differences.

        :param SQL target: rows (partner_id, segment_id, code, evidence)
        :param SQL population: rows (partner_id, …) of everybody who is divided
        :param partner_ids: the customers looked at, None for everybody
        :return: dict joined, left, kept
        """
        today = fields.Date.context_today(segmentation)
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
        self.invalidate_model()
        [(joined, left, before)] = rows
        return {"joined": joined, "left": left, "kept": before - left}

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
            WHERE NOT EXISTS (SELECT FROM proposed x WHERE x.partner_id = p.partner_id)
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
            JOIN crm_segment s ON s.id = c.segment_id AND NOT COALESCE(s.is_rest, FALSE)
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
