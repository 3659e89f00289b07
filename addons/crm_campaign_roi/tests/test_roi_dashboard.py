"""The dashboard: everything that it names exists, and what isn't known reads n/a."""

import json
from pathlib import Path
from unittest.mock import patch

import odoo.addons
from odoo.addons.spreadsheet.utils.validate_data import (
    fields_in_spreadsheet,
    menus_xml_ids_in_spreadsheet,
)
from odoo.tests import TransactionCase, tagged
from odoo.tools import config


@tagged("post_install", "-at_install")
class TestRoiDashboard(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dashboard = cls.env.ref("crm_campaign_roi.spreadsheet_dashboard_campaigns")
        cls.data = json.loads(cls.dashboard.spreadsheet_data)
        cls.cells = {
            (sheet["name"], address): content
            for sheet in cls.data["sheets"]
            for address, content in sheet["cells"].items()
        }

    def test_what_it_names_exists(self):
        for model, names in fields_in_spreadsheet(self.data).items():
            fields = self.env[model].fields_get()
            for name in names:
                self.assertIn(name.split(".")[0].split(":")[0], fields, model)
        for xmlid in menus_xml_ids_in_spreadsheet(self.data):
            self.assertTrue(self.env.ref(xmlid, raise_if_not_found=False), xmlid)

    def test_measures_of_the_pivots_can_be_read(self):
        for pivot in self.data["pivots"].values():
            specs = [one["id"] for one in pivot["measures"] if "computedBy" not in one]
            rows = self.env[pivot["model"]]._read_group(
                pivot["domain"], [one["fieldName"] for one in pivot["rows"]], specs
            )
            self.assertIsInstance(rows, list)

    def test_return_on_what_is_measured_stands_beside_the_other(self):
        """ROMI is a number with its limits, or the words n/a: no 0."""
        cards = {
            figure["data"]["title"]["text"]: figure["data"]
            for sheet in self.data["sheets"]
            for figure in sheet["figures"]
            if figure["data"]["type"] == "scorecard"
        }
        names = ["Spent", "Invoiced", "Margin", "ROI", "ROMI"]
        self.assertEqual(list(cards), names)
        for card, place in (("keyValue", "D6"), ("baseline", "E6")):
            self.assertEqual(cards["ROMI"][card], f"Data!{place}")
            self.assertRegex(self.cells["Data", place], r"^=IF\(ISNUMBER\(.*_t\(\"n.*\"\)\)$")
        self.assertIn("romi_low:avg", self.cells["Data", "E6"])

    def test_worst_campaigns_have_a_table_too(self):
        best, worst = (self.data["pivots"][number] for number in ("1", "5"))
        self.assertEqual(best["sortedColumn"]["measure"], "roi:avg")
        loss = next(one for one in worst["measures"] if "computedBy" in one)
        self.assertEqual(loss["aggregator"], "avg", "what isn't known is not 0")
        self.assertEqual(worst["sortedColumn"]["measure"], loss["id"])
        self.assertTrue(loss["isHidden"])

    def test_each_return_has_its_grade(self):
        """Beside each campaign, by grade, and in the chart: the rule is that of the report."""
        for number, first in (("1", 49), ("5", 65)):
            rows = [one["fieldName"] for one in self.data["pivots"][number]["rows"]]
            self.assertEqual(rows, ["campaign_id", "evidence"])
            for place in range(1, 13):
                cells = [self.cells["Dashboard", f"{one}{first + place - 1}"] for one in "ABG"]
                at = f'"#campaign_id", {place}'
                self.assertEqual(
                    cells,
                    [f"=PIVOT.HEADER({number}, {at})",
                     f'=PIVOT.HEADER({number}, {at}, "#evidence", 1)',
                     f'=PIVOT.VALUE({number}, "roi:avg", {at})'],
                )  # fmt: skip
        self.assertEqual(self.cells["Dashboard", "A80"], "=PIVOT(6, 6, FALSE, FALSE)")
        self.assertEqual(
            [one["fieldName"] for one in self.data["pivots"]["6"]["rows"]], ["evidence"]
        )
        charts = [one["data"] for sheet in self.data["sheets"] for one in sheet["figures"]]
        grouped = [one["metaData"]["groupBy"] for one in charts if one["type"] == "odoo_bar"]
        self.assertIn(["campaign_id", "evidence"], grouped)
        self.assertFalse([one for one in charts if "axesDesign" in one], "nobody translates them")

    def test_the_host_accepts_it(self):
        """With tests enabled the host refuses to load a dashboard that names what isn't there."""
        with patch.dict(config.options, test_enable=True):
            self.assertTrue(config["test_enable"])
            self.dashboard._check_spreadsheet_data()

    def test_sample(self):
        """What is shown while there are no figures has as many cards, and no formulas of data."""
        name = self.dashboard.sample_dashboard_file_path
        paths = [Path(folder) / name for folder in odoo.addons.__path__]
        sample = json.loads(next(path for path in paths if path.exists()).read_text())
        kinds = [one["data"]["type"] for one in sample["sheets"][0]["figures"]]
        self.assertEqual(kinds.count("scorecard"), 5)
        self.assertFalse(sample["pivots"])
