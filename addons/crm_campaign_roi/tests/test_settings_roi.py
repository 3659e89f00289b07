"""Settings of the company, and what a new company starts with."""

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError


@tagged("post_install", "-at_install")
class TestSettings(TransactionCase):
    def test_new_company(self):
        company = self.env["res.company"].create({"name": "New"})
        self.assertEqual(company.crm_roi_lookback_days, 90)
        self.assertEqual(company.crm_roi_ignored_kind_ids.mapped("code"), ["sent"])
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            company.crm_roi_lookback_days = 0
            company.flush_recordset()

    def test_marketing_may_be_kept_from_money(self):
        user, figures = (
            self.env.ref(f"crm_campaign_roi.group_roi_{name}") for name in ("user", "figures")
        )
        self.env["res.config.settings"].create({"group_roi_figures": False}).execute()
        self.assertNotIn(figures, user.all_implied_ids)
        books = self.env.ref("account.group_account_readonly")
        self.assertIn(figures, books.all_implied_ids)
