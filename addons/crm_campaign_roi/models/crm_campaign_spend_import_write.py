"""Import of ad spend: matching campaigns, writing what differs, undoing."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

_LISTED = 50
_FIGURES = ("cost", "impressions", "clicks", "conversions")


class CrmCampaignSpendImport(models.Model):
    _inherit = "crm.campaign.spend.import"  # pylint: disable=consider-merging-classes-inherited

    def _match(self):
        """Table ``crm_spend_match``: outer campaign → ours, or none.

        What somebody said goes first; then the number as identifier of a campaign, then the name.
        """
        self.env["utm.campaign"].flush_model()
        self.env["crm.campaign.spend.match"].flush_model()
        cr = self.env.cr
        cr.execute(SQL("DROP TABLE IF EXISTS crm_spend_match"))
        cr.execute(
            SQL(
                """
                CREATE TEMP TABLE crm_spend_match ON COMMIT DROP AS
                SELECT s.external, s.name, COALESCE(m.campaign_id, i.id, n.id) AS campaign_id
                FROM (SELECT external, MAX(name) AS name FROM crm_spend_stage GROUP BY 1) s
                LEFT JOIN crm_campaign_spend_match m ON m.external = s.external
                     AND m.company_id = %(company)s AND m.platform_id = %(platform)s
                LEFT JOIN LATERAL (
                    SELECT c.id FROM utm_campaign c
                    WHERE lower(s.external) IN (lower(c.name), lower(%(title)s))
                      AND %(scope)s ORDER BY c.active DESC, c.id LIMIT 1) i ON TRUE
                LEFT JOIN LATERAL (
                    SELECT c.id FROM utm_campaign c
                    WHERE lower(s.name) IN (lower(c.name), lower(%(title)s))
                      AND %(scope)s ORDER BY c.active DESC, c.id LIMIT 1) n ON TRUE
                """,
                company=self.company_id.id,
                platform=self.platform_id.id or 0,
                title=self.env["utm.campaign"]._field_to_sql("c", "title"),
                scope=self._campaign_scope(),
            )
        )
        self._list_unmatched()

    def _campaign_scope(self):
        """SQL condition: the campaign ``c`` may be that of the company."""
        if "company_id" not in self.env["utm.campaign"]._fields:
            return SQL("TRUE")
        return SQL("COALESCE(c.company_id, %s) = %s", self.company_id.id, self.company_id.id)

    def _list_unmatched(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT external, name FROM crm_spend_match WHERE campaign_id IS NULL ORDER BY 2, 1"
            )
        )
        self.unmatched_count = len(rows)
        texts = [
            f"{name} ({external})" if name and name != external else external
            for external, name in rows[:_LISTED]
        ]
        self.unmatched = "\n".join([*texts, *(["…"] if len(rows) > _LISTED else [])]) or False

    def _write_rows(self):
        """Insert new days, correct those that differ and keep what they were; remember the file."""
        self.env["crm.campaign.spend"].flush_model()
        self.flush_recordset()
        self._add_up()
        counts = []
        for statement in (self._keep_sql(), self._upsert_sql()):
            self.env.cr.execute(statement)
            counts.append(self.env.cr.rowcount)
        kept, written = counts
        self.write({"state": "done", "changed_count": kept, "new_count": written - kept})
        self.platform_id.mapping = self._open_mapping()
        self.env["crm.campaign.spend"].invalidate_model()
        self.env["crm.campaign.spend.previous"].invalidate_model()

    def _open_mapping(self):
        """What the next file of the platform may be read by, if it isn't recognised."""
        columns = {one.role: one.header or "" for one in self.column_ids}
        if not columns:
            return self.platform_id.mapping or False
        return {
            "platform": self.platform, "columns": columns, "decimal": self.decimal,
            "order": self.order,
        }  # fmt: skip

    def _add_up(self):
        """Table ``crm_spend_day``: the days of the file, by the key of ``crm.campaign.spend``."""
        cr = self.env.cr
        cr.execute(SQL("DROP TABLE IF EXISTS crm_spend_day"))
        cr.execute(
            SQL(
                """
                CREATE TEMP TABLE crm_spend_day ON COMMIT DROP AS
                SELECT s.account, s.external, MAX(s.name) AS name, s.day,
                       MAX(m.campaign_id) AS campaign_id,
                       SUM(s.cost) AS cost, SUM(s.impressions)::int AS impressions,
                       SUM(s.clicks)::int AS clicks, SUM(s.conversions)::float8 AS conversions,
                       bool_or(s.is_spread) AS is_spread
                FROM crm_spend_stage s JOIN crm_spend_match m ON m.external = s.external
                GROUP BY s.account, s.external, s.day
                """
            )
        )
        cr.execute(SQL("ANALYZE crm_spend_day"))

    def _differs_sql(self):
        """SQL condition: the row ``s`` of spend isn't what the row ``f`` of the file says."""
        return SQL(
            """(s.cost, s.impressions, s.clicks, s.conversions, s.currency_id, s.is_spread)
               IS DISTINCT FROM
               (f.cost, f.impressions, f.clicks, f.conversions, %(currency)s, f.is_spread)""",
            currency=self.currency_id.id,
        )

    def _keep_sql(self):
        """Keep what will be overwritten."""
        Previous = self.env["crm.campaign.spend.previous"]
        names = SQL(", ").join(map(SQL.identifier, Previous._copied()))
        return SQL(
            """
            INSERT INTO crm_campaign_spend_previous
                   (import_id, spend_id, previous_import_id, %(names)s)
            SELECT %(self)s, s.id, s.import_id, %(values)s
            FROM crm_spend_day f JOIN crm_campaign_spend s
              ON s.company_id = %(company)s AND s.platform_id = %(platform)s
             AND s.account = f.account AND s.external_campaign = f.external AND s.date = f.day
            WHERE %(differs)s
            """,
            names=names,
            self=self.id,
            values=SQL(", ").join(SQL.identifier("s", name) for name in Previous._copied()),
            company=self.company_id.id,
            platform=self.platform_id.id,
            differs=self._differs_sql(),
        )

    def _upsert_sql(self):
        """Write the days that are new or differ. A campaign that somebody chose stays."""
        return SQL(
            """
            INSERT INTO crm_campaign_spend AS s (
                company_id, platform_id, account, external_campaign, external_name, date,
                campaign_id, currency_id, cost, impressions, clicks, conversions, is_spread,
                import_id, create_uid, write_uid, create_date, write_date)
            SELECT %(company)s, %(platform)s, f.account, f.external, f.name, f.day,
                   f.campaign_id, %(currency)s, f.cost, f.impressions, f.clicks, f.conversions,
                   f.is_spread, %(self)s, %(uid)s, %(uid)s, %(now)s, %(now)s
            FROM crm_spend_day f
            ON CONFLICT (company_id, platform_id, account, external_campaign, date) DO UPDATE
            SET cost = EXCLUDED.cost, impressions = EXCLUDED.impressions,
                clicks = EXCLUDED.clicks, conversions = EXCLUDED.conversions,
                currency_id = EXCLUDED.currency_id, is_spread = EXCLUDED.is_spread,
                external_name = EXCLUDED.external_name, import_id = EXCLUDED.import_id,
                campaign_id = COALESCE(s.campaign_id, EXCLUDED.campaign_id),
                write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
            WHERE (s.cost, s.impressions, s.clicks, s.conversions, s.currency_id, s.is_spread)
                  IS DISTINCT FROM (EXCLUDED.cost, EXCLUDED.impressions, EXCLUDED.clicks,
                  EXCLUDED.conversions, EXCLUDED.currency_id, EXCLUDED.is_spread)
            """,
            company=self.company_id.id,
            platform=self.platform_id.id,
            currency=self.currency_id.id,
            self=self.id,
            uid=self.env.uid,
            now=SQL("NOW() AT TIME ZONE 'UTC'"),
        )

    def _undo(self):
        """Put back what was overwritten, delete what was new."""
        Spend, Previous = self.env["crm.campaign.spend"], self.env["crm.campaign.spend.previous"]
        # sudo: kept for this purpose only
        later = Previous.sudo().search([("previous_import_id", "=", self.id)], limit=1).import_id
        if later:
            raise UserError(
                self.env._(
                    "“%(later)s” has corrected some of these rows since. Undo it first.",
                    later=later.filename or later.display_name,
                )
            )
        Spend.flush_model()
        Previous.flush_model()
        changes = SQL(", ").join(
            SQL("%s = p.%s", SQL.identifier(name), SQL.identifier(name))
            for name in Previous._copied()
        )
        self.env.execute_query(
            SQL(
                """
                WITH back AS (
                    UPDATE crm_campaign_spend s SET %(changes)s, import_id = p.previous_import_id
                    FROM crm_campaign_spend_previous p
                    WHERE p.spend_id = s.id AND p.import_id = %(self)s RETURNING s.id
                ), forgotten AS (
                    DELETE FROM crm_campaign_spend_previous WHERE import_id = %(self)s
                )
                DELETE FROM crm_campaign_spend s
                WHERE s.import_id = %(self)s AND NOT EXISTS (
                    SELECT FROM crm_campaign_spend_previous p
                    WHERE p.spend_id = s.id AND p.import_id = %(self)s)
                RETURNING s.id
                """,
                changes=changes,
                self=self.id,
            )
        )
        Spend.invalidate_model()
        Previous.invalidate_model()
        self.state = "undone"
