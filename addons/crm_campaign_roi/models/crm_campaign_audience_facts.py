"""What is known of the customers and contacts of an audience, in two statements."""

from odoo import models
from odoo.addons.crm_segments.models.stored_domain import parse_domain
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib.audience_plan import Contact, Customer


class CrmCampaignAudience(models.Model):
    _inherit = "crm.campaign.audience"  # pylint: disable=consider-merging-classes-inherited

    def _population_domain(self):
        """Customers whom the definition names, as the user may read them."""
        domain = Domain("is_crm_customer", "=", True)
        domain &= parse_domain(self.env, self.domain, "res.partner", self.name)
        own = self.sudo()  # sudo: segments that somebody with rights on them has chosen
        if own.segment_ids:
            domain &= Domain("id", "in", own._members_query(own.segment_ids))
        if own.excluded_segment_ids:
            domain &= Domain("id", "not in", own._members_query(own.excluded_segment_ids))
        return domain

    def _members_query(self, segments):
        memberships = self.env["crm.segment.membership"]
        domain = memberships._current_domain(self.company_id)
        domain &= Domain("segment_id", "in", segments.ids)
        return memberships._search(domain).subselect("partner_id")

    def _flush_facts(self):
        for model in (
            "res.partner", "crm.customer.metrics", "crm.segment.membership", "sale.order",
            "mail.message", "mailing.trace",
        ):  # fmt: skip
            self.env[model].flush_model()
        self.env["crm.segment"]._flush_refusals()

    def _customers(self):
        """:return: list of lib.audience_plan.Customer"""
        query = self.env["res.partner"]._search(self._population_domain())
        ident = SQL.identifier(query.table, "id")
        self._flush_facts()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, %(segment)s, COALESCE(m.revenue_12m, 0)::float,
                       COALESCE(m.contacts_30d, 0), %(universal)s
                FROM (%(population)s) p
                LEFT JOIN crm_customer_metrics m
                       ON m.partner_id = p.id AND m.company_id = %(company)s
                """,
                segment=self._segment_sql(),
                universal=self.env["res.partner"]._universal_sql(self.company_id, SQL("p.id")),
                population=query.select(ident),
                company=self.company_id.id,
            )
        )
        return [Customer(*row) for row in rows]

    def _segment_sql(self):
        """The segment that a customer ``p`` is drawn within: the audience's, else the leading."""
        leading = self.company_id._leading_segmentation()
        segments = self.sudo().segment_ids  # sudo: see above
        own = SQL("s.segment_id = ANY(%s)", segments.ids)
        if len(segments) < 2:
            own = SQL("s.segmentation_id = %s", leading.id or 0)
        return SQL(
            """
            (SELECT MIN(s.segment_id) FROM crm_segment_membership s
             WHERE s.partner_id = p.id AND s.company_id = %s AND s.date_to IS NULL
               AND s.pinned IS DISTINCT FROM 'out' AND %s)
            """,
            self.company_id.id,
            own,
        )

    def _contacts(self):
        """:return: list of lib.audience_plan.Contact of the same customers"""
        Partner = self.env["res.partner"]
        population = Partner._search(self._population_domain())
        query = Partner._search(Domain("commercial_partner_id", "in", population.subselect("id")))
        names = ("commercial_partner_id", "email_normalized", "phone_sanitized", "type", "function")
        entity, email, phone, kind, function = (
            Partner._field_to_sql(query.table, name, query) for name in names
        )
        ident = SQL.identifier(query.table, "id")
        segments = self.env["crm.segment"]
        select = query.select(
            SQL("%s AS id", ident),
            SQL("%s AS entity", entity),
            SQL("%s AS email", email),
            SQL("%s AS chosen", self._chosen_sql(ident, entity, kind, function)),
            SQL("%s AS reachable", self._reachable_sql(email, phone)),
            SQL(
                "CASE WHEN %s THEN 'blacklisted' WHEN %s THEN 'opted_out'"
                " WHEN NOT (%s) THEN 'no_consent' END AS refused",
                segments._blacklisted_sql(email, phone),
                segments._opted_out_sql(email),
                self._consent_sql(ident, email),
            ),
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.id, c.entity, c.email, c.chosen, c.reachable, c.refused,
                       %(first)s || COALESCE(a.day::text, '')
                FROM (%(contacts)s) c LEFT JOIN (%(active)s) a ON a.partner_id = c.id
                """,
                # the customer itself comes first where it is asked for, its contacts stand in
                first=SQL("CASE WHEN c.id = c.entity THEN '1' ELSE '0' END")
                if self.contacts == "main"
                else SQL("''"),
                contacts=select,
                active=self._activity_sql(),
            )
        )
        return [Contact(*row) for row in rows]

    def _chosen_sql(self, ident, entity, kind, function):
        """Condition: the audience asks for a contact like this one; addresses are no people."""
        person = SQL("(%s = %s OR COALESCE(%s, 'contact') = 'contact')", ident, entity, kind)
        if self.contacts == "function":
            words = self.function.strip()
            return SQL("(%s AND strpos(lower(%s), lower(%s)) > 0)", person,
                       SQL("COALESCE(%s, '')", function), words)  # fmt: skip
        if self.contacts == "tag":
            return SQL("(%s AND %s)", person, self._tagged_sql(ident, self.category_ids))
        return person

    def _tagged_sql(self, ident, categories):
        return SQL(
            "EXISTS (SELECT FROM res_partner_res_partner_category_rel t"
            " WHERE t.partner_id = %s AND t.category_id = ANY(%s))",
            ident,
            categories.ids,
        )

    def _reachable_sql(self, email, phone):
        if self.channel == "activity":
            return SQL("TRUE")
        if self.channel == "export":
            return SQL("(%s IS NOT NULL OR %s IS NOT NULL)", email, phone)
        return SQL("%s IS NOT NULL", email)

    def _consent_sql(self, ident, email):
        """Condition: the consent that the company requires is there."""
        company = self.company_id.sudo()  # sudo: a setting
        if company.crm_roi_consent == "category":
            return self._tagged_sql(ident, company.crm_roi_consent_category_id)
        if company.crm_roi_consent == "list":
            return SQL(
                """
                COALESCE(%s IN (
                    SELECT c.email_normalized
                    FROM mailing_subscription s JOIN mailing_contact c ON c.id = s.contact_id
                    WHERE NOT COALESCE(s.opt_out, FALSE) AND s.list_id = ANY(%s)
                      AND c.email_normalized IS NOT NULL), FALSE)
                """,
                email,
                company.crm_roi_consent_list_ids.ids,
            )
        return SQL("TRUE")

    def _activity_sql(self):
        """SELECT of (partner_id, day): when a contact last ordered, wrote, opened or clicked."""
        return SQL(
            """
            SELECT partner_id, MAX(day) AS day FROM (
                SELECT partner_id, date_order::date AS day FROM sale_order WHERE state = 'sale'
                UNION ALL
                SELECT author_id, date::date FROM mail_message
                WHERE message_type = 'email' AND author_id IS NOT NULL
                UNION ALL
                SELECT res_id, GREATEST(open_datetime, links_click_datetime, reply_datetime)::date
                FROM mailing_trace WHERE model = 'res.partner' AND is_test_trace IS NOT TRUE
            ) x WHERE day IS NOT NULL GROUP BY 1
            """
        )
