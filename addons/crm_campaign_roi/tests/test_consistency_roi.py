"""The consistency check of touches, credit and ledger: each thing that is broken is found."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .common_roi import RoiCase
from .common_touch import TouchMixin

CODES = ("touches", "credit", "shares", "ledger", "credit_orphans", "markov", "kept_results")


@tagged("post_install", "-at_install")
class TestConsistencyRoi(TouchMixin, RoiCase):
    """A customer with a lead, touches, two orders and their invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        product = cls.product
        cls.set_up_touches()
        cls.product = product
        cls.one = cls.customer("One")
        cls.lead = cls.env["crm.lead"].create(
            {"name": "L", "type": "lead", "partner_id": cls.one.id, "campaign_id": cls.autumn.id}
        )
        cls.touch(cls.one, 22, cls.spring, cls.mail)
        cls.touch(cls.one, 3, cls.autumn, cls.web)
        cls.first = cls.order(cls.one, 2, 99.99)
        cls.second = cls.order(cls.one, 1, 33.33)
        cls.first._create_invoices().action_post()
        cls.loose = cls.invoice(cls.one, 1, 12.34)
        cls.sale(cls.one, 300, 500)
        cls.metrics.refresh()
        cls.touches._refresh()
        cls.env["crm.campaign.markov"]._rebuild()
        # as if the crons had run after all that
        later = fields.Datetime.now() + timedelta(hours=2)
        for name in ("touchpoints", "follow"):
            cls.env.ref(f"crm_campaign_roi.ir_cron_{name}").lastcall = later
        for queue in ("crm.segment.queue", "crm.campaign.queue"):
            cls.env[queue].sudo().search([]).unlink()

    def results(self):
        """Code → result, of the checks of this add-on in our company."""
        found = self.env["crm.consistency"].check()
        self.assertFalse([one["error"] for one in found if one["error"]])
        mine = [one for one in found if one["company_id"] == self.company.id]
        return {one["code"]: one for one in mine if one["code"] in CODES}

    def found(self):
        """Code → ids of what was found."""
        return {code: one["wrong"] for code, one in self.results().items() if one["wrong"]}

    def break_by(self, statement, *values):
        """Break what is stored, past the ORM."""
        self.env.flush_all()
        self.env.cr.execute(SQL(statement, *values))  # pylint: disable=sql-injection
        self.env.invalidate_all()

    def test_nothing_on_clean_data(self):
        results = self.results()
        self.assertEqual(list(results), list(CODES))
        self.assertFalse(self.found())
        self.assertEqual(results["ledger"]["checked"], 2)
        self.assertGreaterEqual(results["credit"]["checked"], 5)
        self.assertGreaterEqual(results["touches"]["checked"], 3)

    def test_touches(self):
        """A touch that its document doesn't have, and one that is missing."""
        derived = self.derived(self.one)
        self.assertTrue(derived)
        self.break_by(
            "UPDATE crm_touchpoint SET campaign_id = %s WHERE id = %s",
            self.spring.id, derived[0].id,
        )  # fmt: skip
        self.assertEqual(self.found()["touches"], self.one.ids)
        self.break_by("DELETE FROM crm_touchpoint WHERE id = %s", derived[0].id)
        self.assertEqual(self.found()["touches"], self.one.ids)
        self.touches._refresh()
        self.assertFalse(self.found())

    def test_credit(self):
        """A share moved between touches adds up, and is found all the same."""
        rows = self.credit_of(self.first)
        self.assertGreater(len(rows), 1)
        self.break_by(
            "UPDATE crm_campaign_credit"
            " SET weight_linear = CASE position WHEN 1 THEN 1 ELSE 0 END WHERE order_id = %s",
            self.first.id,
        )  # fmt: skip
        self.assertEqual(self.found(), {"credit": self.one.ids})
        # shares that don't add up are named besides
        share = "UPDATE crm_campaign_credit SET weight_position = 0.1 WHERE id = %s"
        self.break_by(share, rows[0].id)
        self.assertEqual(self.found(), {"credit": self.one.ids, "shares": sorted(rows.ids)})
        self.break_by("DELETE FROM crm_campaign_credit WHERE id = %s", rows[-1].id)
        self.assertIn("shares", self.found())
        self.credits._refresh()
        self.assertFalse(self.found())

    def test_what_follows_is_no_finding(self):
        """Queued customers, documents written since the last pass, kinds after new figures."""
        self.break_by("UPDATE crm_campaign_credit SET weight_linear = 0"
                      " WHERE order_id = %s AND position = 1", self.first.id)  # fmt: skip
        self.env["crm.campaign.queue"].sudo()._push(self.one.ids)
        self.assertNotIn("credit", self.found())
        self.assertEqual(self.results()["credit"]["waiting"], self.one.ids)
        self.credits._refresh()
        self.break_by("DELETE FROM crm_campaign_queue")
        self.break_by("UPDATE crm_campaign_credit SET expected_anyway = NOT expected_anyway")
        self.assertEqual(self.found(), {"credit": self.one.ids})
        self.break_by("UPDATE ir_cron SET lastcall = '2020-01-01' WHERE id = %s",
                      self.env.ref("crm_campaign_roi.ir_cron_touchpoints").id)  # fmt: skip
        self.env["crm.segmentation"].create({"name": "X", "method": "rule"}).run()
        self.assertNotIn("credit", self.found())
        self.assertEqual(self.results()["credit"]["waiting"], self.one.ids)

    def test_ledger(self):
        """An invoice whose lines aren't its total."""
        self.break_by("UPDATE account_move SET amount_untaxed_signed = 12.35 WHERE id = %s",
                      self.loose.id)  # fmt: skip
        self.assertEqual(self.found()["ledger"], self.loose.ids)

    def test_orphans_and_channels(self):
        """Credit of a campaign that is gone; shares of channels that are no whole."""
        row = self.credit_of(self.first)[0]
        gone = "UPDATE crm_campaign_credit SET campaign_id = 999999999 WHERE id = %s"
        self.break_by(gone, row.id)
        self.assertEqual(self.found(), {"credit": self.one.ids, "credit_orphans": row.ids})
        channels = self.env["crm.campaign.markov"].sudo().search(
            [("company_id", "=", self.company.id)]
        )
        self.assertTrue(channels)
        self.break_by("UPDATE crm_campaign_markov SET share_orders = share_orders / 2")
        self.assertEqual(self.found()["markov"], sorted(channels.ids))

    def test_kept_results(self):
        """A kept sum that isn't that of the documents, unless these changed since."""
        Stored = self.env["crm.campaign.roi.stored"]
        self.assertEqual(self.results()["kept_results"]["checked"], 0)
        self.company.crm_roi_keep_results = True
        Stored._rebuild()
        self.assertTrue(self.results()["kept_results"]["checked"])
        self.assertEqual(self.found(), {})
        self.break_by("UPDATE crm_campaign_roi_stored SET invoiced = invoiced + 1"
                      " WHERE campaign_id = %s AND invoiced <> 0", self.autumn.id)  # fmt: skip
        kept = "UPDATE res_company SET crm_roi_kept_date = %s WHERE id = %s"
        self.break_by(kept, fields.Datetime.now() + timedelta(hours=1), self.company.id)
        self.env.invalidate_all()
        self.assertEqual(self.found(), {"kept_results": self.autumn.ids})
        self.break_by(kept, fields.Datetime.now() - timedelta(hours=1), self.company.id)
        self.env.invalidate_all()
        self.assertEqual(self.found(), {})
        self.assertEqual(self.results()["kept_results"]["waiting"], self.autumn.ids)
        Stored._rebuild()
        self.assertEqual(self.results()["kept_results"]["waiting"], [])
