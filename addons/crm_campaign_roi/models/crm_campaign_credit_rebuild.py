"""Writing credit: the difference between what the touches say and what is stored."""

from odoo import api, models
from odoo.addons.crm_segments.models.metric_fields import sql_any
from odoo.tools import SQL

from .crm_campaign_credit_sql import KEY, VALUES, document, key, names


class CrmCampaignCredit(models.Model):
    _inherit = "crm.campaign.credit"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _refresh(self, partner_ids=None):
        """Divide credit anew, in all companies.

        :param list partner_ids: ids of commercial entities, None for everybody
        """
        if partner_ids is not None and not partner_ids:
            return
        self.env.flush_all()
        # sudo: derived rows, for all companies whatever the user's
        for company in self.env["res.company"].sudo().search([]):
            self._refresh_company(company, partner_ids)
        self.invalidate_model()

    def _refresh_company(self, company, partner_ids=None):
        """Write the rows of a company that differ.

        :return: number of rows written or deleted
        """
        scope = SQL(
            "c.company_id = %s AND %s",
            company.id,
            sql_any(SQL.identifier("c", "partner_id"), partner_ids),
        )
        stored = SQL("SELECT FROM crm_campaign_credit c WHERE %s LIMIT 1", scope)
        # of some customers there may be documents that stand with another one yet
        first = partner_ids is None and not self.env.execute_query(stored)
        write = self._first_sql if first else self._difference_sql
        return self.env.execute_query(write(company, partner_ids, scope))[0][0]

    def _refresh_range(self, company, low, high):
        """Write what differs, of the customers with ids from ``low`` to ``high``."""
        self.env.flush_all()
        self._refresh_company(company, self.env["crm.job"]._within(low, high))

    def _first_sql(self, company, partner_ids, _scope):
        """Nothing is stored: nothing to compare with."""
        return SQL(
            """
            WITH written AS (
                INSERT INTO crm_campaign_credit (company_id, %(columns)s)
                SELECT company_id, %(columns)s FROM (%(weighed)s) w RETURNING 1
            ) SELECT COUNT(*) FROM written
            """,
            columns=names([*KEY, *VALUES]),
            weighed=self._weighed_sql(company, partner_ids),
        )

    def _difference_sql(self, company, partner_ids, scope):
        """Delete, update and insert what differs, in one statement.

        A document that came from another customer takes its old rows along. Of two that write
        the same row at once the second fails as busy, to be repeated, not as a user's mistake.
        """
        return SQL(
            """
            WITH target AS MATERIALIZED (%(weighed)s),
            gone AS (
                DELETE FROM crm_campaign_credit c
                WHERE (%(scope)s OR c.company_id = %(company)s AND (%(document)s) IN (
                      SELECT %(document_of_target)s FROM target t))
                  AND NOT EXISTS (SELECT FROM target t WHERE (%(of_target)s) = (%(of_credit)s))
                RETURNING 1
            ),
            changed AS (
                UPDATE crm_campaign_credit c SET %(changes)s FROM target t
                WHERE c.company_id = %(company)s AND (%(of_target)s) = (%(of_credit)s)
                  AND (%(new)s) IS DISTINCT FROM (%(old)s)
                RETURNING 1
            ),
            added AS (
                INSERT INTO crm_campaign_credit (company_id, %(columns)s)
                SELECT company_id, %(columns)s FROM target t
                WHERE NOT EXISTS (
                    SELECT FROM crm_campaign_credit c WHERE c.company_id = %(company)s
                    AND (%(of_target)s) = (%(of_credit)s))
                ON CONFLICT DO NOTHING RETURNING 1
            )
            SELECT (SELECT COUNT(*) FROM gone) + (SELECT COUNT(*) FROM changed)
                 + (SELECT COUNT(*) FROM added)
            """,
            weighed=self._weighed_sql(company, partner_ids),
            scope=scope,
            company=company.id,
            of_target=key("t"),
            of_credit=key("c"),
            document=document("c"),
            document_of_target=document("t"),
            changes=SQL(", ").join(
                SQL("%s = t.%s", SQL.identifier(name), SQL.identifier(name)) for name in VALUES
            ),
            new=names(VALUES, "t"),
            old=names(VALUES, "c"),
            columns=names([*KEY, *VALUES]),
        )
