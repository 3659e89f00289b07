"""Keeping touchpoints up: the difference between the documents and the rows, in one statement."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .crm_touchpoint_sources import COLUMNS

_logger = logging.getLogger(__name__)
#: more customers than this are done together with all others
MANY = 20_000
#: what was written shortly before the last run may have been committed after it
OVERLAP = timedelta(hours=1)


class CrmTouchpoint(models.Model):
    _inherit = "crm.touchpoint"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _refresh(self, partner_ids=None):
        """Write the derived touches that differ, and divide credit anew where any did.

        :param list partner_ids: ids of partners, None for everybody
        """
        if partner_ids is not None:
            partners = self.env["res.partner"].browse(partner_ids).exists()
            partner_ids = partners.commercial_partner_id.ids
            if not partner_ids:
                return
        self._refresh_touches(partner_ids)
        self.env["crm.campaign.credit"]._refresh(partner_ids)

    def _refresh_touches(self, partner_ids=None):
        """Write the derived touches that differ, without the credit that follows from them."""
        self.env.flush_all()
        self._follow_entities()
        self.env.execute_query(self._refresh_sql(partner_ids))
        self.invalidate_model()

    def _follow_entities(self):
        """What people entered stays with its customer when that becomes the contact of another."""
        self.env.execute_query(
            SQL(
                """
                UPDATE crm_touchpoint t SET partner_id = p.commercial_partner_id
                FROM res_partner p
                WHERE p.id = t.partner_id AND p.commercial_partner_id <> p.id
                  AND t.res_model IS NULL
                RETURNING t.id
                """
            )
        )

    def _refresh_sql(self, partner_ids):
        """One statement: rows without their origin go, new ones come, others follow it."""
        columns = SQL(", ").join(map(SQL.identifier, ("kind_id", *COLUMNS)))
        stored = SQL(", ").join(SQL("t.%s", SQL.identifier(name)) for name in COLUMNS)
        new = SQL(", ").join(SQL("EXCLUDED.%s", SQL.identifier(name)) for name in COLUMNS)
        changes = SQL(", ").join(
            SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name)) for name in COLUMNS
        )
        return SQL(
            """
            WITH fresh (%(columns)s) AS MATERIALIZED (%(sources)s),
            gone AS (
                DELETE FROM crm_touchpoint t
                WHERE t.res_model IS NOT NULL AND %(scope)s AND NOT EXISTS (
                    SELECT FROM fresh f WHERE f.kind_id = t.kind_id
                    AND f.res_model = t.res_model AND f.res_id = t.res_id)
            )
            INSERT INTO crm_touchpoint AS t (%(columns)s, create_uid, create_date)
            SELECT %(columns)s, %(uid)s, NOW() AT TIME ZONE 'UTC' FROM fresh
            ON CONFLICT (kind_id, res_model, res_id) DO UPDATE SET %(changes)s
            WHERE (%(stored)s) IS DISTINCT FROM (%(new)s)
            RETURNING t.id
            """,
            columns=columns,
            sources=self._fresh_sql(partner_ids),
            scope=SQL("TRUE") if partner_ids is None
            else SQL("t.partner_id = ANY(%s)", partner_ids),
            uid=self.env.uid,
            changes=changes,
            stored=stored,
            new=new,
        )  # fmt: skip

    def _fresh_sql(self, partner_ids):
        """All kinds together, each row with the id of its kind."""
        # sudo: kinds are the same for everybody
        kinds = self.env["crm.touchpoint.kind"].sudo().search([])
        ids = {kind.code: kind.id for kind in kinds}
        parts = [
            SQL("SELECT %s, x.* FROM (%s) x", ids[code], sql)
            for code, sql in self._touchpoint_sources(partner_ids).items()
            if code in ids
        ]
        return SQL(" UNION ALL ").join(parts)

    @api.model
    def _rebuild(self):
        """Cron, nightly: everything, the touches of nobody too.

        Again where another worker wrote the same rows meanwhile: the host repeats no cron.
        """
        if self.env["crm.job"]._spread("Campaign credit", self._rebuild_stages):
            return
        self.env["crm.segmentation"]._retried(self._refresh)
        self.env["crm.campaign.markov"]._rebuild()

    @api.model
    def _rebuild_stages(self):
        """Pieces for ``crm.job``: all touches, credit by company and range, removal effects."""
        Credit, Markov = self.env["crm.campaign.credit"], self.env["crm.campaign.markov"]
        companies = self.env["res.company"].search([])
        ranges = self.env["crm.job"]._ranges()
        yield [(self, "_refresh_touches")]
        yield [
            (Credit, "_refresh_range", company, *bounds)
            for company in companies
            for bounds in ranges
        ]
        yield [(Markov, "_rebuild_company", company) for company in companies]

    @api.model
    def _follow(self):
        """Cron, hourly: the customers whose documents were written since the last time.

        Posting, confirming and mailing never wait for us; a UTM that is set late is found here.
        """
        # sudo: the cron is run by its own user
        cron = self.env.ref("crm_campaign_roi.ir_cron_follow").sudo()
        since = cron.lastcall
        changed = since and self._changed_since(since - OVERLAP)
        if changed is False or not since or len(changed) > MANY:
            return self.env["crm.segmentation"]._retried(self._refresh)
        if changed:
            self.env["crm.segmentation"]._retried(self._refresh, changed)
        _logger.info("Touchpoints of %s customers followed their documents", len(changed))

    def _changed_since(self, since):
        """:return: list of ids of the customers of documents written since a moment"""
        self.env.flush_all()
        parts = [SQL("SELECT %s", query) for query in self._changed_queries(since)]
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT p.commercial_partner_id FROM (%s) c (id)"
                " JOIN res_partner p ON p.id = c.id",
                SQL(" UNION ").join(parts),
            )
        )
        return [partner for (partner,) in rows]

    def _changed_queries(self, since):
        """What follows SELECT in statements of partner ids, one per table of origins."""
        since = fields.Datetime.to_string(since)
        queries = [
            SQL("partner_id FROM %s WHERE write_date >= %s", SQL.identifier(table), since)
            for table in ("crm_lead", "sale_order", "account_move", "crm_touchpoint")
        ]
        queries.append(
            SQL(
                """person.partner_id FROM mailing_trace t %s WHERE t.write_date >= %s""",
                self._trace_person_sql("t"),
                since,
            )
        )
        queries.append(
            SQL(
                """
                person.partner_id FROM link_tracker_click c
                JOIN mailing_trace t ON t.id = c.mailing_trace_id %s WHERE c.create_date >= %s
                """,
                self._trace_person_sql("t"),
                since,
            )
        )
        return queries
