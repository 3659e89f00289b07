"""Finding likely duplicates: keys by SQL, groups by joining what shares one."""

from odoo import models
from odoo.tools import SQL

from ..lib.clusters import MOST_SHARED, clusters
from ..lib.free_mail import FREE_MAIL, MOST_PERSONS

#: digits of a phone number that are compared, from the end: with country code, trunk prefix ('8',
#: '0') or neither the same number begins differently; national numbers have at least nine
PHONE_DIGITS = 9


class CrmPartnerDuplicate(models.Model):
    _inherit = "crm.partner.duplicate"  # pylint: disable=consider-merging-classes-inherited

    def _rebuild(self, company, totals=None):
        """Bring the groups of a company up to date; only differences are written.

        :param company: res.company record
        :param SQL totals: SELECT of partner_id, documents, revenue; by default as the company
            counts its sales
        :return: number of groups to look at
        """
        self.flush_model()
        Metrics = self.env["crm.customer.metrics"]
        Metrics._flush_sources()
        self.env["res.users"].flush_model()
        found = {
            (kind, ",".join(map(str, ids))): (ids, " ".join(keys))
            for kind, groups in self._found_groups(company).items()
            for ids, keys in groups
        }
        self._write_groups(company, found)
        today = self.env["crm.segmentation"]._today()
        totals = totals or Metrics._customer_totals_sql(company, today, company.crm_sales_basis)
        self._write_figures(company, totals)
        self.invalidate_model()
        self.env["crm.partner.duplicate.member"].invalidate_model()
        return self.search_count([("company_id", "=", company.id), ("state", "=", "open")])

    def _found_groups(self, company):
        """:return: dict kind → list of (sorted ids, kinds of keys)"""
        shared = self.env.execute_query(
            SQL(
                """
                WITH people AS MATERIALIZED (%s), keys AS (%s)
                SELECT kind, array_agg(id ORDER BY id) FROM keys
                GROUP BY kind, key HAVING COUNT(*) BETWEEN 2 AND %s
                """,
                self._people_sql(company),
                self._keys_sql(),
                MOST_SHARED,
            )
        )
        domains = self.env.execute_query(
            SQL(
                "WITH people AS MATERIALIZED (%s) %s", self._people_sql(company), self._domain_sql()
            )
        )
        return {
            "same": clusters(shared),
            "domain": [(sorted([owner, *persons]), ["domain"]) for owner, persons in domains],
        }

    def _people_sql(self, company):
        """Active customers that the company may deal with; no internal users, no own companies."""
        return SQL(
            """
            SELECT p.id, p.is_company, p.email_normalized AS email,
                   upper(regexp_replace(p.vat, '[^[:alnum:]]', '', 'g')) AS vat,
                   regexp_replace(
                       COALESCE(p.phone_sanitized, p.phone), '[^0-9]', '', 'g') AS phone
            FROM res_partner p
            WHERE p.active AND p.commercial_partner_id = p.id
              AND (p.company_id IS NULL OR p.company_id = ANY(%s))
              AND p.id NOT IN (SELECT partner_id FROM res_company)
              AND p.id NOT IN (SELECT partner_id FROM res_users WHERE NOT share)
            """,
            company.parent_ids.ids,
        )

    def _keys_sql(self):
        """(id, kind, key): what two records of one customer have in common."""
        return SQL(
            """
            SELECT id, 'vat' AS kind, vat AS key FROM people WHERE length(vat) >= 5
            UNION ALL SELECT id, 'email', email FROM people WHERE email <> ''
            UNION ALL SELECT id, 'phone', right(phone, %(digits)s) FROM people
            WHERE length(phone) >= 7 AND phone !~ '^([0-9])\\1*$'
            """,
            digits=PHONE_DIGITS,
        )

    def _domain_sql(self):
        """(company, its persons): persons without a company with an address of its domain.

        A domain that several companies use belongs to none of them.
        """
        return SQL(
            """
            , addresses AS (
                SELECT id, is_company, split_part(email, '@', 2) AS domain
                FROM people WHERE email LIKE '%%@%%'
            )
            SELECT MIN(id) FILTER (WHERE is_company),
                   array_agg(id) FILTER (WHERE is_company IS NOT TRUE)
            FROM addresses WHERE domain <> ALL(%(free)s)
            GROUP BY domain
            HAVING COUNT(*) FILTER (WHERE is_company) = 1
               AND COUNT(*) FILTER (WHERE is_company IS NOT TRUE) BETWEEN 1 AND %(most)s
            """,
            free=sorted(FREE_MAIL),
            most=MOST_PERSONS,
        )

    def _write_groups(self, company, found):
        """Add the groups that are new; take away open ones that are no more."""
        known = self.search([("company_id", "=", company.id)])
        kept = {(one.kind, one.signature) for one in known}
        dismissed = [
            (one.kind, set(one.signature.split(",")))
            for one in known
            if one.state == "dismissed"
        ]
        known.filtered(
            lambda one: one.state == "open" and (one.kind, one.signature) not in found
        ).unlink()
        new = {
            key: value
            for key, value in found.items()
            if key not in kept and not _is_dismissed(key, dismissed)
        }
        groups = self.create(
            [
                {"company_id": company.id, "kind": kind, "signature": signature, "keys": keys}
                for (kind, signature), (_ids, keys) in new.items()
            ]
        )
        pairs = [
            (group.id, partner)
            for group, (ids, _keys) in zip(groups, new.values(), strict=True)
            for partner in ids
        ]
        self.flush_model()
        if pairs:
            self.env.cr.execute_values(
                "INSERT INTO crm_partner_duplicate_member (duplicate_id, partner_id) VALUES %s",
                pairs,
            )

    def _write_figures(self, company, totals):
        """Documents and money of members and groups, where they differ.

        By indexed temporary tables: nobody can estimate how many rows were just written, and a
        join planned for one row takes minutes for many.
        """
        self._make_indexed("crm_duplicate_total", "partner_id", self._member_totals_sql(totals))
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_partner_duplicate_member m
                SET document_count = t.documents, amount = t.revenue
                FROM crm_partner_duplicate d, crm_duplicate_total t
                WHERE d.id = m.duplicate_id AND d.company_id = %s AND t.partner_id = m.partner_id
                  AND (m.document_count, m.amount) IS DISTINCT FROM (t.documents, t.revenue)
                """,
                company.id,
            )
        )
        self._make_indexed("crm_duplicate_group", "duplicate_id", self._group_totals_sql(company))
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_partner_duplicate d
                SET partner_count = n.partners, document_count = n.documents, amount = n.revenue,
                    amount_apart = n.apart, sequence = n.place
                FROM crm_duplicate_group n
                WHERE n.duplicate_id = d.id
                  AND (d.partner_count, d.document_count, d.amount, d.amount_apart, d.sequence)
                      IS DISTINCT FROM (n.partners, n.documents, n.revenue, n.apart, n.place)
                """
            )
        )

    def _make_indexed(self, name, column, query):
        """Make a temporary table of a query, with an index and statistics."""
        cr, table = self.env.cr, SQL.identifier(name)
        cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
        cr.execute(SQL("CREATE TEMP TABLE %s ON COMMIT DROP AS %s", table, query))
        cr.execute(SQL("CREATE INDEX ON %s (%s)", table, SQL.identifier(column)))
        cr.execute(SQL("ANALYZE %s", table))

    def _member_totals_sql(self, totals):
        """(partner_id, documents, revenue) of all members; 0 for those without documents."""
        return SQL(
            """
            SELECT m.partner_id, COALESCE(t.documents, 0)::integer AS documents,
                   COALESCE(t.revenue, 0) AS revenue
            FROM (SELECT DISTINCT partner_id FROM crm_partner_duplicate_member) m
            LEFT JOIN (%s) t ON t.partner_id = m.partner_id
            """,
            totals,
        )

    def _group_totals_sql(self, company):
        return SQL(
            """
            SELECT m.duplicate_id, COUNT(*)::integer AS partners,
                   SUM(m.document_count)::integer AS documents, SUM(m.amount) AS revenue,
                   SUM(m.amount) - MAX(m.amount) AS apart,
                   row_number() OVER (ORDER BY SUM(m.amount) DESC, m.duplicate_id)::integer AS place
            FROM crm_partner_duplicate_member m
            JOIN crm_partner_duplicate d ON d.id = m.duplicate_id
            WHERE d.company_id = %s GROUP BY m.duplicate_id
            """,
            company.id,
        )


def _is_dismissed(key, dismissed):
    """Whether all members of a group were said to be different before."""
    kind, signature = key
    members = set(signature.split(","))
    return any(kind == other and members <= known for other, known in dismissed)
