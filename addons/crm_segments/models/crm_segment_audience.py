"""The contacts of a segment's customers, for lists that leave the database."""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib.audience import Contact

_MAILING = ("mailing.contact", "mailing.subscription")


class CrmSegment(models.Model):
    _inherit = "crm.segment"  # pylint: disable=consider-merging-classes-inherited

    def _check_export_right(self):
        """The host's own right to export.

        :raises AccessError: for users without it
        """
        if not (self.env.is_admin() or self.env.user.has_group("base.group_allow_export")):
            raise AccessError(
                self.env._(
                    "You don't have the right to export data. Ask an administrator for it."
                )
            )

    def _audience_domain(self, memberships=None):
        """Current stays in these segments in the company, or those of ``memberships`` only."""
        domain = self.env["crm.segment.membership"]._current_domain(self.env.company)
        domain &= Domain("segment_id", "in", self.ids)
        return domain & Domain("id", "in", memberships.ids) if memberships else domain

    def _audience_contacts(self, memberships=None):
        """Customers in these segments now and their contacts, as far as the user may read them.

        :param memberships: crm.segment.membership records to which it is restricted
        :return: list of lib.audience.Contact, a customer before its contacts
        """
        self.check_access("read")
        members = self.env["crm.segment.membership"]._search(self._audience_domain(memberships))
        return self._contacts_found(
            Domain("commercial_partner_id", "in", members.subselect("partner_id"))
        )

    @api.model
    def _contacts_found(self, domain):
        """Contacts that a domain finds, with who among them refuses to be contacted.

        :param Domain domain: on res.partner, read with the rights of the user
        :return: as of :meth:`_audience_contacts`
        """
        Partner = self.env["res.partner"]
        query = Partner._search(domain)
        names = ("email_normalized", "phone", "phone_sanitized", "commercial_partner_id")
        email, number, phone, entity = (
            Partner._field_to_sql(query.table, name, query) for name in names
        )
        ident = SQL.identifier(query.table, "id")
        query.order = SQL("%s, %s <> %s, %s", entity, ident, entity, ident)
        self._flush_refusals()
        rows = self.env.execute_query(
            query.select(
                ident, entity, email, number, phone,
                self._blacklisted_sql(email, phone), self._opted_out_sql(email),
            )
        )  # fmt: skip
        return [Contact(*row) for row in rows]

    def _flush_refusals(self):
        for name in ("mail.blacklist", "phone.blacklist", *_MAILING):
            if name in self.env:
                self.env[name].flush_model()

    def _blacklisted_sql(self, email, phone):
        """Condition: the address or the number is on the host's blacklist.

        The host's field tells so for one record at a time; everybody may know it.
        """
        return SQL(
            """
            COALESCE(%s IN (SELECT email FROM mail_blacklist WHERE active), FALSE)
            OR COALESCE(%s IN (SELECT number FROM phone_blacklist WHERE active), FALSE)
            """,
            email,
            phone,
        )

    def _opted_out_sql(self, email):
        """Condition: the address opted out of any mailing list, where these are installed."""
        if "mailing.subscription" not in self.env:
            return SQL("FALSE")
        return SQL(
            """
            COALESCE(%s IN (
                SELECT c.email_normalized
                FROM mailing_subscription s JOIN mailing_contact c ON c.id = s.contact_id
                WHERE s.opt_out AND c.email_normalized IS NOT NULL), FALSE)
            """,
            email,
        )

    def action_open_exports(self):
        """Who exported contacts of this segment, and when."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segments.crm_segment_export_action"
        )
        action.update(display_name=self.name, domain=[("segment_ids", "in", self.ids)])
        return action
