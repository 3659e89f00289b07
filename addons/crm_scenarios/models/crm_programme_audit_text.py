"""Names of the figures of an audit."""

from odoo import api, models


class CrmProgrammeAudit(models.Model):
    _inherit = "crm.programme.audit"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _texts(self):
        """Key of a line → its name; things that come and go have a label of their own."""
        return {
            "odoo": self.env._("Version of Odoo"),
            "python": self.env._("Version of Python"),
            "postgresql": self.env._("Version of PostgreSQL"),
            "database_size": self.env._("Size of the database (MB)"),
            "manual_fields": self.env._("Fields made by hand"),
            "custom_modules": self.env._("Modules of one's own"),
            "host_modules": self.env._("Modules of Odoo"),
            "users": self.env._("Internal users"),
            "users_30": self.env._("Logged in within 30 days"),
            "users_90": self.env._("Logged in within 90 days"),
            "users_never": self.env._("Never logged in"),
            "portal_users": self.env._("Portal users"),
            "roles": self.env._("Roles in use"),
            **self._record_texts(),
            "crons": self.env._("Active scheduled actions"),
            "crons_failing": self.env._("Failing scheduled actions"),
            "crons_late": self.env._("Overdue for more than a day"),
            "crons_timed_out": self.env._("Interrupted because they took too long"),
            "systems": self.env._("Other systems"),
            "devices": self.env._("Devices"),
            "interfaces": self.env._("Interfaces"),
        }

    def _record_texts(self):
        return {
            "customers": self.env._("Customers"),
            "contacts": self.env._("Contacts, customers among them"),
            "products": self.env._("Products"),
            "leads": self.env._("Open leads"),
            "opportunities": self.env._("Open opportunities"),
            "quotations": self.env._("Open quotations"),
            "orders": self.env._("Confirmed orders"),
            "invoices": self.env._("Posted customer invoices"),
            "credit_notes": self.env._("Posted credit notes"),
            "duplicates": self.env._("Groups of likely duplicates"),
            "incomplete": self.env._(
                "Customers without industry, country, or any e-mail and phone"
            ),
            "unreachable": self.env._("Customers without e-mail and phone"),
            "no_email": self.env._("Customers without e-mail"),
            "no_vat": self.env._("Customers without tax number"),
        }
