"""Movers: who, why, and the money at stake."""

from ast import literal_eval
from datetime import datetime, time, timedelta

from lxml import etree
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SegmentsCase, UsersMixin

#: a population in which no customer of a test is placed by itself
NOBODY = "[('id', '=', 0)]"


class MoveCase(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what is imported by a source that came later counts as corrected
        cls.made(cls.source, 400)

    @classmethod
    def made(cls, records, days, column="create_date"):
        """Let records look as if they had been made so many days ago."""
        cls.env.flush_all()
        cls.cr.execute(
            f"UPDATE {records._table} SET {column} = %s WHERE id = ANY(%s)",
            [datetime.combine(cls.ago(days), time(12)), records.ids],
        )
        cls.env.invalidate_all()

    @classmethod
    def old(cls, name, **values):
        partner = cls.customer(name, **values)
        cls.made(partner, 500)
        return partner

    def moves(self, segmentation, first=80, second=0):
        return self.env["crm.segment.move"].with_context(
            moves_segmentation=segmentation.id,
            moves_from=str(self.ago(first)),
            moves_to=str(self.ago(second)),
        )

    def causes(self, segmentation, **days):
        rows = self.moves(segmentation, **days).search([])
        return {row.partner_id.name: row.cause for row in rows}

    def decided(self, partner, segment, day_from, day_to=None, **values):
        """A stay that the rule decided on these figures."""
        extra = values.pop("extra", {})
        evidence = {"version": values.pop("version", 1), "values": values, **extra}
        return self.stay(partner, segment, day_from, day_to, evidence=evidence)


@tagged("post_install", "-at_install")
class TestMove(MoveCase):
    """Tiers of the revenue of twelve months: limits that nobody but time and sales moves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tiers = cls.segmentation(
            "tier", {"A": {"threshold": 1000}, "B": {"threshold": 100}}, metric="revenue_12m"
        )
        cls.a, cls.b = cls.tiers.segment_ids
        cls.tiers.version_ids.unlink()

    def moved(self, name, before, after, day=40, **values):
        """A customer with these figures before and after a move from B to A or back."""
        partner = self.old(name)
        up = after > before
        ends = (self.b, self.a) if up else (self.a, self.b)
        self.decided(partner, ends[0], 200, day, revenue_12m=before, threshold=1, **values)
        self.decided(partner, ends[1], day, revenue_12m=after, threshold=2, **values)
        return partner

    def test_bought_more(self):
        partner = self.moved("Grown", 500, 1500)
        self.sale(partner, 40, 1000)
        self.assertEqual(self.causes(self.tiers), {"Grown": "own"})

    def test_sales_of_long_ago_wear_off(self):
        partner = self.moved("Faded", 1500, 500)
        self.sale(partner, 405, 1000)
        self.assertEqual(self.causes(self.tiers), {"Faded": "time"})

    def test_a_return_is_the_customers_doing(self):
        partner = self.moved("Returned", 1500, 500)
        self.sale(partner, 40, -1000, refund=True)
        self.assertEqual(self.causes(self.tiers), {"Returned": "own"})

    def test_by_hand_comes_first(self):
        partner = self.moved("Pinned", 500, 1500)
        self.current(self.tiers).filtered(lambda one: one.partner_id == partner).write(
            {"origin": "manual", "pinned": "in"}
        )
        self.assertEqual(self.causes(self.tiers), {"Pinned": "hand"})

    def test_newcomer(self):
        partner = self.customer("New")
        self.made(partner, 30)
        self.decided(partner, self.b, 30, revenue_12m=200)
        self.assertEqual(self.causes(self.tiers), {"New": "newcomer"})
        # on a later first day the same customer was there already
        self.assertEqual(self.causes(self.tiers, first=20), {})

    def test_rule_changed(self):
        self.moved("Moved on the day of the change", 700, 700.5, day=10)
        later = self.moved("Moved later", 700, 1700, day=5)
        self.sale(later, 5, 1000)
        first = self.tiers._current_version() or self.tiers.browse()
        self.tiers.invalidate_recordset()
        self.b.threshold = 200
        versions = self.tiers.version_ids
        self.assertTrue(versions)
        version = versions.sorted("number")[-1]
        version.number = 2
        self.made(version, 10)
        self.assertNotEqual(version, first)
        expected = {"Moved on the day of the change": "rule", "Moved later": "own"}
        self.assertEqual(self.causes(self.tiers), expected)

    def test_a_new_name_is_no_other_rule(self):
        partner = self.moved("Grown", 500, 1500, day=10)
        self.sale(partner, 10, 1000)
        self.tiers._record_version()
        self.a.name = "Top"
        renamed = self.tiers.version_ids.sorted("number")[-1]
        self.assertEqual(renamed.number, 2)
        self.made(renamed, 10)
        self.assertEqual(self.causes(self.tiers), {"Grown": "own"})

    def test_recorded_later(self):
        partner = self.moved("Corrected", 500, 1500)
        late = self.env["crm.sales.source"].sudo().create({"name": "Found later"})
        self.sale(partner, 100, 1000, source=late)
        self.assertEqual(self.causes(self.tiers), {"Corrected": "corrected"})

    def test_computed_past_is_consistent(self):
        """Both decisions were made of the documents of today: nothing was corrected between."""
        partner = self.moved("Grown", 500, 1500)
        stays = self.env["crm.segment.membership"].sudo().search([("partner_id", "=", partner.id)])
        stays.origin = "backfill"
        late = self.env["crm.sales.source"].sudo().create({"name": "Found later"})
        self.sale(partner, 100, 1000, source=late)
        self.assertEqual(self.causes(self.tiers), {"Grown": "own"})

    def test_without_evidence_documents_tell(self):
        for name in ("Bought", "Silent"):
            partner = self.moved(name, 1500, 500)
            rows = self.env["crm.segment.membership"].sudo()
            rows.search([("partner_id", "=", partner.id)]).evidence = False
            if name == "Bought":
                self.sale(partner, 20, 10)
        self.assertEqual(self.causes(self.tiers), {"Bought": "own", "Silent": "time"})

    def test_money_at_stake_and_order(self):
        small, big = self.moved("Small", 500, 1500), self.moved("Big", 1500, 500)
        self.sale(small, 40, 1000)
        self.sale(small, 100, 500)
        self.sale(big, 400, 5000)
        rows = self.moves(self.tiers).search([])
        found = [
            (row.partner_id, row.stake, row.revenue_before, row.revenue_after) for row in rows
        ]
        self.assertEqual(found, [(big, 5000, 5000, 0), (small, 1500, 500, 1500)])
        row = rows[1]
        self.assertEqual((row.segment_from_id, row.segment_to_id), (self.b, self.a))
        self.assertEqual(row.moved_on, self.ago(40))

    def test_who_stayed_is_no_mover(self):
        partner = self.old("Stayed")
        self.decided(partner, self.a, 200, 50, revenue_12m=1500)
        self.decided(partner, self.a, 50, revenue_12m=1600)
        self.assertEqual(self.causes(self.tiers), {})

    def test_as_many_as_the_matrix_tells(self):
        self.moved("Up", 500, 1500)
        self.moved("Down", 1500, 500)
        cells = self.tiers.migration(str(self.ago(80)), str(self.today))["cells"]
        moved = sum(cell["count"] for cell in cells if cell["from"] != cell["to"])
        self.assertEqual(self.moves(self.tiers).search_count([]), moved)
        groups = self.moves(self.tiers)._read_group([], ["cause"], ["__count"])
        self.assertEqual(sum(count for _cause, count in groups), moved)

    def test_filtered_by_cause(self):
        """Each cause has its filter, which finds those that the list shows with it."""
        self.moved("Up", 500, 1500)
        by_hand = self.moved("By hand", 1500, 500)
        self.env["crm.segment.membership"].search(
            [("partner_id", "=", by_hand.id), ("date_to", "=", False)]
        ).pinned = "in"
        moves = self.moves(self.tiers)
        arch = etree.fromstring(moves.get_view(view_type="search")["arch"])
        found = {}
        for node in arch.iterfind(".//filter"):
            if node.get("name").startswith("cause_"):
                [(field, _operator, cause)] = domain = literal_eval(node.get("domain"))
                self.assertEqual(field, "cause")
                found[cause] = moves.search(domain)
        self.assertEqual(found.keys(), dict(moves._fields["cause"].selection).keys())
        for cause, rows in found.items():
            self.assertEqual(rows, moves.search([]).filtered(lambda r: r.cause == cause))  # noqa: B023
        self.assertEqual(found["hand"].partner_id, by_hand)
        self.assertEqual(len(found["own"]), 1)

    def test_nothing_asked_nothing_shown(self):
        self.moved("Up", 500, 1500)
        moves = self.env["crm.segment.move"]
        self.assertFalse(moves.search([]))
        for asked in ({"moves_segmentation": "x"}, {"moves_segmentation": self.tiers.id}):
            self.assertFalse(moves.with_context(**asked).search([]))


@tagged("post_install", "-at_install")
class TestMoveRanked(MoveCase):
    """RFM: the boundary shifts as others change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rfm = cls.env.ref("crm_segments.segmentation_rfm").sudo()
        cls.champions = cls.env.ref("crm_segments.segment_rfm_champions").sudo()
        cls.loyal = cls.env.ref("crm_segments.segment_rfm_loyal").sudo()

    def scored(self, name, then, now):
        """A customer who fell from Champions to Loyal; (r, f, m, day, count, revenue)."""
        partner = self.old(name)
        names = self.rfm._rfm_metrics()
        for segment, ends, figures in (
            (self.champions, (200, 40), then),
            (self.loyal, (40, None), now),
        ):
            scores = dict(zip("rfm", figures[:3], strict=True))
            day = str(self.ago(figures[3]))
            values = dict(zip(names, (day, *figures[4:]), strict=True))
            self.decided(partner, segment, *ends, extra=scores, **values)
        return partner

    def test_others_overtook(self):
        self.scored("Overtaken", (5, 5, 5, 100, 9, 900), (4, 5, 5, 100, 9, 900))
        self.assertEqual(self.causes(self.rfm), {"Overtaken": "others"})

    def test_own_score_fell_with_the_own_figure(self):
        self.scored("Returned", (5, 5, 5, 100, 9, 900), (5, 5, 4, 100, 9, 300))
        self.assertEqual(self.causes(self.rfm), {"Returned": "own"})

    def test_a_purchase_does_not_explain_a_fall(self):
        partner = self.scored("Bought, yet fell", (5, 5, 5, 100, 9, 900), (4, 5, 5, 60, 10, 950))
        self.sale(partner, 60, 50)
        self.assertEqual(self.causes(self.rfm), {"Bought, yet fell": "others"})


@tagged("post_install", "-at_install")
class TestMoveOtherMethods(MoveCase):
    def test_abc(self):
        abc = self.segmentation(
            "abc", {"A": {"threshold": 80}, "C": {"threshold": 100}}, metric="revenue_total"
        )
        first, last = abc.segment_ids
        for name, grown, share in (("Grown", 900, 40), ("Carried up", 500, 70)):
            partner = self.old(name)
            self.decided(partner, last, 200, 40, revenue_total=500, share_before=85)
            self.decided(partner, first, 40, revenue_total=grown, share_before=share)
        self.assertEqual(self.causes(abc), {"Grown": "own", "Carried up": "others"})

    def test_rule_on_a_date(self):
        by_day = self.rules(
            {"Lost": "[('last_purchase_date', '<', 'today -90d')]", "Kept": "[]"}, domain=NOBODY
        )
        lost, kept = by_day.segment_ids
        partner = self.old("Waited")
        day = str(self.ago(130))
        self.decided(partner, kept, 130, 40, last_purchase_date=day)
        self.decided(partner, lost, 40, last_purchase_date=day)
        self.assertEqual(self.causes(by_day), {"Waited": "time"})

    def test_rule_on_own_data(self):
        by_city = self.rules({"Here": "[('city', '=', 'Here')]", "There": "[]"}, domain=NOBODY)
        here, there = by_city.segment_ids
        partner = self.old("Removed", city="Here")
        self.decided(partner, there, 130, 40, city="There")
        self.decided(partner, here, 40, city="Here")
        self.assertEqual(self.causes(by_city), {"Removed": "own"})

    def test_values_of_a_field(self):
        by_lang = self.env["crm.segmentation"].sudo().create(
            {
                "name": "By country",
                "method": "field",
                "field_id": self.env["ir.model.fields"]._get("res.partner", "country_id").id,
            }
        )  # fmt: skip
        one, two = self.env["crm.segment"].sudo().create(
            [{"segmentation_id": by_lang.id, "name": name, "value_key": name} for name in "12"]
        )  # fmt: skip
        partner = self.old("Moved house")
        self.stay(partner, one, 100, 40)
        self.stay(partner, two, 40)
        self.assertEqual(self.causes(by_lang), {"Moved house": "own"})

    def test_overlapping_has_a_row_per_segment(self):
        both = self.rules({"X": "[]", "Y": "[]"}, exclusive=False, domain=NOBODY)
        x, y = both.segment_ids
        partner = self.old("In both")
        self.stay(partner, x, 100, 40)
        self.stay(partner, y, 40)
        rows = self.moves(both).search([])
        self.assertEqual(
            {(row.segment_from_id.name, row.segment_to_id.name) for row in rows},
            {("X", False), (False, "Y")},
        )
        self.assertEqual(len(set(rows.ids)), 2)


@tagged("post_install", "-at_install")
class TestMoveAccess(UsersMixin, MoveCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.made(cls.ours, 500)
        for partner in cls.ours:
            cls.env["crm.segment.membership"].search([("partner_id", "=", partner.id)]).unlink()
            cls.stay(partner, cls.big, 100, 40)
            cls.stay(partner, cls.small, 40)

    def test_money_is_for_those_who_see_it(self):
        moves = self.moves(self.div)
        for login, stakes in (
            ("all", [300, 200, 100]),
            ("own", [False] * 3),
            ("marketer", [False] * 3),
            ("reader", [False] * 3),
        ):
            with self.subTest(login=login):
                rows = self.as_user(login, moves).search([])
                self.assertEqual(rows.mapped("stake"), stakes)
                total = self.as_user(login, moves)._read_group([], [], ["stake:sum"])[0][0]
                self.assertEqual(total or 0, sum(stakes))
        for login in ("accountant", "plain", "portal"):
            with self.subTest(login=login), self.assertRaises(AccessError):
                self.as_user(login, moves).search([])

    def test_hidden_money_matches_no_filter(self):
        moves = self.as_user("own", self.moves(self.div))
        self.assertFalse(moves.search([("stake", ">", 0)]))
        self.assertFalse(moves.search([("stake", "<=", 0)]))

    def test_other_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        memberships = self.env["crm.segment.membership"].search([])
        memberships.filtered(lambda one: one.partner_id == self.theirs).company_id = other
        self.env.flush_all()
        rows = self.moves(self.div).search([])
        self.assertEqual(rows.partner_id, self.mine | self.free)

    def test_the_action_carries_the_days(self):
        day = self.today - timedelta(80)
        action = self.as_user("own", self.div).action_open_movers(str(day), str(self.today))
        self.assertEqual(
            action["context"],
            {
                "moves_segmentation": self.div.id,
                "moves_from": str(day),
                "moves_to": str(self.today),
            },
        )
