"""The past of segmentations: worked out by hand for every method."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, new_test_user, tagged

from ..wizard import crm_segmentation_backfill
from .common_past import PastMixin


@tagged("post_install", "-at_install")
class TestBackfill(PastMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_segments()
        cls.set_up_past()
        cls.ann, cls.bob = cls.old_customer("Ann"), cls.old_customer("Bob")
        cls.sale(cls.ann, cls.e1 - timedelta(3), 60)
        cls.sale(cls.ann, cls.e2 - timedelta(3), 60)
        cls.sale(cls.bob, cls.e3, 500)
        cls.div = cls.rules(
            {"Big": "[('revenue_total', '>', 100)]", "Small": "[('revenue_total', '>', 0)]"}
        )

    def test_rules(self):
        run = self.played(self.div)
        self.assertEqual(
            self.past(self.div, self.ann),
            [("Small", self.e1, self.e2), ("Big", self.e2, self.today)],
        )
        self.assertEqual(self.past(self.div, self.bob), [("Big", self.e3, self.today)])
        self.assertEqual((run.origin, run.kept), ("backfill", len(self.past_rows(self.div))))

    def test_evidence_is_of_that_day(self):
        self.played(self.div)
        small = self.past_rows(self.div, self.ann)[0]
        self.assertEqual(
            self.evidence(small),
            {
                "asof": str(self.e1),
                "basis": "invoice",
                "leaves": [True],
                "values": {"revenue_total": 60.0},
            },
        )
        self.assertTrue(small.evidence_text)

    def test_what_the_population_reads_of_today_is_named(self):
        div = self.segmentation(
            "rule", {"Big": {"domain": "[('revenue_total', '>', 100)]"}, "Rest": {"is_rest": True}},
            domain="[('is_crm_customer', '=', True), ('city', '!=', 'Nowhere')]",
        )  # fmt: skip
        self.played(div)
        past = self.past_rows(div, self.ann) | self.past_rows(div, self.bob)
        self.assertEqual(set(past.segment_id.mapped("name")), {"Big", "Rest"})
        for stay in past:
            self.assertEqual(stay.evidence["today_fields"], ["city"])
            # told to whom reads of the stay: in lists, among the movers, and by "Why?"
            self.assertIn("taken as it was when the past was computed: City", stay.evidence_text)
            told = stay.segment_id.explain(stay.partner_id.id, stay.id)
            self.assertIn(
                "Nobody recorded what it was then: City is taken as it was when the past was "
                "computed.",
                told["notes"],
            )
        self.run_done(div)
        now = self.current(div)
        self.assertNotIn("was computed", " ".join(now.mapped("evidence_text")))
        self.assertFalse(now[0].segment_id.explain(now[0].partner_id.id, now[0].id)["notes"])

    def test_the_present_stays_as_it_is(self):
        self.run_done(self.div)
        figures = self.env["crm.customer.metrics"].sudo()
        ours = [("partner_id", "in", (self.ann | self.bob).ids)]
        before = figures.search_read(ours), self.current(self.div).read(["evidence", "date_from"])
        interval = self.company.crm_population_interval
        self.played(self.div)
        self.env.invalidate_all()
        now = figures.search_read(ours), self.current(self.div).read(["evidence", "date_from"])
        self.assertEqual(now, before)
        self.assertEqual(self.company.crm_population_interval, interval)
        self.assertEqual(self.ann.revenue_total, 120)
        self.assertEqual(self.ann.segment_ids.name, "Big")

    def test_again_writes_only_differences(self):
        self.played(self.div)
        before = {row.id: (row.write_date, row.date_to) for row in self.past_rows(self.div)}
        self.played(self.div)
        self.assertEqual(
            {row.id: (row.write_date, row.date_to) for row in self.past_rows(self.div)}, before
        )
        # a document is found that was forgotten
        self.sale(self.bob, self.e1, 10)
        self.played(self.div)
        self.assertEqual(
            self.past(self.div, self.bob),
            [("Small", self.e1, self.e3), ("Big", self.e3, self.today)],
        )
        kept = before.keys() & set(self.past_rows(self.div).ids)
        self.assertEqual(len(kept), len(before))

    def test_a_shorter_past_takes_nothing_away(self):
        self.played(self.div, 3)
        known = self.past(self.div, self.ann)
        self.played(self.div, 1)
        self.assertEqual(self.past(self.div, self.ann), known)

    def test_a_longer_past_is_added(self):
        self.played(self.div, 1)
        self.assertEqual(self.past(self.div, self.ann), [("Big", self.e3, self.today)])
        self.played(self.div, 3)
        self.assertEqual(self.past(self.div, self.ann)[0], ("Small", self.e1, self.e2))

    def test_only_before_it_was_in_use(self):
        self.run_done(self.div)
        self.cr.execute(
            "UPDATE crm_segment_membership SET date_from = %s WHERE segmentation_id = %s",
            [self.e3, self.div.id],
        )
        self.played(self.div)
        self.assertEqual(self.past(self.div, self.ann)[-1], ("Big", self.e2, self.e3))
        self.assertEqual(self.past(self.div, self.bob), [])

    def test_customers_who_were_not_known_yet(self):
        everybody = self.rules({"All": "[]"})
        cay, dot = self.customer("Cay"), self.customer("Dot")
        self.sale(dot, self.e2, 5)
        self.env.flush_all()
        self.cr.execute(
            "UPDATE res_partner SET create_date = %s WHERE id = %s", [self.e3, cay.id]
        )
        self.played(everybody)
        self.assertEqual(self.past(everybody, self.ann), [("All", self.e1, self.today)])
        self.assertEqual(self.past(everybody, cay), [("All", self.e3, self.today)])
        # entered today, but with business from before, as after a migration
        self.assertEqual(self.past(everybody, dot), [("All", self.e2, self.today)])

    def test_time_passes(self):
        """No purchase for 45 days: at risk; seen at a month-end although nothing happened."""
        start = self.e2 - timedelta(44)
        cay = self.old_customer("Cay")
        self.sale(cay, start, 10)
        risk = self.rules(
            {
                "Awake": "[('last_purchase_date', '>=', 'today -45d')]",
                "Asleep": "[('last_purchase_date', '<', 'today -45d')]",
            }
        )
        self.played(risk)
        first = self.e1 if start <= self.e1 else self.e2
        self.assertEqual(
            self.past(risk, cay), [("Awake", first, self.e3), ("Asleep", self.e3, self.today)]
        )

    def test_minimum_stay_and_everybody_else(self):
        div = self.segmentation(
            "rule",
            {
                "Big": {"domain": "[('revenue_total', '>', 100)]"},
                "Small": {"domain": "[('revenue_total', '>', 0)]"},
                "Rest": {"is_rest": True},
            },
            minimum_stay_days=45,
        )
        self.played(div)
        # in Small since e1 for fewer than 45 days at e2, for more at e3
        self.assertEqual(
            self.past(div, self.ann), [("Small", self.e1, self.e3), ("Big", self.e3, self.today)]
        )
        self.assertEqual(
            self.past(div, self.bob), [("Rest", self.e1, self.e3), ("Big", self.e3, self.today)]
        )

    def test_values_of_a_field_are_those_of_today(self):
        country = self.env.ref("base.be")
        self.ann.country_id = country
        field = self.env["ir.model.fields"]._get("res.partner", "country_id")
        div = self.segmentation("field", {}, field_id=field.id)
        self.played(div)
        row = self.past_rows(div, self.ann)
        self.assertEqual(
            (row.segment_id.name, row.date_from, row.date_to), (country.name, self.e1, self.today)
        )
        self.assertEqual(row.evidence["today_fields"], ["country_id"])
        self.assertEqual(row.evidence["asof"], str(self.e1))

    def test_tiers_and_classes(self):
        tiers = self.segmentation(
            "tier",
            {"Low": {"threshold": 1}, "High": {"threshold": 100}},
            metric="revenue_total",
            domain=f"[('id', 'in', {(self.ann | self.bob).ids})]",
        )
        self.played(tiers)
        self.assertEqual(
            self.past(tiers, self.ann), [("Low", self.e1, self.e2), ("High", self.e2, self.today)]
        )
        classes = self.segmentation(
            "abc",
            {"A": {"threshold": 80}, "B": {"threshold": 95}, "C": {"threshold": 100}},
            metric="revenue_total",
            domain=f"[('id', 'in', {(self.ann | self.bob).ids})]",
        )
        self.played(classes)
        # alone she makes all of the revenue; of 620, 500 are before her: 80.6 %
        self.assertEqual(
            self.past(classes, self.ann), [("A", self.e1, self.e3), ("B", self.e3, self.today)]
        )

    def test_segments_that_read_others(self):
        reader = self.rules({"Was Small": "[]"}, exclusive=False)
        reader.segment_ids.include_segment_ids = self.div.segment_ids[1]
        self.run_done(self.div)
        # together: members of each month-end; alone: what is stored of them
        for played in (self.div | reader, reader):
            self.played(played)
            with self.subTest(played=len(played)):
                self.assertEqual(
                    self.past(reader, self.ann), [("Was Small", self.e1, self.e2)]
                )
                self.assertEqual(self.past(reader, self.bob), [])

    def test_a_broken_rule_fails_alone(self):
        other = self.rules({"Buyer": "[('purchase_count', '>', 0)]"})
        (self.div | other).run()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE crm_segment SET domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", other.segment_ids.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        runs = (self.div | other).backfill(3)
        states = {run.segmentation_id: run.state for run in runs}
        self.assertEqual(states, {self.div: "done", other: "failed"})
        self.assertEqual(self.past_rows(other).ids, [])
        self.assertEqual(len(self.past(self.div, self.ann)), 2)
        # the badge tells of the present
        self.assertEqual(other.last_run_state, "done")

    def test_never_run(self):
        self.assertFalse(self.div.backfill(3))

    def test_who_may_and_how_long(self):
        reader = new_test_user(self.env, "past_reader", groups="crm_segments.group_segments_user")
        with self.assertRaises(AccessError):
            self.div.with_user(reader).backfill(3)
        for months in (0, 121, "12", None):
            with self.subTest(months=months), self.assertRaises(UserError):
                self.div.backfill(months)

    def test_cron_computes_each_past_once(self):
        self.env["res.company"].sudo().search([]).crm_segments_history = 0
        self.company.crm_segments_history = 3
        self.run_done(self.div)
        Segmentation = self.env["crm.segmentation"]
        self.assertEqual(list(Segmentation._due_for_past()), [(self.div, self.company, 3)])
        with self.enter_registry_test_mode():
            self.env.ref("crm_segments.ir_cron_backfill").method_direct_trigger()
        self.assertEqual(len(self.past(self.div, self.ann)), 2)
        self.assertEqual(list(Segmentation._due_for_past()), [])

    def test_a_past_that_was_asked_for_is_not_lost(self):
        """Not where another run was under way, nor where somebody asked meanwhile."""
        self.env["res.company"].sudo().search([]).crm_segments_history = 0
        other = self.rules({"All": "[]"}, name="Other", company_id=self.company.id)
        mine = self.rules({"All": "[]"}, name="Mine", company_id=self.company.id)
        (self.div | other | mine).run()
        (other | mine).past_months = 2
        Segmentation, computed = type(self.div), []

        def lock(one, _company):
            return one != other

        def backfill(one, company, months):
            computed.append((one, months))
            if len(computed) == 1:
                mine.past_months = 5
            return origin(one, company, months)

        origin = Segmentation._backfill_company
        with patch.object(Segmentation, "_lock_run", lock), patch.object(
            Segmentation, "_backfill_company", backfill
        ), patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 1):
            self.env["crm.segmentation"]._backfill_due()
        self.assertEqual(computed, [(other, 2), (mine, 2)])
        self.assertEqual((other.past_months, mine.past_months), (2, 5))
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 1):
            self.env["crm.segmentation"]._backfill_due()
        self.assertEqual((other.past_months, mine.past_months), (0, 0))

    def test_dialog(self):
        self.run_done(self.div)
        action = self.div.action_backfill()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        self.assertFalse(form.history_text)
        form.months = 2
        told = form.save().action_compute()
        self.assertEqual(told["params"]["type"], "success")
        self.assertEqual(self.div.history_since, self.e2)
        self.assertTrue(Form(form.record.browse(form.id)).history_text)

    def test_dialog_leaves_much_work_to_the_background(self):
        self.run_done(self.div)
        self.played(self.div, 1)
        wizard = self.env["crm.segmentation.backfill"].create(
            {"segmentation_id": self.div.id, "months": 3}
        )
        with patch.object(crm_segmentation_backfill, "AT_ONCE", 0):
            wizard.action_compute()
        self.assertEqual((self.div.past_months, self.div.history_since), (3, self.e3))
        with self.enter_registry_test_mode():
            self.env.ref("crm_segments.ir_cron_backfill").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((self.div.past_months, self.div.history_since), (0, self.e1))
