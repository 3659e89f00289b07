"""The window query that weighs every touch of every order under all path models."""

from odoo import models
from odoo.addons.crm_segments.models.metric_fields import sql_any
from odoo.tools import SQL

from ..lib.attribution import HALF_LIFE, MODELS

WEIGHTS = tuple(f"weight_{code}" for code in MODELS)
#: what tells a row apart
KEY = ("order_id", "move_id", "history_key", "touchpoint_id")
#: what may differ
VALUES = (
    "partner_id", "campaign_id", "medium_id", "source_id", "date", "days", "position", "touches",
    "kind_of_customer", "expected_anyway", *WEIGHTS,
)  # fmt: skip
_MISSING = {"history_key": SQL("''")}


def names(columns, alias=None):
    """:return: SQL of column names, separated by commas"""
    parts = [SQL.identifier(alias, name) if alias else SQL.identifier(name) for name in columns]
    return SQL(", ").join(parts)


def key(alias, columns=KEY):
    """:return: SQL of what tells a row apart, without NULLs"""
    return SQL(", ").join(
        SQL("COALESCE(%s, %s)", SQL.identifier(alias, name), _MISSING.get(name, SQL("0")))
        for name in columns
    )


def document(alias):
    """:return: SQL of what tells the document of a row apart, without NULLs"""
    return key(alias, KEY[:-1])


#: order of touches ``t``. Of those at one moment the origin decides, not the number of the row:
#: touches that are made anew would else share an order differently
IN_ORDER = SQL("t.date, t.kind_id, t.res_id, t.id")


class CrmCampaignCredit(models.Model):
    _inherit = "crm.campaign.credit"  # pylint: disable=consider-merging-classes-inherited

    def _touches_sql(self, company, partner_ids):
        """SELECT of the touches of customers that count in a company."""
        return SQL(
            """
            SELECT t.id, t.partner_id, t.date, t.campaign_id, t.medium_id, t.source_id,
                   t.kind_id, t.res_id
            FROM crm_touchpoint t
            WHERE t.partner_id IS NOT NULL AND COALESCE(t.company_id, %(company)s) = %(company)s
              AND t.kind_id <> ALL(%(ignored)s) AND %(scope)s
            """,
            company=company.id,
            ignored=company.crm_roi_ignored_kind_ids.ids,
            scope=sql_any(SQL.identifier("t", "partner_id"), partner_ids),
        )

    def _pairs_sql(self, company, partner_ids):
        """SELECT of touch and order within the look-back window, in the order of the touches."""
        return SQL(
            """
            SELECT d.*, t.id AS touchpoint_id, t.campaign_id, t.medium_id, t.source_id,
                   t.date AS touched, EXTRACT(epoch FROM d.date - t.date)::float8 / 86400 AS days,
                   ROW_NUMBER() OVER w AS position, COUNT(*) OVER (PARTITION BY d.key) AS touches,
                   LEAD(t.date) OVER w AS following
            FROM (%(documents)s) d
            LEFT JOIN (%(touches)s) t ON t.partner_id = d.partner_id AND t.date <= d.date
                  AND t.date >= d.date - make_interval(days => %(window)s)
            WINDOW w AS (PARTITION BY d.key ORDER BY %(in_order)s)
            """,
            in_order=IN_ORDER,
            documents=self._documents_sql(company, partner_ids),
            touches=self._touches_sql(company, partner_ids),
            window=company.crm_roi_lookback_days,
        )

    def _weighed_sql(self, company, partner_ids):
        """SELECT of the rows as they should be: ``KEY`` and ``VALUES``, and ``company_id``.

        A milestone belongs to the last touch before it. ``MODELS`` say what they read.
        """
        weights = SQL(", ").join(
            SQL("%s AS %s", SQL(model.sql), SQL.identifier(f"weight_{code}"))  # pylint: disable=sql-injection
            for code, model in MODELS.items()
        )
        return SQL(
            """
            SELECT %(company)s AS company_id, %(key)s, %(values)s, %(weights)s
            FROM (
                SELECT f.*,
                    MAX(position) FILTER (WHERE campaign_id IS NOT NULL) OVER o AS non_direct,
                    bool_or(is_lead) OVER o AS has_lead,
                    bool_or(is_opportunity) OVER o AS has_opportunity,
                    COUNT(*) FILTER (WHERE NOT milestone) OVER o AS others_w,
                    COUNT(*) FILTER (WHERE NOT milestone AND position < touches) OVER o
                        AS others_full,
                    SUM(power(2::float8, -COALESCE(days, 0) / %(half_life)s)) OVER o AS decayed
                FROM (
                    SELECT f.*, position = 1 OR is_lead OR is_opportunity AS milestone
                    FROM (
                        SELECT p.*, %(lead)s AS is_lead, %(opportunity)s AS is_opportunity
                        FROM (%(pairs)s) p
                    ) f
                ) f
                WINDOW o AS (PARTITION BY key)
            ) f
            """,
            company=company.id,
            key=names(KEY),
            values=names(name for name in VALUES if name not in WEIGHTS),
            weights=weights,
            half_life=HALF_LIFE,
            lead=_last_before("lead_date"),
            opportunity=_last_before("opportunity_date"),
            pairs=self._pairs_sql(company, partner_ids),
        )


def _last_before(column):
    """SQL condition: the touch ``p`` is the last one up to a moment of its order."""
    moment = SQL.identifier("p", column)
    return SQL(
        "COALESCE(p.touched <= %(m)s AND (p.following IS NULL OR p.following > %(m)s), FALSE)",
        m=moment,
    )
