"""What an audit finds of the system: versions, modules, users, roles, scheduled actions."""

import platform
from datetime import timedelta
from os.path import realpath

from odoo import fields, models, release
from odoo.modules.module import Manifest
from odoo.tools import SQL, config, format_datetime

#: days since the last login that count as using it
RECENT, LATELY = 30, 90
#: an active scheduled action that is due for longer doesn't run
LATE = timedelta(days=1)


class CrmProgrammeAudit(models.Model):
    _inherit = "crm.programme.audit"  # pylint: disable=consider-merging-classes-inherited

    def _section_system(self, _programme):
        [[postgres, size]] = self.env.execute_query(
            SQL("SELECT current_setting('server_version'), pg_database_size(current_database())")
        )
        manual = self.env["ir.model.fields"].search_count([("state", "=", "manual")])
        return [
            self._row("odoo", detail=release.version),
            self._row("python", detail=platform.python_version()),
            self._row("postgresql", detail=postgres),
            self._row("database_size", size // 2**20),
            self._row("manual_fields", manual),
        ]

    def _section_own(self, _programme):
        own = [module for module in self._installed() if self._is_own(module.name)]
        return [self._row("custom_modules", len(own)), *map(self._module_row, own)]

    def _section_modules(self, _programme):
        host = [module for module in self._installed() if not self._is_own(module.name)]
        return [self._row("host_modules", len(host)), *map(self._module_row, host)]

    def _installed(self):
        modules = self.env["ir.module.module"]
        return modules.search([("state", "=", "installed")], order="name")

    def _module_row(self, module):
        """A module with its version and who made it."""
        detail = ", ".join(filter(None, [module.installed_version, module.author]))
        return self._row(f"module:{module.name}", 1, detail, module.shortdesc or module.name)

    def _is_own(self, name):
        """A module is one's own that neither lies beside Odoo's nor was made by Odoo S.A.

        What is installed without its files is one's own: nobody else keeps it.
        """
        manifest = Manifest.for_addon(name, display_warning=False)
        if not manifest:
            return True
        places = {realpath(config.addons_base_dir), realpath(config.addons_community_dir)}
        return realpath(manifest.addons_path) not in places and "odoo s" not in (
            manifest["author"] or ""
        ).lower().replace("odoo, s", "odoo s")

    def _section_users(self, programme):
        users = self._internal_users(programme)
        logged = {days: self._logged_in(users, days) for days in (RECENT, LATELY, None)}
        portal = self.env["res.users"].search_count([("share", "=", True)])
        return [
            self._row("users", len(users)),
            self._row("users_30", logged[RECENT]),
            self._row("users_90", logged[LATELY]),
            self._row("users_never", len(users) - logged[None]),
            self._row("portal_users", portal),
        ]

    def _internal_users(self, programme):
        """Active users who work in the company."""
        return self.env["res.users"].search(
            [("share", "=", False), ("company_ids", "in", programme.company_id.ids)]
        )

    def _logged_in(self, users, days):
        """How many of the users logged in within so many days, or ever."""
        domain = [("create_uid", "in", users.ids)]
        if days:
            domain.append(("create_date", ">=", fields.Datetime.now() - timedelta(days=days)))
        [[count]] = self.env["res.users.log"]._read_group(
            domain, [], ["create_uid:count_distinct"]
        )
        return count

    def _section_roles(self, programme):
        """Roles are the groups of applications that users were given, not what these imply."""
        users = self._internal_users(programme)
        held = self.env["res.users"]._read_group(
            [("id", "in", users.ids), ("group_ids.privilege_id", "!=", False)],
            ["group_ids"], ["__count"],
        )  # fmt: skip
        held = [(group, count) for group, count in held if group.privilege_id]
        rows = [
            self._row(f"role:{group.id}", count, label=group.full_name)
            for group, count in sorted(held, key=lambda pair: -pair[1])
        ]
        return [self._row("roles", len(rows)), *rows]

    def _section_crons(self, _programme):
        crons = self.env["ir.cron"].with_context(active_test=False).search([])
        active = crons.filtered("active")
        failing = crons.filtered("failure_count")
        late = active.filtered(lambda one: one.nextcall < fields.Datetime.now() - LATE)
        stuck = self.env["ir.cron.progress"]._read_group(
            [("timed_out_counter", ">", 0)], ["cron_id"], ["timed_out_counter:max"]
        )
        return [
            self._row("crons", len(active)),
            self._row("crons_failing", len(failing)),
            *(self._row(f"cron:{cron.id}", cron.failure_count, self._since(cron), cron.name)
              for cron in failing),
            self._row("crons_late", len(late), ", ".join(late.mapped("name"))),
            self._row("crons_timed_out", len(stuck),
                      ", ".join(cron.name for cron, _most in stuck)),
        ]  # fmt: skip

    def _since(self, cron):
        day = cron.first_failure_date
        text = day and self.env._("fails since %s", format_datetime(self.env, day))
        return text if cron.active else ", ".join(filter(None, [text, self.env._("switched off")]))
