"""Contacts of a segment as a file: who, in which form, by whom."""

import base64
import csv
import doctest
import hashlib
import importlib
import io

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, tagged

from ..lib import audience
from ..lib.audience import Contact, gather
from ..lib.audience_formats import FORMATS
from .common import SegmentsCase, UsersMixin

COUNTS = ("customers", "contacts", "emails", "phones")
LEFT_OUT = ("unreachable", "blacklisted", "opted_out", "duplicate")


def digest(text):
    return hashlib.sha256(text.encode("ascii")).hexdigest()


@tagged("post_install", "-at_install")
class TestAudienceLib(TransactionCase):
    def test_doctests(self):
        modules = [audience] + [
            importlib.import_module(f"{type(one).__module__}") for one in FORMATS.values()
        ]
        tried = {module: doctest.testmod(module) for module in modules}
        self.assertFalse([module for module, result in tried.items() if result.failed])
        self.assertGreater(tried[audience].attempted, 1)

    def test_rows_by_hand(self):
        """Columns, normal form and hash of each format, as its documentation has them."""
        row = ("John.Smith+News@GMail.com ", "+447911123456")
        digits = digest("447911123456")
        expected = {
            "google_ads": (
                ("Email", "Phone"), [digest("johnsmith@gmail.com"), digest("+447911123456")]
            ),
            "meta": (("email", "phone"), [digest("john.smith+news@gmail.com"), digits]),
            "yandex": (("phone", "email"), [digits, digest("john.smith+news@gmail.com")]),
        }  # fmt: skip
        for key, (header, cells) in expected.items():
            with self.subTest(format=key):
                form = FORMATS[key]
                self.assertEqual((form.header, form.cells(*row)), (header, cells))
                self.assertEqual(form.least, 100)
                self.assertTrue(form.source.startswith("https://"))
                self.assertEqual(form.cells(None, None), ["", ""])
        # published by the National Institute of Standards and Technology for "abc"
        self.assertEqual(
            FORMATS["meta"].cells("abc", None)[0],
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        )

    def test_each_address_once(self):
        def contact(number, email=None, phone=None, blacklisted=False, opted_out=False):
            return Contact(number, number // 10, email, phone, phone, blacklisted, opted_out)

        found = gather(
            [
                contact(10, "a.b@gmail.com", "+4911111111"),
                contact(11, "ab@gmail.com", "+4922222222"),  # the same address for Google
                contact(12, "ab@gmail.com", "+4911111111"),
                contact(20, "c@x.example", "+4911111111"),  # another customer at the same number
                contact(30, phone="030 1234"),
                contact(31, "d@x.example", blacklisted=True, opted_out=True),
                contact(32, "e@x.example", "+4933333333", opted_out=True),
            ],
            FORMATS["google_ads"],
        )
        self.assertEqual(
            found.people,
            [
                (10, "a.b@gmail.com", "+4911111111"),
                (11, None, "+4922222222"),
                (20, "c@x.example", None),
            ],
        )
        self.assertEqual((found.customers, found.emails, found.phones), (2, 2, 2))
        self.assertEqual(found.unusable, 1)
        self.assertEqual(
            found.left_out, {"duplicate": 1, "unreachable": 1, "blacklisted": 1, "opted_out": 1}
        )

    def test_no_formula_in_a_spreadsheet(self):
        content = audience.write_csv(
            ["a"], [["=1+1"], ["+49123"], ["+1-cmd"], ["@x"], ["Ёж"]], readable=True
        )
        self.assertEqual(
            content.decode("utf-8-sig").split("\r\n"),
            ["a", "'=1+1", "+49123", "'+1-cmd", "'@x", "Ёж", ""],
        )


@tagged("post_install", "-at_install")
class TestAudience(UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.users["own"].group_ids += cls.env.ref("base.group_allow_export")
        germany = cls.env.ref("base.de")
        cls.theirs.write({"email": "Info@Theirs.example", "phone": "030 901820",
                          "country_id": germany.id})  # fmt: skip
        cls.mine.write({"email": "mine@x.example", "country_id": germany.id})
        cls.env["res.partner"].create(
            [
                {"name": "Ann", "parent_id": cls.mine.id, "email": "ann@x.example",
                 "phone": "0171 1234567", "country_id": germany.id, "function": "=Boss"},
                {"name": "Same", "parent_id": cls.mine.id, "email": "Ann <ANN@x.example>"},
                {"name": "Wrong", "parent_id": cls.mine.id, "email": "no address", "phone": "1"},
                {"name": "Former", "parent_id": cls.mine.id, "email": "former@x.example",
                 "active": False},
            ]
        )  # fmt: skip

    def wizard(self, segments=None, login=None, **values):
        """:param segments: those whose contacts are exported, else both"""
        segments = segments or self.div.segment_ids
        model = self.env["crm.segment.audience"]
        model = self.as_user(login, model) if login else model
        return model.create(
            {"segment_ids": [Command.set(segments.ids)], "format": "meta", **values}
        )

    def counts(self, wizard):
        return tuple(wizard[name] for name in COUNTS), tuple(wizard[name] for name in LEFT_OUT)

    def rows(self, wizard):
        wizard.action_download()
        text = base64.b64decode(wizard.file).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text)))

    def test_counts(self):
        self.assertEqual(
            self.counts(self.wizard()), ((2, 3, 3, 2), (2, 0, 0, 1))
        )  # Free and Wrong have no address, Same has Ann's
        self.assertEqual(self.wizard().unusable, 1)
        self.assertEqual(
            self.counts(self.wizard(format="plain")), ((2, 4, 3, 3), (1, 0, 0, 1))
        )
        self.assertEqual(self.counts(self.wizard(self.big)), ((1, 1, 1, 1), (0, 0, 0, 0)))

    def test_readable(self):
        wizard = self.wizard(self.small, format="plain")
        header, *rows = self.rows(wizard)
        self.assertEqual(header[:4], ["Email", "Phone", "Company Name Entity", "Name"])
        self.assertEqual(
            [row[:5] for row in rows],
            [
                ["mine@x.example", "", "Mine", "Mine", ""],
                ["ann@x.example", "0171 1234567", "Mine", "Ann", "'=Boss"],
                ["", "1", "Mine", "Wrong", ""],
            ],
        )
        self.assertEqual(rows[1][6], "Germany")
        self.assertEqual(wizard.filename, "Small plain.csv")

    def test_hashed(self):
        wizard = self.wizard()
        header, *rows = self.rows(wizard)
        self.assertEqual(header, ["email", "phone"])
        self.assertCountEqual(
            rows,
            [
                [digest("mine@x.example"), ""],
                [digest("ann@x.example"), digest("491711234567")],
                [digest("info@theirs.example"), digest("4930901820")],
            ],
        )
        self.assertNotIn(b"@", base64.b64decode(wizard.file))

    def test_refusals_count(self):
        self.env["mail.blacklist"].create({"email": "ANN@x.example"})
        self.env["phone.blacklist"].create({"number": "+4930901820"})
        # with the address goes the number: Same shares it and is left out, too
        self.assertEqual(self.counts(self.wizard()), ((1, 1, 1, 0), (2, 3, 0, 0)))
        self.env["mail.blacklist"].search([]).active = False
        self.assertEqual(self.counts(self.wizard()), ((1, 2, 2, 1), (2, 1, 0, 1)))

    def test_only_who_is_in_now(self):
        self.stay(self.free, self.big, 90, 30)
        self.env["crm.segment.membership"]._pin(self.theirs, self.big, "out", "x")
        self.assertEqual(self.counts(self.wizard(self.big))[0], (0, 0, 0, 0))
        other = self.env["res.company"].create({"name": "B"})
        elsewhere = self.wizard(self.small).with_company(other)
        self.assertEqual(self.counts(elsewhere)[0], (0, 0, 0, 0))
        with self.assertRaisesRegex(UserError, "Nobody can be reached"):
            elsewhere.action_download()

    def test_too_few(self):
        with Form(self.wizard(format="plain")) as form:
            self.assertFalse(form.warning)
            form.format = "yandex"
            self.assertEqual(form.warning, "Yandex Audience works from 100 people on; these are 3.")
            self.assertTrue(form.hashed)

    def test_from_lists(self):
        members = self.current(self.div).filtered(lambda one: one.partner_id == self.mine)
        opened = self.env["crm.segment.audience"].with_context(
            active_model="crm.segment.membership", active_ids=members.ids
        )
        wizard = opened.create({"format": "meta"})
        self.assertEqual(wizard.segment_ids, self.small)
        self.assertEqual(self.counts(wizard)[0], (1, 2, 2, 1))
        opened = self.env["crm.segment.audience"].with_context(
            active_model="crm.segment", active_ids=self.big.ids
        )
        self.assertEqual(opened.create({}).segment_ids, self.big)

    # who may

    def test_only_with_the_right_to_export(self):
        wizard = self.wizard(login="marketer")
        with self.assertRaisesRegex(AccessError, "right to export"):
            wizard.action_download()
        self.users["marketer"].group_ids += self.env.ref("base.group_allow_export")
        self.assertEqual(len(self.rows(self.wizard(login="marketer"))), 4)

    def test_only_readable_contacts(self):
        """A rule on contacts holds for what is exported, too."""
        self.env["ir.rule"].create(
            {
                "name": "Own contacts",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('name', '!=', 'Theirs')]",
                "groups": [Command.link(self.env.ref("sales_team.group_sale_salesman").id)],
            }
        )
        wizard = self.wizard(login="own")
        self.assertEqual(self.counts(wizard)[0], (1, 2, 2, 1))
        self.assertNotIn("Theirs", str(self.rows(wizard)))

    def test_a_file_is_for_whoever_made_it(self):
        wizard = self.wizard(login="own")
        wizard.action_download()
        with self.assertRaises(AccessError):
            self.as_user("all", wizard).read(["file"])

    def test_noted(self):
        wizard = self.wizard(login="own", format="google_ads")
        wizard.action_download()
        [note] = self.env["crm.segment.export"].search([("segment_ids", "in", self.big.ids)])
        self.assertRecordValues(
            note,
            [{
                "create_uid": self.users["own"].id, "format": "google_ads", "customers": 2,
                "contacts": 3, "emails": 3, "phones": 2, "segment_names": "Big, Small",
                "company_id": self.company.id,
            }],
        )  # fmt: skip
        action = self.big.action_open_exports()
        self.assertEqual(self.env["crm.segment.export"].search(action["domain"]), note)
        self.div.unlink()
        self.assertEqual(note.segment_names, "Big, Small")
        with self.assertRaises(AccessError):
            self.as_user("marketer", note).unlink()

    def test_asks_as_often_for_many(self):
        """Set-based: ten times the customers, as many statements."""

        def statements():
            wizard = self.wizard(self.small)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertTrue(wizard.contacts)
            return self.cr.sql_log_count - before

        few = statements()
        for number in range(30):
            partner = self.customer(f"C{number}", email=f"c{number}@x.example")
            self.sale(partner, 5, 10)
        self.div.run()
        self.assertEqual(statements(), few)
