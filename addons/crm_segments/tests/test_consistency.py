"""The consistency check: nothing on clean data, each thing that is broken by SQL is found."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .common import SegmentsCase

REVENUE = "UPDATE crm_customer_metrics SET revenue_total = 7 WHERE partner_id = %s"


@tagged("post_install", "-at_install")
class TestConsistency(SegmentsCase):
    """One division by rules, one by a tier, three customers with sales."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"]
        for name, city, days, amount in (
            ("A", "Rome", 400, 100), ("B", "Rome", 50, 200), ("C", "Oslo", 5, 900),
        ):  # fmt: skip
            partner = cls.customer(name, city=city)
            cls.sale(partner, days, amount)
            cls.customers |= partner
        cls.cities = cls.rules(
            {"Rome": "[('city', '=', 'Rome')]", "Oslo": "[('city', '=', 'Oslo')]"}, name="Cities"
        )
        cls.ranks = cls.env.ref("crm_segments.segmentation_rfm").sudo()
        cls.ranks.domain = f"[('id', 'in', {cls.customers.ids})]"
        cls.both = cls.cities | cls.ranks
        cls.both.write({"enabled": True})
        cls.env["crm.segment.queue"].sudo().search([]).unlink()
        cls.both.run()

    def found(self, **values):
        """Code → names of what was found (or ids, of others than customers), in our company."""
        results = self.env["crm.consistency"].with_context(**values).check()
        self.assertFalse([one["error"] for one in results if one["error"]])
        return {
            one["code"]: [self.name(one["model"], wrong) for wrong in one["wrong"]]
            for one in results
            if one["wrong"] and one["company_id"] == self.company.id
        }

    def name(self, model, record_id):
        """A customer's name, the id of other records."""
        partners = self.env["res.partner"]
        return partners.browse(record_id).name if model == partners._name else record_id

    def break_by(self, statement, *values):
        """Break what is stored, past the ORM."""
        self.env.flush_all()
        self.env.cr.execute(SQL(statement, *values))  # pylint: disable=sql-injection
        self.env.invalidate_all()

    def waiting(self, code):
        """Names of the customers who wait, of a check in our company."""
        for one in self.env["crm.consistency"].check():
            if one["code"] == code and one["company_id"] == self.company.id:
                return sorted(self.env["res.partner"].browse(one["waiting"]).mapped("name"))
        return None

    def test_nothing_on_clean_data(self):
        """Everything is compared, nothing is found, nothing is changed."""
        before = self.snapshot()
        results = self.env["crm.consistency"].check()
        mine = {one["code"]: one for one in results if one["company_id"] == self.company.id}
        self.assertFalse(self.found())
        self.assertGreaterEqual(mine["figures"]["checked"], 3)
        self.assertGreaterEqual(mine["memberships"]["checked"], 6)
        self.assertEqual(self.snapshot(), before)

    def snapshot(self):
        self.env.flush_all()
        return [
            self.env.execute_query(SQL("SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM %s t",
                                       SQL.identifier(table)))
            for table in ("crm_customer_metrics", "crm_segment_membership", "crm_segmentation_run")
        ]  # fmt: skip

    def test_figures(self):
        """A figure that isn't that of the documents, a row too many, a row too few."""
        a, b, c = self.customers
        self.break_by(REVENUE, a.id)
        self.assertEqual(self.found(), {"figures": ["A"]})
        self.break_by("DELETE FROM crm_customer_metrics WHERE partner_id = %s", b.id)
        nobody = self.customer("Nobody")
        self.break_by(
            "INSERT INTO crm_customer_metrics (partner_id, company_id, currency_id, revenue_total,"
            " refund_total, amount_overdue, days_to_pay, opportunity_open_count, won_count,"
            " lost_count) VALUES (%s, %s, %s, 5, 0, 0, 0, 0, 0, 0)",
            nobody.id, self.company.id, self.company.currency_id.id,
        )  # fmt: skip
        self.assertEqual(self.found()["figures"], ["A", "B", "Nobody"])
        self.metrics.refresh(company=self.company)
        self.assertNotIn("figures", self.found())

    def test_memberships(self):
        """Somebody in the wrong segment, somebody in none, a verdict of another day."""
        a, _b, c = self.customers
        stay = self.current(self.cities).filtered(lambda one: one.partner_id == a)
        oslo = self.segment(self.cities, "Oslo")
        self.break_by(
            "UPDATE crm_segment_membership SET segment_id = %s WHERE id = %s", oslo.id, stay.id
        )
        self.assertEqual(self.found(), {"memberships": ["A"]})
        self.break_by("DELETE FROM crm_segment_membership WHERE partner_id = %s", c.id)
        self.assertEqual(self.found(), {"memberships": ["A", "C"]})
        self.both.run()
        self.assertFalse(self.found())
        self.break_by(
            "UPDATE crm_segment_membership SET code = '111' WHERE partner_id = %s"
            " AND segmentation_id = %s AND date_to IS NULL",
            c.id, self.ranks.id,
        )  # fmt: skip
        self.assertEqual(self.found(), {"memberships": ["C"]})
        # a sale written since the run moves everybody's ranks: they follow with the next run
        self.break_by("UPDATE crm_sales_source SET write_date = NOW() + interval '1 hour'")
        self.assertFalse(self.found())
        self.assertEqual(self.waiting("memberships"), ["C"])

    def test_pins_and_minimum_stay_are_no_findings(self):
        """A pin is a person's decision; the minimum stay keeps whom the rule would move."""
        a, b, _c = self.customers
        oslo = self.segment(self.cities, "Oslo")
        self.env["crm.segment.membership"].sudo()._pin(a, oslo, "in", "A person knows better")
        self.cities.minimum_stay_days = 30
        self.cities.run()
        self.break_by("UPDATE res_partner SET city = 'Oslo' WHERE id = %s", b.id)
        self.assertFalse(self.found())

    def test_what_waits_is_no_finding(self):
        """Customers in the queue, rules changed since the run, and windows that moved on."""
        a, b, _c = self.customers
        self.break_by("UPDATE res_partner SET city = 'Oslo' WHERE id = %s", b.id)
        self.assertEqual(self.found(), {"memberships": ["B"]})
        self.env["crm.segment.queue"].sudo()._push([b.id])
        self.assertFalse(self.found())
        self.assertEqual(self.waiting("queue"), ["B"])
        self.assertEqual(self.waiting("memberships"), ["B"])
        # the last run is of two days ago: what it said then is right until the next one
        moment = "date_start = date_start - interval '2 days'"
        self.break_by(f"UPDATE crm_segmentation_run SET {moment}")
        self.break_by(
            "UPDATE crm_customer_metrics SET revenue_12m = 0 WHERE partner_id = %s", a.id
        )
        # A bought 400 days ago: its revenue of 12 months is 0 anyway
        self.assertFalse(self.found())

    def test_a_window_that_moved_on(self):
        """Who bought a year ago yesterday had revenue of 12 months yesterday, and waits today."""
        old = self.customer("Old")
        year = self.today - timedelta(days=1)
        self.sale(old, year.replace(year=year.year - 1) + timedelta(days=1), 70)
        self.both.run()
        self.assertFalse(self.found())
        row = self.metrics.search([("partner_id", "=", old.id)])
        self.assertEqual(row.revenue_12m, 0)
        self.break_by("UPDATE crm_customer_metrics SET revenue_12m = 70, purchase_count_12m = 1"
                      " WHERE partner_id = %s", old.id)  # fmt: skip
        self.assertEqual(self.found(), {"figures": ["Old"]})
        self.break_by("UPDATE crm_segmentation_run SET date_start = date_start - interval '1 day'")
        cron = self.env.ref("crm_segments.ir_cron_rebuild")
        self.break_by("UPDATE ir_cron SET lastcall = NULL WHERE id = %s", cron.id)
        self.assertNotIn("figures", self.found())
        self.assertIn("Old", self.waiting("figures"))

    def test_stays(self):
        """Overlapping stays, empty ones, and stays of another division or of a contact."""
        a, b, c = self.customers
        rome = self.segment(self.cities, "Rome")
        before = self.stay(a, rome, 20, 2)
        self.break_by("UPDATE crm_segment_membership SET date_from = date_from - 3"
                      " WHERE date_to IS NULL AND partner_id = %s", a.id)  # fmt: skip
        later = self.current(self.cities).filtered(lambda one: one.partner_id == a)
        self.assertEqual(self.found(), {"overlaps": [later.id]})
        empty = "UPDATE crm_segment_membership SET date_to = date_from WHERE id = %s"
        self.break_by(empty, before.id)
        self.assertEqual(self.found(), {"overlaps": [before.id]})
        before.unlink()
        alien = self.current(self.cities).filtered(lambda one: one.partner_id == c)
        self.break_by(
            "UPDATE crm_segment_membership SET segmentation_id = %s, exclusive = FALSE"
            " WHERE id = %s", self.ranks.id, alien.id,
        )  # fmt: skip
        self.assertIn(alien.id, self.found()["orphans"])

    def test_the_screen(self):
        """An administrator sees the result, opens a finding, starts the rebuild."""
        reports = self.env["crm.consistency.report"]
        clean = reports.browse(reports.action_check()["res_id"])
        self.assertEqual((clean.wrong, clean.failed, clean.mendable), (0, 0, False))
        self.assertGreater(clean.checked, 0)
        a = self.customers[0]
        self.break_by(REVENUE, a.id)
        report = reports.browse(reports.action_check()["res_id"])
        self.assertEqual((report.wrong, report.mendable), (1, True))
        line = report.line_ids[0]
        self.assertEqual((line.state, line.wrong, line.advice), ("c_wrong", 1, line.mend))
        self.assertEqual(line.action_open()["domain"], [("id", "in", a.ids)])
        cron = self.env.ref("crm_segments.ir_cron_rebuild")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", cron.id)])
        report.action_rebuild()
        self.assertTrue(report.started)
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), before + 1)

    def test_only_administrators(self):
        """A manager of segments may not: the check reads the records of everybody."""
        manager = new_test_user(
            self.env, "checking", groups="crm_segments.group_segments_manager,base.group_user"
        )
        with self.assertRaises(AccessError):
            self.env["crm.consistency"].with_user(manager).check()
        with self.assertRaises(AccessError):
            self.env["crm.consistency.report"].with_user(manager).action_check()

    def test_a_check_that_fails_is_told(self):
        """The others are made all the same."""
        self.patch(type(self.env["crm.consistency"]), "_check_queue", self.fail_on_purpose)
        with self.assertLogs("odoo.addons.crm_segments.models.crm_consistency", "WARNING"):
            results = self.env["crm.consistency"].check()
        self.assertEqual({one["code"] for one in results if one["error"]}, {"queue"})

    @staticmethod
    def fail_on_purpose(_self, _company):
        raise ValueError("on purpose")
