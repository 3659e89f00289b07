"""Backtest: what rules would have given, by hand and as the past would be stored."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..models import crm_segmentation_backtest
from .common import SegmentsCase, UsersMixin
from .common_past import PastMixin
from .test_preview import PreviewMixin


class BacktestMixin(PreviewMixin, PastMixin):
    """Ann buys 60 before e1 and 60 before e2, Bob 500 at e3."""

    @classmethod
    def set_up_buyers(cls):
        cls.set_up_past()
        cls.ann, cls.bob = cls.old_customer("Ann"), cls.old_customer("Bob")
        cls.sale(cls.ann, cls.e1 - timedelta(3), 60)
        cls.sale(cls.ann, cls.e2 - timedelta(3), 60)
        cls.sale(cls.bob, cls.e3, 500)
        cls.metrics.refresh(cls.ann | cls.bob, cls.company)
        cls.population = f"[('id', 'in', {(cls.ann | cls.bob).ids})]"
        cls.div = cls.rules(
            {"Big": "[('revenue_total', '>', 100)]", "Small": "[('revenue_total', '>', 0)]"},
            domain=cls.population,
        )
        cls.big, cls.small = cls.div.segment_ids

    def members(self, result):
        return {row["name"]: row["members"] for row in result["segments"]}

    def backtest(self, segmentation, vals=None, months=3):
        result = segmentation.backtest(vals, months)
        self.assertEqual(result["days"], [str(day) for day in (*self.ends[-months:], self.today)])
        self.assertGreaterEqual(result["seconds"], 0)
        return result

    def rule(self, segment, domain):
        return {"segment_ids": [Command.update(segment.id, {"domain": domain})]}


@tagged("post_install", "-at_install")
class TestBacktest(BacktestMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_segments()
        cls.set_up_buyers()

    def assert_as_stored(self, result, segmentation):
        """The past that is stored with the same rules has the same members."""
        self.played(segmentation)
        for row in result["segments"]:
            past = [one for one in self.past_rows(segmentation) if one.segment_id.id == row["id"]]
            counts = [sum(one.date_from <= day < one.date_to for one in past) for day in self.ends]
            now = sum(one.segment_id.id == row["id"] for one in self.current(segmentation))
            self.assertEqual(row["members"], [*counts, now], row["name"])

    def test_by_hand(self):
        """e1: Ann small with 60. e2: Ann big with 120. e3 and today: both are big."""
        result = self.backtest(self.div)
        self.assertEqual(self.members(result), {"Big": [0, 1, 2, 2], "Small": [1, 0, 0, 0]})
        self.assertEqual(
            {row["name"]: row["revenue"] for row in result["segments"]},
            {"Big": [0, 120, 620, 620], "Small": [60, 0, 0, 0]},
        )
        self.assertEqual(result["currency_id"], self.company.currency_id.id)
        self.assert_as_stored(result, self.div)

    def test_a_changed_rule(self):
        """Big from 500 on: Ann stays small, Bob comes at e3."""
        vals = self.rule(self.big, "[('revenue_total', '>=', 500)]")
        result = self.backtest(self.div, vals)
        self.assertEqual(self.members(result), {"Big": [0, 0, 1, 1], "Small": [1, 1, 1, 1]})
        self.div.write(vals)
        self.assert_as_stored(result, self.div)

    def test_in_use_for_long(self):
        """What is stored of the past counts for nothing: these rules weren't there."""
        self.stay(self.bob, self.small, (self.today - self.e1).days + 5)
        self.assertEqual(self.members(self.backtest(self.div))["Small"], [1, 0, 0, 0])

    def test_months(self):
        result = self.backtest(self.div, months=1)
        self.assertEqual(self.members(result), {"Big": [2, 2], "Small": [0, 0]})
        for months in (0, 121, "12", None):
            with self.subTest(months=months), self.assertRaises(UserError):
                self.div.backtest({}, months)

    def test_minimum_stay_and_everybody_else(self):
        """Small since e1 for fewer than 45 days at e2, for more at e3."""
        vals = {
            "minimum_stay_days": 45,
            "segment_ids": [Command.create({"name": "Rest", "is_rest": True, "sequence": 99})],
        }
        result = self.backtest(self.div, vals)
        self.assertEqual(
            self.members(result),
            {"Big": [0, 0, 2, 2], "Small": [1, 1, 0, 0], "Rest": [1, 1, 0, 0]},
        )

    def test_removed_segments(self):
        for command in (
            Command.delete(self.big.id),
            Command.update(self.big.id, {"active": False}),
        ):
            with self.subTest(command):
                result = self.backtest(self.div, {"segment_ids": [command]})
                self.assertEqual(self.members(result), {"Small": [1, 1, 2, 2]})

    def test_a_new_one_by_every_method(self):
        country = self.env.ref("base.be")
        self.ann.country_id = country
        field = self.env["ir.model.fields"]._get("res.partner", "country_id")
        limits = [("Low", 1), ("High", 100)]
        tiers = [Command.create({"name": name, "threshold": limit}) for name, limit in limits]
        classes = [
            Command.create({"name": name, "threshold": limit, "sequence": limit})
            for name, limit in (("A", 80), ("B", 95), ("C", 100))
        ]
        expected = {
            "field": ({"field_id": field.id}, {country.name: [1, 1, 1, 1]}),
            "tier": (
                {"metric": "revenue_total", "segment_ids": tiers},
                {"Low": [1, 0, 0, 0], "High": [0, 1, 2, 2]},
            ),
            # alone she makes all of the revenue; of 620, 500 are before her: 80.6 %
            "abc": (
                {"metric": "revenue_total", "segment_ids": classes},
                {"A": [1, 1, 1, 1], "B": [0, 0, 1, 1], "C": [0, 0, 0, 0]},
            ),
        }
        for method, (vals, members) in expected.items():
            vals = {"name": method, "method": method, "domain": self.population, **vals}
            with self.subTest(method):
                result = self.backtest(self.env["crm.segmentation"], vals)
                self.assertEqual(self.members(result), members)
                self.assertFalse(self.env["crm.segmentation"].search([("name", "=", method)]))
                created = self.env["crm.segmentation"].create(vals)
                created.run()
                for row in result["segments"]:
                    row["id"] = self.segment(created, row["name"]).id
                self.assert_as_stored(result, created)

    def test_rfm(self):
        rfm = self.env.ref("crm_segments.segmentation_rfm").copy({"domain": self.population})
        result = self.backtest(rfm)
        rest = self.members(result)[rfm._rest().name]
        self.assertEqual(rest, [1, 1, 0, 0])  # Bob hasn't bought yet
        rfm.enabled = True
        self.assert_as_stored(result, rfm)

    def test_what_has_no_past(self):
        vals = self.rule(
            self.big,
            "[('country_id', '=', False), ('revenue_total', '>', 1),"
            " ('opportunity_open_count', '=', 0)]",
        )
        result = self.backtest(self.div, vals)
        described = self.env["res.partner"].fields_get(["country_id", "opportunity_open_count"])
        self.assertEqual(
            result["taken_as_today"],
            [described[name]["string"] for name in ("country_id", "opportunity_open_count")],
        )
        self.assertEqual(self.backtest(self.div)["taken_as_today"], [])
        country = self.env["ir.model.fields"]._get("res.partner", "country_id")
        vals = {"name": "F", "method": "field", "field_id": country.id}
        result = self.env["crm.segmentation"].backtest(vals, 1)
        self.assertEqual(result["taken_as_today"], [described["country_id"]["string"]])

    def test_segments_that_are_read(self):
        """Their members are those that were stored; before they are known nobody was in them."""
        reader = self.rules({"Was Small": "[]"}, exclusive=False, domain=self.population)
        vals = {
            "segment_ids": [
                Command.update(
                    reader.segment_ids.id, {"include_segment_ids": [Command.set(self.small.ids)]}
                )
            ]
        }
        since = (self.today - self.e2).days
        self.stay(self.ann, self.small, since)
        result = self.backtest(reader, vals)
        self.assertEqual(self.members(result), {"Was Small": [0, 1, 1, 1]})
        unknown = [{"name": self.div.name, "since": str(self.e2)}]
        self.assertEqual(result["unknown_before"], unknown)
        self.stay(self.bob, self.small, since + 40, since + 1)
        result = self.backtest(reader, vals)
        self.assertEqual(self.members(result), {"Was Small": [1, 1, 1, 1]})
        self.assertEqual(result["unknown_before"], [])

    def test_pins_count_today_only(self):
        self.stay(self.bob, self.small, 3, pinned="in")
        result = self.backtest(self.div)
        self.assertEqual(self.members(result), {"Big": [0, 1, 2, 1], "Small": [1, 0, 0, 1]})

    def shadows(self):
        """Temporary tables of this transaction."""
        self.cr.execute("SELECT oid FROM pg_class WHERE relnamespace = pg_my_temp_schema()")
        return self.cr.fetchall()

    def test_not_one_row_remains(self):
        self.run_done(self.div)
        self.played(self.div)
        before, shadows = self.state(), self.shadows()
        reads = self.div._fields_read(), self.div._segment_references()
        flags = set(self.env.registry.cache_invalidated)
        vals = {
            "name": "Other name", "exclusive": False, "enabled": False,
            "segment_ids": [
                Command.delete(self.small.id),
                Command.update(self.big.id, {"domain": "[('city', '=', 'Ghent')]"}),
                Command.create({"name": "Tin", "domain": "[('id', '>', 0)]"}),
            ],
        }  # fmt: skip
        self.backtest(self.div, vals)
        with self.assertRaises(ValidationError):
            self.div.backtest(self.rule(self.big, "[('no_such_field', '=', 1)]"))
        self.assertEqual(self.state(), before)
        self.assertEqual((self.div._fields_read(), self.div._segment_references()), reads)
        self.assertEqual(self.env.registry.cache_invalidated, flags)
        self.assertEqual(self.div.name, "Test")
        self.assertEqual(self.shadows(), shadows)

    def test_the_present_stays_as_it_is(self):
        self.run_done(self.div)
        figures = self.env["crm.customer.metrics"].sudo()
        before = figures.search_read([("partner_id", "in", (self.ann | self.bob).ids)])
        self.backtest(self.div, self.rule(self.big, "[('revenue_total', '>=', 500)]"))
        self.assertEqual(
            figures.search_read([("partner_id", "in", (self.ann | self.bob).ids)]), before
        )
        self.assertEqual(self.placed(self.div), {"Ann": "Big", "Bob": "Big"})
        self.assertEqual(self.big.domain, "[('revenue_total', '>', 100)]")

    def test_nobody_beside_reads_a_draft(self):
        """What is remembered of rules is shared by all whom the process serves."""
        stored = self.env.ref("crm_segments.segmentation_lifecycle")
        segment = stored.segment_ids[0]
        vals = self.rule(segment, f"[('segment_ids', 'in', {self.small.ids})]")
        seen, play = [], type(stored)._play_day

        def played(me, *args):
            self.assertEqual(me._segment_references()[segment.id], set(self.small.ids))
            with db_connect(self.cr.dbname).cursor() as cr:
                other = self.env(cr=cr)["crm.segmentation"].browse(stored.id)
                seen.append(other._segment_references()[segment.id])
            return play(me, *args)

        with patch.object(type(stored), "_play_day", played):
            stored.backtest(vals, 2)
        self.assertEqual(seen, [frozenset()] * 2)

    def test_errors_in_words(self):
        cases = {
            "[('no_such_field', '=', 1)]": "doesn't exist",
            "[('user_id', '=', uid)]": "depends on the user",
        }
        for rule, words in cases.items():
            with self.subTest(rule), self.assertRaisesRegex(ValidationError, words):
                self.div.backtest(self.rule(self.big, rule))
        with self.assertRaisesRegex(UserError, "one segmentation"):
            (self.div | self.div.copy()).backtest()
        self.assertEqual(self.members(self.backtest(self.div))["Big"], [0, 1, 2, 2])

    def test_it_gives_up(self):
        with (
            patch.object(crm_segmentation_backtest, "BACKTEST_SECONDS", -1),
            self.assertRaisesRegex(UserError, "takes too long"),
        ):
            self.div.backtest({}, 3)
        self.assertEqual(self.members(self.backtest(self.div))["Big"], [0, 1, 2, 2])

    def test_a_rule_that_breaks_in_the_past_only(self):
        play = type(self.div)._play_day

        def broken(me, company, past):
            if past.day == self.e2:
                me.env.cr.execute("SELECT 1 / 0")
            return play(me, company, past)

        with (
            patch.object(type(self.div), "_play_day", broken),
            mute_logger("odoo.sql_db", "odoo.addons.crm_segments.models.crm_segmentation_past"),
            self.assertRaisesRegex(ValidationError, "doesn't fit"),
        ):
            self.div.backtest({}, 3)


@tagged("post_install", "-at_install")
class TestBacktestAccess(UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.users["chief"] = cls.users["all"].copy(
            {"login": "seg_chief", "group_ids": [
                Command.link(cls.env.ref("crm_segments.group_segments_manager").id),
                Command.link(cls.env.ref("sales_team.group_sale_salesman_all_leads").id)]}
        )  # fmt: skip

    def test_backtest_is_for_managers(self):
        for login in ("own", "all", "reader", "accountant", "plain", "portal"):
            for record in (self.div, self.env["crm.segmentation"]):
                with self.subTest(login), self.assertRaises(AccessError):
                    self.as_user(login, record).backtest()

    def test_amounts_are_for_those_who_see_them(self):
        for login, visible in {"marketer": False, "chief": True}.items():
            result = self.as_user(login, self.div).backtest(months=1)
            with self.subTest(login):
                big, small = result["segments"]
                self.assertEqual((big["members"][-1], small["members"][-1]), (1, 2))
                self.assertEqual((big["revenue"] or [None])[-1], 300 if visible else None)
                self.assertEqual(small["revenue"] is None, not visible)
