"""Long work cut into pieces: together they do what one call does."""

from datetime import date

from odoo.tests import tagged
from odoo.tools import SQL

from ..models.crm_job import PARAMETER
from .common import SegmentsCase, make_sale


@tagged("post_install", "-at_install")
class TestJob(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.env["crm.job"].sudo()
        cls.people = cls.env["res.partner"].create([{"name": f"P{n}"} for n in range(7)])
        for number, partner in enumerate(cls.people):
            for month in range(1, 2 + number % 3):
                make_sale(cls.source, partner, date(2025, month, 1 + number), 100 * month)

    def _rows(self):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT to_jsonb(m) - 'id' FROM crm_customer_metrics m"
                " WHERE company_id = %s ORDER BY partner_id",
                self.company.id,
            )
        )
        return [row for (row,) in rows]

    def test_ranges_cover_every_contact_once(self):
        for size in (1, 3, 10**6):
            with self.subTest(size=size):
                self.env["ir.config_parameter"].set_param(PARAMETER, size)
                ids = [one for bounds in self.job._ranges() for one in self.job._within(*bounds)]
                everybody = self.env["res.partner"].with_context(active_test=False).search([])
                self.assertEqual(sorted(ids), sorted(everybody.ids))
                self.assertEqual(len(self.job._ranges()), -(-len(ids) // size))

    def test_ranges_write_what_one_call_writes(self):
        self.metrics._refresh_company(self.company)
        whole = self._rows()
        self.assertGreaterEqual(len(whole), 7)
        self.env.execute_query(SQL("DELETE FROM crm_customer_metrics RETURNING id"))
        self.company.crm_population_interval = 0
        self.env["ir.config_parameter"].set_param(PARAMETER, 3)
        self.metrics._refresh_population(self.company)
        for bounds in self.job._ranges():
            self.metrics._refresh_range(self.company, *bounds)
        self.assertEqual(self._rows(), whole)

    def test_no_jobs_without_the_module(self):
        """The caller does it; nobody even asks what the pieces would be."""
        if "queue.job" in self.env:
            self.skipTest("queue_job is installed")
        self.assertFalse(self.job._spread("Nothing", lambda: self.fail("asked")))
