"""A negative control: in the deals of a file that has no pattern none is found."""

import csv
import os
from datetime import date
from pathlib import Path
from unittest import SkipTest

from odoo.addons.crm_segments.tests.common import SegmentsCase
from odoo.tests import tagged

from .common_deals import DealsMixin

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("REAL_DATA", ROOT.parent / "shared" / "data")) / "maven_crm"


def _rows(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@tagged("post_install", "-at_install")
class TestDealPatternMaven(DealsMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        if not DATA.is_dir():
            raise SkipTest(f"the real data is not there: {DATA}")
        super().setUpClass()
        cls.set_up_deals()

    def test_nothing_is_found(self):
        """6,711 deals through the host's import: product as source, office as sales team."""
        offices = {one["sales_agent"]: one["regional_office"] for one in _rows("sales_teams")}
        deals = [one for one in _rows("sales_pipeline") if one["deal_stage"] in ("Won", "Lost")]
        sources = self._named("utm.source", {one["product"] for one in deals})
        teams = self._named("crm.team", set(offices.values()))
        names = (
            "name", "type", "stage_id/.id", "probability", "active", "source_id/.id", "team_id/.id",
        )  # fmt: skip
        values = []
        for one in deals:
            won = one["deal_stage"] == "Won"
            stage = self.won_stage if won else self.stage
            values.append(
                [
                    one["opportunity_id"], "opportunity", stage.id,
                    "100" if won else "0", "1" if won else "0", sources[one["product"]],
                    teams[offices[one["sales_agent"]]],
                ]
            )  # fmt: skip
        loaded = self.Lead.load(names, [list(map(str, row)) for row in values])
        self.assertFalse(loaded["messages"])
        self._date(loaded["ids"], deals)
        self.env["crm.deal.pattern"]._rebuild(self.company)
        study = self.env["crm.deal.study"].search(
            [("company_id", "=", self.company.id), ("segment_id", "=", False)]
        )
        lived = [one for one in deals if self._days(one) >= 14]
        self.assertEqual(study.deals, len(lived))
        self.assertEqual(study.won, sum(one["deal_stage"] == "Won" for one in lived))
        self.assertGreaterEqual(study.tests, 9)
        self.assertEqual(study.found, 0)
        self.assertLess(study.detectable, 1.15)

    def _named(self, model, names):
        records = self.env[model].create([{"name": name} for name in sorted(names)])
        return {name: one.id for name, one in zip(sorted(names), records, strict=True)}

    @staticmethod
    def _days(deal):
        start, end = (date.fromisoformat(deal[name]) for name in ("engage_date", "close_date"))
        return (end - start).days

    def _date(self, ids, deals):
        self.env.flush_all()
        self.env.cr.execute_values(
            "UPDATE crm_lead l SET create_date = v.start::timestamp,"
            " date_closed = v.finish::timestamp FROM (VALUES %s) v (id, start, finish)"
            " WHERE l.id = v.id",
            [(lead, one["engage_date"], one["close_date"])
             for lead, one in zip(ids, deals, strict=True)],
        )  # fmt: skip
        self.env.invalidate_all()
