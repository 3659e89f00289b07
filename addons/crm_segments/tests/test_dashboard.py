"""The dashboard: everything that it names exists, and its figures are right."""

import json
import re
from datetime import timedelta
from pathlib import Path

import odoo.addons
from odoo.addons.spreadsheet.utils.validate_data import (
    fields_in_spreadsheet,
    menus_xml_ids_in_spreadsheet,
    odoo_charts,
    odoo_view_links,
)
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from .common import SegmentsCase, UsersMixin


def host_dashboard():
    with file_open("spreadsheet_dashboard_sale/data/files/sales_dashboard.json") as file:
        return json.load(file)


@tagged("post_install", "-at_install")
class TestDashboard(UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.company.crm_reporting_segmentation_id = cls.div
        cls.dashboard = cls.env.ref("crm_segments.spreadsheet_dashboard_segments")
        cls.data = json.loads(cls.dashboard.spreadsheet_data)

    # what it names

    def sources(self):
        """(model, fields to group by, domain, fields of filters) of pivots, charts and lists."""
        for one in self.data["pivots"].values():
            groups = [group["fieldName"] for group in one["rows"] + one["columns"]]
            yield one["model"], groups, one["domain"], one["fieldMatching"]
        for one in odoo_charts(self.data):
            yield (
                one["metaData"]["resModel"], one["metaData"]["groupBy"],
                one["searchParams"]["domain"], one["fieldMatching"],
            )  # fmt: skip
        for one in self.data["lists"].values():
            yield one["model"], [], one["domain"], one["fieldMatching"]

    def test_shape_of_the_hosts(self):
        host = host_dashboard()
        self.assertEqual(self.data["version"], host["version"])
        self.assertEqual(set(self.data), set(host))
        self.assertEqual(set(self.data["sheets"][0]), set(host["sheets"][0]))
        known = {name for one in host["pivots"].values() for name in one}
        for pivot in self.data["pivots"].values():
            self.assertLessEqual(set(pivot), known)

    def test_fields_exist(self):
        found = fields_in_spreadsheet(self.data)
        self.assertEqual(set(found), {"crm.customer.metrics", "crm.segment.membership"})
        for model, names in found.items():
            for name in names:
                with self.subTest(model=model, field=name):
                    self.assertTrue(self.field(model, name.split(":")[0]))
        for model, groups, _domain, matching in self.sources():
            for chain in groups + [one["chain"] for one in matching.values()]:
                with self.subTest(model=model, field=chain):
                    self.assertTrue(self.field(model, chain.split(":")[0]))

    def field(self, model, path):
        """The field at the end of a path."""
        for name in path.split("."):
            field = self.env[model]._fields[name]
            model = field.comodel_name
        return field

    def test_domains_and_groups_are_answered(self):
        for model, groups, domain, _matching in self.sources():
            with self.subTest(model=model, groups=groups):
                records = self.as_user("all", self.env[model])
                records.formatted_read_group(domain, groups, ["__count"])
                self.assertTrue(records.search_count(domain) >= 0)

    def test_menus_exist_and_open(self):
        menus = menus_xml_ids_in_spreadsheet(self.data)
        self.assertTrue(menus)
        for xmlid in menus:
            self.assertTrue(self.env.ref(xmlid).action, xmlid)

    def test_views_exist(self):
        views = odoo_view_links(self.data)
        self.assertEqual(len(views), 2)
        for view in views:
            action = view["action"]
            for _id, kind in action["views"]:
                if kind != "search":
                    self.assertTrue(
                        self.env["ir.ui.view"].search_count(
                            [("model", "=", action["modelName"]), ("type", "=", kind)]
                        ),
                        (action["modelName"], kind),
                    )
            self.env[action["modelName"]].search(action["domain"])

    def test_formulas_name_what_there_is(self):
        text = "\n".join(text for one in self.data["sheets"] for text in one["cells"].values())
        used = set(re.findall(r"PIVOT[.A-Z]*\((\d+)", text))
        self.assertEqual(used, set(self.data["pivots"]))
        names = set(re.findall(r'ODOO.LIST\(1, \d+, "(\w+)"', text))
        self.assertEqual(names, set(self.data["lists"]["1"]["columns"]))
        measures = {
            (number, measure["id"])
            for number, pivot in self.data["pivots"].items() for measure in pivot["measures"]
        }  # fmt: skip
        asked = set(re.findall(r'PIVOT.VALUE\((\d+), "([^"]+)"', text))
        self.assertLessEqual(asked, measures)

    def test_filtered_by_period_and_company(self):
        kinds = {one["label"]: one for one in self.data["globalFilters"]}
        self.assertEqual(set(kinds), {"Period", "Company"})
        company, period = kinds["Company"]["id"], kinds["Period"]["id"]
        self.assertEqual(kinds["Company"]["modelName"], "res.company")
        matched = [matching for _m, _g, _d, matching in self.sources()]
        self.assertTrue(all(one[company]["chain"] == "company_id" for one in matched))
        self.assertEqual(sum(period in one for one in matched), 4)

    def test_sample(self):
        folder = Path(odoo.addons.crm_segments.__file__).parent.parent
        sample = json.loads((folder / self.dashboard.sample_dashboard_file_path).read_text())
        self.assertEqual(sample["version"], self.data["version"])
        self.assertFalse(sample["pivots"] or sample["lists"])
        ids, shown = (
            {one["id"] for one in data["sheets"][0]["figures"]} for data in (self.data, sample)
        )
        self.assertEqual(shown, ids)

    def test_who_sees_it(self):
        manager = new_test_user(self.env, "seg_boss", groups="sales_team.group_sale_manager")
        self.users["boss"] = manager
        self.assertTrue(self.as_user("boss", self.dashboard).spreadsheet_data)
        for login in ("own", "all", "marketer"):
            with self.subTest(login=login), self.assertRaises(AccessError):
                self.as_user(login, self.dashboard).read(["name"])

    # its figures

    def domains(self, name):
        [pivot] = [one for one in self.data["pivots"].values() if one["name"] == name]
        return Domain(pivot["domain"])

    def test_revenue_by_segment(self):
        [pivot] = [one for one in self.data["pivots"].values() if one["name"] == "Segments"]
        rows = self.metrics.formatted_read_group(
            pivot["domain"], ["segment_id"], [one["id"] for one in pivot["measures"]]
        )
        told = {row["segment_id"][1]: (row["__count"], row["revenue_12m:sum_currency"])
                for row in rows}  # fmt: skip
        self.assertEqual(told, {"Big": (1, 300), "Small": (2, 300)})
        # who is placed and has bought nothing is no buyer
        self.metrics.search([("partner_id", "=", self.free.id)]).purchase_count = 0
        self.assertEqual(self.metrics.search_count(self.domains("Segments")), 2)

    def test_customers_at_risk(self):
        rows = self.metrics.search([("partner_id", "in", self.ours.ids)])
        self.assertFalse(self.metrics.search(self.domains("Revenue at risk")) & rows)
        risky, lost, fine = rows
        risky.write({"risk_date": self.ago(1), "lost_date": self.today})
        lost.write({"risk_date": self.ago(9), "lost_date": self.ago(1)})
        fine.write({"risk_date": self.today, "lost_date": self.today + timedelta(9)})
        self.assertEqual(self.metrics.search(self.domains("Revenue at risk")) & rows, risky)

    def test_customers_in_a_segment(self):
        members = self.env["crm.segment.membership"].search(self.domains("Customers in a segment"))
        self.assertEqual(members.partner_id, self.ours)
        self.free.active = False
        self.env["crm.segment.membership"]._pin(self.mine, self.small, "out", "x")
        members = members.search(self.domains("Customers in a segment"))
        self.assertEqual(members.partner_id, self.theirs)

    def test_joined(self):
        """Neither the first day of the segmentation, nor where the computed past ends."""
        self.env["crm.segment.membership"].search([]).unlink()
        big, small = self.big, self.small
        self.stay(self.mine, small, 90, 60, origin="backfill")  # the first day
        self.stay(self.mine, small, 60, 30)  # goes on
        came = self.stay(self.mine, big, 30)
        new = self.stay(self.free, big, 60, origin="backfill")
        self.stay(self.theirs, big, 20, pinned="out")
        other = self.rules({"X": "[]"})
        self.stay(self.mine, other.segment_ids, 10)
        joined = self.env["crm.segment.membership"].search(self.domains("Joined"))
        self.assertEqual(joined, came | new)
        self.assertEqual(came.read(["is_leading", "is_join", "is_leave"])[0],
                         {"id": came.id, "is_leading": True, "is_join": True, "is_leave": False})
        [chart] = [one for one in odoo_charts(self.data)
                   if one["metaData"]["groupBy"][0] == "date_to:month"]  # fmt: skip
        left = joined.search(chart["searchParams"]["domain"])
        self.assertEqual(left.mapped("date_to"), [self.ago(30)])

    # the segment beside the figures

    def test_segment_is_that_of_the_row(self):
        other = self.env["res.company"].create({"name": "B"})
        theirs = self.rules({"There": "[]"}, name="There", company_id=other.id)
        other.crm_reporting_segmentation_id = theirs
        self.metrics.create({"partner_id": self.mine.id, "company_id": other.id})
        self.stay(self.mine, theirs.segment_ids, 3, company_id=other.id)
        both = self.metrics.with_context(allowed_company_ids=[self.company.id, other.id])
        rows = both.search([("partner_id", "=", self.mine.id)], order="company_id")
        self.assertEqual(rows.segment_id, self.small | theirs.segment_ids)
        rows = both.search([("partner_id", "in", self.ours.ids)])
        for domain, expected in (
            ([("segment_id", "=", self.big.id)], self.theirs),
            ([("segment_id", "in", [self.big.id, theirs.segment_ids.id])], self.theirs | self.mine),
            ([("segment_id", "ilike", "big")], self.theirs),
            ([("segment_id.name", "=", "Big")], self.theirs),
            ([("segment_id", "!=", self.big.id)], self.mine | self.free),
            ([("segment_id", "=", False)], self.env["res.partner"]),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(rows.filtered_domain([]).search(
                    [("id", "in", rows.ids), *domain]).partner_id, expected)  # fmt: skip
        self.company.crm_reporting_segmentation_id = self.rules({"Empty": "[('id', '=', 0)]"})
        self.env.invalidate_all()
        found = self.metrics.search(
            [("partner_id", "in", self.ours.ids), ("segment_id", "=", False)]
        )
        self.assertEqual(found.partner_id, self.ours)
