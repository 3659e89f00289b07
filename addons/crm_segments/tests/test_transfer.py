"""Segmentations as a file: out, away, and in again."""

import base64
import json
import re

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import SegmentsCase, UsersMixin

SHIPPED = ("lifecycle", "rfm", "abc", "volume", "industry")


class TransferMixin:
    def exported(self, segmentation):
        """The content of the file as data."""
        return json.loads(segmentation._export_file())

    def import_data(self, data):
        return self.env["crm.segmentation"]._import_file(json.dumps(data).encode())

    def with_references(self):
        """A segmentation with every kind of reference."""
        env = self.env
        self.industry = env["res.partner.industry"].create({"name": "Deep-sea mining"})
        self.tag = env["res.partner.category"].create(
            {"name": "Key", "parent_id": env["res.partner.category"].create({"name": "Size"}).id}
        )
        self.seller = env["res.users"].create({"name": "Sam Seller", "login": "sam_seller"})
        other = self.rules({"Elsewhere": "[]"}, name="Another")
        germany = env.ref("base.de")
        rules = {
            "Own record": f"[('industry_id', 'in', [{self.industry.id}])]",
            "Shipped record": f"['|', ('country_id', '=', {germany.id}), ('country_id', '=', False)]",
            "Tree": f"[('category_id', 'child_of', [{self.tag.id}])]",
            "Salesperson": f"[('user_id', '=', {self.seller.id}), ('name', 'ilike', 'a')]",
            "Path": f"[('parent_id.industry_id.id', '!=', {self.industry.id})]",
            "Related": f"[('child_ids', 'any', [('country_id', 'in', ({germany.id},))])]",
            "Segment": f"[('segment_ids', 'in', {other.segment_ids.ids})]",
            "Dates": "[('create_date', '>=', (context_today() - relativedelta(days=30))"
            ".strftime('%Y-%m-%d')), ('last_purchase_date', '<', '-90d')]",
            "Figures": "[('revenue_12m', '>', 1000.5), ('is_company', '=', True)]",
        }
        div = self.rules(
            rules, name="Everything", minimum_stay_days=7, exclusive=False, description="All kinds",
            domain=f"[('country_id', '!=', {germany.id})]",
        )  # fmt: skip
        by_name = {segment.name: segment for segment in div.segment_ids}
        by_name["Figures"].include_segment_ids = by_name["Tree"] | other.segment_ids
        by_name["Figures"].exclude_segment_ids = by_name["Path"]
        by_name["Own record"].lead_domain = f"[('country_id', '=', {germany.id})]"
        by_name["Own record"].domain = (
            f"['&', ('segment_ids', 'in', [{by_name['Dates'].id}]), {rules['Own record'][1:]}"
        )
        div.update_field_translations("name", {"en_US": "Everything"})
        return div


@tagged("post_install", "-at_install")
class TestTransfer(TransferMixin, SegmentsCase):
    def test_out_and_in_again(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        shipped = self.env["crm.segmentation"].browse()
        for name in SHIPPED:
            shipped |= self.env.ref(f"crm_segments.segmentation_{name}")
        self.customer("Ann", industry_id=self.env.ref("base.res_partner_industry_A").id)
        self.run_done(shipped[-1])  # segments of values
        everything = self.with_references()
        everything.update_field_translations("name", {"ru_RU": "Всё"})
        everything.segment_ids[0].update_field_translations("name", {"ru_RU": "Своё"})
        for div in shipped | everything:
            with self.subTest(div.name):
                data, name = self.exported(div), div.name
                self.assertNotIn('"id"', json.dumps(data))
                div.unlink()
                again = self.import_data(data)
                self.assertFalse(again.enabled)
                self.assertEqual(again.name, name)
                self.assertEqual(self.exported(again), data)
                again.enabled = True
                self.run_done(again)

    def test_what_the_file_says(self):
        [data] = self.exported(self.with_references())["segmentations"]
        segments = {one["name"]["en_US"]: one for one in data["segments"]}
        self.assertEqual(
            segments["Own record"]["domain"],
            [
                "&",
                ["segment_ids", "in", [{"model": "crm.segment", "own": True, "name": "Dates"}]],
                ["industry_id", "in",
                 [{"model": "res.partner.industry", "name": "Deep-sea mining"}]],
            ],
        )  # fmt: skip
        self.assertEqual(
            segments["Shipped record"]["domain"][1],
            ["country_id", "=",
             {"model": "res.country", "xmlid": "base.de", "code": "DE", "name": "Germany"}],
        )  # fmt: skip
        self.assertEqual(
            segments["Tree"]["domain"][0][2],
            [{"model": "res.partner.category", "name": "Key", "path": "Size / Key"}],
        )
        self.assertEqual(
            segments["Salesperson"]["domain"][0][2],
            {"model": "res.users", "code": "sam_seller", "name": "Sam Seller"},
        )
        self.assertEqual(
            segments["Figures"]["include_segment_ids"],
            [{"model": "crm.segment", "segmentation": "Another", "name": "Elsewhere"},
             {"model": "crm.segment", "own": True, "name": "Tree"}][::-1],
        )  # fmt: skip
        self.assertEqual(data["minimum_stay_days"], 7)
        self.assertNotIn("company_id", data)

    def test_everything_that_is_missing_is_named_at_once(self):
        div = self.with_references()
        data = self.exported(div)
        div.unlink()
        self.industry.unlink()
        self.tag.copy({"parent_id": self.tag.parent_id.id, "name": "Key"})
        self.env["crm.segmentation"].search([("name", "=", "Another")]).unlink()
        data["segmentations"][0]["segments"][8]["domain"].append(["shoe_size", ">", 3])
        before = self.env["crm.segmentation"].search_count([])
        with self.assertRaises(ValidationError) as caught:
            self.import_data(data)
        text = caught.exception.args[0]
        for part in (
            "Own record: Industry “Deep-sea mining”", "Path: Industry “Deep-sea mining”",
            "Tree: Partner Tags “Size / Key”, of which there are several",
            "Segment: Customer Segment “Another: Elsewhere”",
            "Figures: Customer Segment “Another: Elsewhere”",
            "Figures: the unknown field “shoe_size”",
        ):  # fmt: skip
            self.assertIn(part, text)
        self.assertEqual(text.count("•"), 6, text)
        self.assertEqual(self.env["crm.segmentation"].search_count([]), before)

    def test_external_ids_of_one_database_are_not_trusted(self):
        record = self.env["res.partner.industry"].create({"name": "Exported once"})
        self.env["ir.model.data"].create(
            {"module": "__export__", "name": "x_1", "model": record._name, "res_id": record.id}
        )
        div = self.rules({"A": f"[('industry_id', '=', {record.id}), ('user_id', '=', 2)]"})
        text = json.dumps(self.exported(div))
        self.assertNotIn("__export__", text)
        self.assertNotIn("base.user_admin", text)

    def test_taken_names_get_a_number(self):
        div = self.rules({"A": "[]"}, name="Mine")
        data = self.exported(div)
        self.assertEqual(self.import_data(data).name, "Mine (2)")
        self.assertEqual(self.import_data(data).name, "Mine (3)")

    def test_several_in_one_file_whatever_the_order(self):
        first = self.rules({"Base": "[]"}, name="First")
        second = self.rules({"Built": "[]"}, name="Second")
        second.segment_ids.include_segment_ids = first.segment_ids
        data = self.exported(second | first)
        (second | first).unlink()
        imported = self.import_data(data)
        self.assertEqual(set(imported.mapped("name")), {"First", "Second"})
        built = imported.segment_ids.filtered(lambda one: one.name == "Built")
        self.assertEqual(built.include_segment_ids.name, "Base")

    def test_one_company_stays_one_company(self):
        data = self.exported(self.rules({"A": "[]"}, name="Ours", company_id=self.company.id))
        other = self.env["res.company"].create({"name": "Second Company"})
        imported = (
            self.env["crm.segmentation"]
            .with_company(other)
            ._import_file(json.dumps(data).encode())
        )
        self.assertEqual(imported.company_id, other)

    def test_archived_segments_stay_behind(self):
        div = self.rules({"A": "[]", "B": "[]"})
        div.segment_ids[1].active = False
        [data] = self.exported(div)["segmentations"]
        self.assertEqual([one["name"]["en_US"] for one in data["segments"]], ["A"])

    def test_rules_on_records_that_are_gone_are_not_exported(self):
        industry = self.env["res.partner.industry"].create({"name": "X"})
        div = self.rules({"A": f"[('industry_id', '=', {industry.id})]"}, name="Broken")
        industry.unlink()
        with self.assertRaisesRegex(ValidationError, "Broken.*no longer exist.*Industry"):
            div._export_file()

    def test_other_files_are_refused_in_words(self):
        good = self.exported(self.rules({"A": "[]"}))
        [definition] = good["segmentations"]
        [segment] = definition["segments"]

        def changed(**values):
            return {**good, "segmentations": [{**definition, **values}]}

        wrong = {
            "can't be read": b"\x89PNG\r\n",
            "no export": {"format": "other"},
            "newer version": {**good, "version": 99},
            "damaged: “segmentations”": {**good, "segmentations": []},
            "“segmentations: name”": changed(name="Plain"),
            "“segments”": changed(segments={"a": 1}),
            "“segments: name”": changed(segments=[{"domain": []}]),
            "the unknown field “shoes”": changed(shoes=1),
            "Method: “magic”": changed(method="magic"),
            "Minimum Stay.*“many”": changed(minimum_stay_days="many"),
            "Exclusive: “1”": changed(exclusive=1),
            "the number 3 of “industry_id”": changed(domain=[["industry_id", "=", 3]]),
            "a rule that can't be read": changed(domain=[["name"]]),
            "the unknown field “size”": changed(segments=[{**segment, "size": 1}]),
            "can't be used": changed(segments=[{**segment, "domain": [["name", "??", 1]]}]),
            "unknown name “os”": changed(
                segments=[{**segment, "domain": [["name", "=", {"python": "os.getcwd()"}]]}]
            ),
        }
        for text, content in wrong.items():
            content = content if isinstance(content, bytes) else json.dumps(content).encode()
            with self.subTest(text), self.assertRaisesRegex(UserError, re.compile(text)):
                self.env["crm.segmentation"]._import_file(content)

    def test_wizard(self):
        div = self.rules({"A": "[]"}, name="Mine")
        content = base64.b64encode(div._export_file())
        wizard = self.env["crm.segmentation.transfer"].create({"file": content})
        action = wizard.action_import()
        self.assertEqual(self.env["crm.segmentation"].browse(action["res_id"]).name, "Mine (2)")
        with self.assertRaisesRegex(UserError, "Choose a file"):
            self.env["crm.segmentation.transfer"].create({}).action_import()


@tagged("post_install", "-at_install")
class TestTransferAccess(TransferMixin, UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()

    def test_export_is_for_those_who_read_definitions(self):
        for login in ("own", "reader", "plain", "portal"):
            with self.subTest(login), self.assertRaises(AccessError):
                self.as_user(login, self.div).action_export()
        for login in ("all", "marketer"):
            with self.subTest(login):
                action = self.as_user(login, self.div).action_export()
                self.assertIn("/Test.json?download=true", action["url"])

    def test_import_is_for_managers(self):
        content = self.div._export_file()
        for login in ("own", "all", "reader", "accountant", "portal"):
            with self.subTest(login), self.assertRaises(AccessError):
                self.as_user(login, self.env["crm.segmentation"])._import_file(content)
        imported = self.as_user("marketer", self.env["crm.segmentation"])._import_file(content)
        self.assertEqual(imported.sudo().name, "Test (2)")


@tagged("post_install", "-at_install")
class TestTransferDownload(TransferMixin, HttpCase):
    def test_download(self):
        self.authenticate("admin", "admin")
        volume = self.env.ref("crm_segments.segmentation_volume")
        action = volume.with_user(self.env.ref("base.user_admin")).action_export()
        response = self.url_open(action["url"])
        self.assertEqual(response.status_code, 200)
        self.assertIn("Order volume.json", response.headers["Content-Disposition"])
        self.assertEqual(response.json(), self.exported(volume))
