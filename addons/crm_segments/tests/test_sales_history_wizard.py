"""The import wizard, and who sees the imported lines."""

import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2.errors import DiskFull

from .common_history import HEADER, SalesHistoryCase


@tagged("post_install", "-at_install")
class TestSalesHistoryWizard(SalesHistoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "hist-manager", groups="base.group_user,crm_segments.group_segments_manager"
        )
        cls.user = new_test_user(
            cls.env, "hist-user", groups="base.group_user,crm_segments.group_segments_user"
        )

    def wizard(self, *lines, header=HEADER, user=None):
        Wizard = self.env["crm.sales.history.import"].with_user(user or self.manager)
        form = Form(Wizard.with_context(default_source_id=self.source.id))
        form.file = base64.b64encode("\n".join([header, *lines]).encode())
        return form

    def test_columns_are_shown(self):
        form = self.wizard("A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50")
        with form.column_ids.edit(2) as line:
            self.assertEqual(
                (line.name, line.role, line.example), ("Customer code", "customer_id", "17")
            )

    def test_dry_run_writes_nothing(self):
        wizard = self.wizard(
            "A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50",
            "A2,2011-02-03,,,,,,P1,Pen,3,2.50",
            "A3,never,17,Ann,,,,P1,Pen,3,2.50",
        ).save()
        tables = ("res.partner", "crm.sales.history", "crm.sales.identity", "product.product")
        counts = [self.env[name].search_count([]) for name in tables]
        wizard.action_check()
        self.assertEqual([self.env[name].search_count([]) for name in tables], counts)
        self.assertFalse(self.source.mapping)
        self.assertEqual((wizard.lines_read, wizard.lines_new, wizard.lines_rejected), (3, 1, 2))
        self.assertEqual((wizard.customers, wizard.matched_new), (1, 1))
        self.assertEqual(wizard.total_ids.mapped("amount"), [7.5])
        self.assertEqual(
            sorted((line.name, line.count, line.rows) for line in wizard.reject_ids),
            [("No customer", 1, "3"), ("Unreadable date", 1, "4")],
        )
        content = base64.b64decode(wizard.rejected_file).decode("utf-8-sig")
        self.assertEqual(
            content.splitlines(), ["Row,Reason,Value", "3,No customer,", "4,Unreadable date,never"]
        )

    def test_full_disk(self):
        """It is said in words, and the transaction goes on without what was begun."""
        wizard = self.wizard("A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50").save()
        Engine = self.env.registry["crm.sales.history.import.engine"]
        run = Engine._run

        def fill(*args):
            run(*args)
            raise DiskFull

        with patch.object(Engine, "_run", fill), self.assertRaisesRegex(UserError, "disk"):
            wizard.action_import()
        self.assertFalse(self.source.line_count)
        wizard.action_import()
        self.source.invalidate_recordset(["line_count"])
        self.assertEqual(self.source.line_count, 1)

    def test_import_and_mapping_saved(self):
        """A manager of segments without sales rights imports; the next file needs no mapping."""
        header = "Beleg,Tag,Kunde,Summe"
        form = self.wizard("A1,2011-02-03,17,5", header=header)
        for index, role in enumerate(("document", "date", "customer_id", "amount")):
            with form.column_ids.edit(index) as line:
                line.role = role
        wizard = form.save()
        wizard.action_check()
        action = wizard.action_import()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(self.amounts(), [("A1", 1, 5)])
        self.assertEqual(self.source.mapping["columns"]["customer_id"], "Kunde")
        self.run_import("A2,2011-02-04,17,6", header=header)
        self.assertEqual(self.amounts(), [("A1", 1, 5), ("A2", 1, 6)])

    def test_layout_changed_is_recognised_anew(self):
        self.source.mapping = {"columns": {"customer_id": "Kunde"}}
        self.run_import("A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50")
        self.assertEqual(self.amounts(), [("A1", 1, 7.5)])

    def test_unreadable_file_warns(self):
        form = self.wizard()
        with self.assertLogs("odoo.tests.form", "WARNING") as logs:
            form.file = base64.b64encode(b"%PDF\x00\x00\x00")
        self.assertIn("neither CSV nor XLSX", logs.output[0])

    def test_no_line_below_the_header(self):
        """Said as soon as the file is chosen, and when it is checked all the same."""
        with self.assertLogs("odoo.tests.form", "WARNING") as logs:
            form = self.wizard()
        self.assertIn("no line below its header", logs.output[0])
        with self.assertRaisesRegex(UserError, "no line below its header"):
            form.save().action_check()

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_users_do_not_import(self):
        with self.assertRaises(AccessError):
            self.env["crm.sales.history.import"].with_user(self.user).create(
                {"source_id": self.source.id, "file": base64.b64encode(b"a")}
            )

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_source_of_another_company(self):
        other = self.env["res.company"].create({"name": "B"})
        wizard = self.wizard("A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50").save()
        self.source.company_id = other
        with self.assertRaises(AccessError):
            wizard.action_import()

    def test_who_sees_the_money(self):
        self.run_import(
            "A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50", "A2,2011-02-03,18,Bob,,,,P1,Pen,1,1"
        )
        own = new_test_user(self.env, "hist-own", groups="sales_team.group_sale_salesman")
        everyone = new_test_user(
            self.env, "hist-all", groups="sales_team.group_sale_salesman_all_leads"
        )
        self.history()[0].partner_id.user_id = everyone
        History = self.env["crm.sales.history"]
        domain = [("source_id", "=", self.source.id)]
        self.assertEqual(History.with_user(own).search(domain).mapped("document"), ["A2"])
        self.assertEqual(History.with_user(everyone).search_count(domain), 2)
        with self.assertRaises(AccessError):
            History.with_user(self.manager).search(domain)
