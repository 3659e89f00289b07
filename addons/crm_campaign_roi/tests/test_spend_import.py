"""Import of ad spend: what is recognised, what is in the way, what is written and taken back."""

import base64
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from . import spend_files


@tagged("post_install", "-at_install")
class TestSpendImport(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Advertiser"})
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.spend = cls.env["crm.campaign.spend"]
        cls.brand = cls.env["utm.campaign"].create({"title": "brand", "company_id": cls.company.id})
        for code in ("EUR", "USD", "RUB", "GBP"):
            cls.env.ref(f"base.{code}").active = True

    def upload(self, content, name="report.csv", **values):
        content = content if isinstance(content, bytes) else content.encode()
        return self.env["crm.campaign.spend.import"].create(
            {"file": base64.b64encode(content), "filename": name, "company_id": self.company.id,
             **values}
        )  # fmt: skip

    def rows(self):
        found = self.spend.search(
            [("company_id", "=", self.company.id)], order="date, external_campaign"
        )
        return [(str(row.date), row.external_campaign, row.cost, row.campaign_id) for row in found]

    def test_check_fills_what_was_recognised(self):
        """And writes nothing. The name is that of a campaign of ours, whatever its case."""
        one = self.upload(spend_files.GOOGLE)
        one.action_check()
        self.assertRecordValues(
            one,
            [{"state": "checked", "platform": "google_ads", "row_count": 3, "campaign_count": 2,
              "currency_id": self.env.ref("base.EUR").id, "unmatched_count": 1,
              "total_rows": 1124.75, "total_file": 1124.75,
              "first_date": date(2025, 10, 1), "last_date": date(2025, 10, 2)}],
        )  # fmt: skip
        self.assertIn("Google Ads", one.message)
        self.assertIn("Total Control (222)", one.unmatched)
        self.assertIn("Brand", one.preview_html)
        self.assertFalse(self.rows())

    def test_import_twice_and_corrected(self):
        """A file twice changes nothing; a corrected one changes its day; undo goes step by step."""
        none = self.env["utm.campaign"]
        expected = [
            ("2025-10-01", "111", 1024.5, self.brand), ("2025-10-01", "222", 0, none),
            ("2025-10-02", "111", 100.25, self.brand),
        ]  # fmt: skip
        first, again = self.upload(spend_files.GOOGLE), self.upload(spend_files.GOOGLE)
        first.action_import()
        self.assertEqual((first.state, first.new_count, first.changed_count), ("done", 3, 0))
        self.assertEqual(self.rows(), expected)
        again.action_import()
        self.assertEqual((again.new_count, again.changed_count), (0, 0))
        self.assertEqual(
            sorted(self.spend.search([("import_id", "=", first.id)]).mapped("clicks")), [0, 40, 350]
        )
        corrected = self.upload(
            spend_files.GOOGLE.replace("EUR,100.25", "EUR,90.25").replace("1,124.75", "1,114.75")
        )
        corrected.action_import()
        self.assertEqual((corrected.new_count, corrected.changed_count), (0, 1))
        self.assertEqual(self.rows()[2][2], 90.25)
        with self.assertRaisesRegex(UserError, "Undo it first"):
            first.action_undo()
        with self.assertRaisesRegex(UserError, "Undo the import"):
            corrected.unlink()
        corrected.action_undo()
        self.assertEqual(self.rows(), expected)
        first.action_undo()
        self.assertEqual((self.rows(), first.state), ([], "undone"))

    def test_campaigns_are_remembered(self):
        """By number, by name, then as somebody said, also for the next file."""
        by_number = self.env["utm.campaign"].create({"title": "222", "company_id": self.company.id})
        self.upload(spend_files.GOOGLE).action_import()
        self.assertEqual(self.rows()[1][3], by_number)
        other = self.env["utm.campaign"].create({"title": "Other", "company_id": self.company.id})
        self.spend.search(
            [("external_campaign", "=", "111"), ("company_id", "=", self.company.id)]
        ).campaign_id = other
        later = self.upload(spend_files.GOOGLE.replace("2025-10-", "2025-11-"))
        later.action_import()
        self.assertEqual(self.rows()[3][3], other)

    def test_wrong_total_imports_nothing(self):
        one = self.upload(spend_files.META.replace("100.00", "120.00"))
        one.action_check()
        self.assertEqual((one.state, one.total_rows, one.total_file), ("draft", 100, 120))
        self.assertIn("-20.00", one.message)
        with self.assertRaisesRegex(UserError, "-20.00"):
            one.action_import()
        self.assertFalse(self.rows())

    def test_several_days(self):
        """October over 31 days, to the cent, and marked; the last day takes what is left."""
        one = self.upload(spend_files.GOOGLE_RU.encode("utf-16"))
        one.action_check()
        self.assertEqual(one.state, "draft")
        self.assertIn("several days", one.message)
        one.spread_days = True
        one.action_import()
        found = self.spend.search([("import_id", "=", one.id)])
        self.assertEqual((len(found), set(found.mapped("is_spread"))), (62, {True}))
        self.assertAlmostEqual(sum(found.mapped("cost")), 13000)
        self.assertEqual(sum(found.mapped("impressions")), 1500)
        brand = found.filtered(lambda row: row.external_campaign == "Бренд")
        self.assertEqual({round(row.cost, 2) for row in brand}, {398.08, 398.09})  # 12,340.50 / 31

    def test_all_time_asks_for_the_period(self):
        text = spend_files.GOOGLE_RU.replace(
            "1 октября 2025 г. - 31 октября 2025 г.", "За все время"
        )
        one = self.upload(text.encode("utf-16"))
        one.action_check()
        self.assertIn("All time", one.message)
        one.write({"date_from": "2025-10-01", "date_to": "2025-10-02", "spread_days": True})
        one.action_import()
        self.assertEqual(len(self.rows()), 4)

    def test_vat(self):
        """1,834.70 with 20 % hold 1,528.92 of cost: 1,000.00 and 528.92."""
        one = self.upload(spend_files.YANDEX.encode("cp1251"))
        one.action_check()
        self.assertIn("VAT", one.message)
        one.vat_percent = 20
        one.action_import()
        self.assertEqual([row[2] for row in self.rows()], [1000, 528.92])
        self.assertEqual(one.total_rows, 1834.7)

    def test_mapping_is_remembered(self):
        one = self.upload(spend_files.OTHER)
        with self.assertRaisesRegex(UserError, "when, what, paid"):
            one.action_check()
        one.write({
            "platform_id": self.env["crm.campaign.platform"].create({"name": "Radio"}).id,
            "column_ids": [
                (0, 0, {"role": role, "header": header})
                for role, header in spend_files.OTHER_COLUMNS.items()
            ],
        })  # fmt: skip
        one.action_import()
        self.assertEqual([row[2] for row in self.rows()], [100.5, 99.5])
        later = self.upload(spend_files.OTHER.replace(".2025", ".2026"))
        later.action_check()
        self.assertEqual((later.state, later.platform_id.name), ("checked", "Radio"))

    def test_what_is_wrong_is_told(self):
        for content, text in (
            (spend_files.BROKEN["29 February"][0], "Line 3: no such day: 2025-02-29"),
            (spend_files.BROKEN["two currencies"][0], "EUR, USD"),
            (spend_files.BROKEN["without its end"][0], "cut"),
            (spend_files.META.replace("(USD)", "(XQX)"), "XQX"),
        ):
            one = self.upload(content)
            one.action_check()
            self.assertIn(text, one.message)
            self.assertEqual(one.state, "draft")
        with self.assertRaisesRegex(UserError, "neither CSV nor XLSX"):
            self.upload(b"\0" * 100).action_check()

    def test_who_may_import(self):
        """Marketing managers and accounting; nobody else, and not in another company."""
        one = self.upload(spend_files.GOOGLE)
        groups = {
            "manager": "crm_campaign_roi.group_roi_manager",
            "books": "account.group_account_invoice",
        }
        for login, group in groups.items():
            user = new_test_user(self.env, f"spend_{login}", group, company_id=self.company.id,
                                 company_ids=[(6, 0, self.company.ids)])  # fmt: skip
            one.with_user(user).action_check()
        marketer = new_test_user(
            self.env, "spend_marketer", "mass_mailing.group_mass_mailing_user",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )  # fmt: skip
        main = self.env.ref("base.main_company")
        elsewhere = new_test_user(
            self.env, "spend_elsewhere", "crm_campaign_roi.group_roi_manager",
            company_id=main.id, company_ids=[(6, 0, main.ids)],
        )  # fmt: skip
        for user in (marketer, elsewhere):
            with self.assertRaises(AccessError):
                one.with_user(user).with_context(
                    allowed_company_ids=user.company_ids.ids
                ).action_import()
