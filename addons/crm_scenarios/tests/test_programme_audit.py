"""Audits of the database: what they count, what follows from it, who may take them."""

from odoo import release
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_programme import ProgrammeCommon


@tagged("post_install", "-at_install")
class TestProgrammeAudit(ProgrammeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.programme(user_id=cls.seller.id)
        cls.colleague = new_test_user(
            cls.env, "programme_colleague", "sales_team.group_sale_salesman"
        )
        cls.portal = new_test_user(cls.env, "programme_portal", "base.group_portal")

    def value(self, audit, key):
        return audit.line_ids.filtered(lambda line: line.key == key).value

    def audit(self, programme=None, user=None):
        programme = (programme or self.own).with_user(user or self.seller)
        action = programme.action_audit()
        return self.env["crm.programme.audit"].browse(action["res_id"])

    def test_figures_drive_efforts(self):
        """Two hours of training a user, whatever their number."""
        step = self.step(self.own, "Train", 2.0, basis="users", basis_count=1)
        data = self.step(self.own, "Clean", 0.5, basis="duplicates", basis_count=1)
        self.assertEqual((step.hours, data.hours), (2.0, 0.5))
        twins = [{"name": name, "email": "twin@example.com"} for name in ("Twin", "Twyn")]
        self.env["res.partner"].create(twins)
        audit = self.audit()
        users = self.env["res.users"].search_count(
            [("share", "=", False), ("company_ids", "in", self.env.company.id)]
        )
        self.assertEqual(self.own.audit_figures["users"], users)
        self.assertEqual((step.basis_count, step.hours), (users, 2.0 * users))
        groups = self.value(audit, "duplicates")
        self.assertGreaterEqual(groups, 1)
        self.assertEqual(data.hours, 0.5 * groups)
        new_test_user(self.env, "programme_newcomer", "base.group_user")
        self.audit()
        self.assertEqual(step.hours, 2.0 * (users + 1))
        self.assertEqual(self.own.amount_work, 100 * (step.hours + data.hours))

    def test_lines(self):
        audit = self.audit()
        line = audit.line_ids.filtered(lambda one: one.key == "odoo")
        self.assertEqual((line.value, line.detail, line.section),
                         (False, release.version, "system"))  # fmt: skip
        sections = {one.key: one.section for one in audit.line_ids}
        self.assertEqual(sections["module:crm_scenarios"], "own")
        self.assertEqual(sections["module:sale"], "modules")
        own = audit.line_ids.filtered(
            lambda one: one.section == "own" and one.key != "custom_modules"
        )
        self.assertEqual(self.value(audit, "custom_modules"), len(own))
        roles = audit.line_ids.filtered(lambda one: one.key.startswith("role:"))
        self.assertEqual(self.value(audit, "roles"), len(roles))
        group = self.env.ref("sales_team.group_sale_salesman")
        given = group.user_ids.filtered(lambda user: self.env.company in user.company_ids)
        self.assertEqual(self.value(audit, f"role:{group.id}"), len(given))
        self.assertFalse(audit.previous_date)
        self.assertEqual(audit.changed_count, 0)
        self.assertTrue(all(audit.line_ids.mapped("name")))

    def test_logins(self):
        audit = self.audit()
        self.seller.with_user(self.seller)._update_last_login()
        old = new_test_user(self.env, "programme_sleeper", "base.group_user")
        old.with_user(old)._update_last_login()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_users_log SET create_date = now() AT TIME ZONE 'UTC' - INTERVAL '60 days'"
            " WHERE create_uid = %s", [old.id],
        )  # fmt: skip
        later = self.audit()
        self.assertEqual(self.value(later, "users_30"), self.value(audit, "users_30") + 1)
        self.assertEqual(self.value(later, "users_90"), self.value(audit, "users_90") + 2)
        self.assertEqual(self.value(later, "users_never"), self.value(audit, "users_never") - 1)

    def test_compared(self):
        first = self.audit()
        cron = self.env.ref("crm_scenarios.ir_cron_deal_norms")
        cron.write({"failure_count": 3, "first_failure_date": "2026-01-02 03:04:05"})
        self.env["res.partner"].create(
            [{"name": "Without anything"},
             {"name": "Reached", "phone": "+3212345678",
              "industry_id": self.env["res.partner.industry"].search([], limit=1).id,
              "country_id": self.env.ref("base.be").id}]
        )  # fmt: skip
        second = self.audit()
        self.assertEqual(second.previous_date, first.date)
        found = {one.key: one for one in second.line_ids}
        self.assertEqual(found["contacts"].difference, 2)
        self.assertEqual(found["customers"].difference,
                         found["customers"].value - self.value(first, "customers"))  # fmt: skip
        self.assertEqual(found["incomplete"].difference, found["customers"].difference - 1)
        broken = found[f"cron:{cron.id}"]
        self.assertEqual((broken.value, broken.previous_value, broken.difference), (3, 0, 3))
        self.assertIn("2026", broken.detail)
        cron.failure_count = 0
        third = self.audit()
        gone = third.line_ids.filtered(lambda one: one.key == f"cron:{cron.id}")
        self.assertEqual((gone.value, gone.difference), (0, -3))
        # another programme of the company begins from its latest audit
        other = self.programme(user_id=self.seller.id)
        self.assertEqual(self.audit(other).previous_date, third.date)
        # without the latest, the figures are those of the one before
        third.with_user(self.seller).unlink()
        self.assertEqual(self.own.audit_figures, second.figures)

    def test_around(self):
        systems = self.env["crm.programme.system"].create(
            [{"programme_id": self.own.id, "name": name, "kind": kind, "quantity": quantity,
              "vendor_id": vendor}
             for name, kind, quantity, vendor in (
                 ("Warehouse", "software", 1, self.vendor.id), ("Bank", "service", 1, False),
                 ("Printers", "hardware", 12, False), ("Scanners", "hardware", 3, False))]
        )  # fmt: skip
        flow = self.env["crm.programme.interface"].create(
            {"programme_id": self.own.id, "name": "Stock", "source_id": systems[0].id,
             "user_id": self.seller.id}
        )  # fmt: skip
        self.assertEqual((flow.source_vendor_id, flow.target_vendor_id.ids), (self.vendor, []))
        figures = self.own.browse(self.audit().programme_id.id).audit_figures
        self.assertEqual(
            [figures[key] for key in ("systems", "devices", "interfaces")], [2, 15, 1]
        )
        with self.assertRaises(ValidationError):
            flow.write({"source_id": systems[1].id, "target_id": systems[1].id})
        copy = self.own.copy()
        self.assertEqual(copy.system_ids.mapped("name"), systems.mapped("name"))
        self.assertEqual(copy.interface_ids.source_id, copy.system_ids[0])
        self.assertEqual(copy.interface_ids.source_vendor_id, self.vendor)
        self.assertFalse(copy.audit_ids or copy.audit_figures)
        with self.assertRaises(ValidationError):
            flow.source_id = copy.system_ids[0]
        template = self.own.browse(self.own.action_save_template()["res_id"])
        self.assertFalse(template.interface_ids.user_id)
        with self.assertRaises(UserError):
            template.action_audit()
        self.own.unlink()
        self.assertFalse(systems.exists() or flow.exists())

    def test_step(self):
        step = self.step(self.own, "Audit", 8.0)
        action = step.with_user(self.seller).action_audit()
        self.assertEqual(step.audit_ids.id, action["res_id"])
        self.assertEqual(step.audit_ids.user_id, self.seller)

    def test_access(self):
        audit = self.audit()
        for user in (self.portal, self.colleague):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.own.with_user(user).action_audit()
                with self.assertRaises(AccessError):
                    audit.with_user(user).read(["figures"])
                with self.assertRaises(AccessError):
                    audit.line_ids.with_user(user).read(["value"])
        self.assertTrue(audit.with_user(self.seller).line_ids.mapped("value"))
        # nobody changes what was counted, nobody invents it
        for manager in (self.seller, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                audit.with_user(manager).write({"date": "2020-01-01"})
            with self.assertRaises(AccessError):
                self.env["crm.programme.audit"].with_user(manager).create(
                    {"programme_id": self.own.id}
                )
        with self.assertRaises(AccessError):
            self.env["crm.programme.system"].with_user(self.colleague).create(
                {"programme_id": self.own.id, "name": "Mine"}
            )

    def test_second_company(self):
        """Customers, users and documents are those of the programme's company."""
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids |= other
        own_there = self.env["res.users"].search_count(
            [("share", "=", False), ("company_ids", "in", other.id)]
        )
        self.env["crm.lead"].create(
            {"name": "Here", "type": "opportunity", "company_id": self.env.company.id}
        )
        there = self.env["crm.programme"].with_company(other).create(
            {"name": "There", "company_id": other.id, "date_start": "2026-05-04",
             "resource_calendar_id": other.resource_calendar_id.id}
        )  # fmt: skip
        before = self.audit(self.programme(), self.env.user)
        audit = self.audit(there, self.env.user)
        self.assertFalse(audit.previous_date)
        self.assertEqual(self.value(audit, "users"), own_there)
        leads = self.env["crm.lead"].search_count(
            [("company_id", "=", False), ("won_status", "=", "pending"),
             ("type", "=", "opportunity")]
        )  # fmt: skip
        self.assertEqual(self.value(audit, "opportunities"), leads)
        self.assertGreater(self.value(before, "opportunities"), leads)
        self.assertEqual(self.value(audit, "invoices"), 0)
        self.seller.company_ids = [Command.link(other.id)]
        there.user_id = self.seller
        both = self.seller.company_ids.ids
        one = there.with_user(self.seller).with_context(allowed_company_ids=both)
        self.assertTrue(one.audit_ids)
        with self.assertRaises(AccessError):
            audit.with_user(self.seller).with_context(
                allowed_company_ids=self.env.company.ids
            ).read(["figures"])
