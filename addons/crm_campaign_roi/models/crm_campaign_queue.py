"""Customers whose touches and credit are to follow: the segments only ever insert rows."""

from odoo import api, fields, models
from odoo.tools import SQL


class CrmCampaignQueue(models.Model):
    """Customers that the segments have placed anew.

    Placing them never waits for credit, and fails with none of it: it inserts rows here, and a
    cron of its own does the work.
    """

    _name = "crm.campaign.queue"
    _description = "Customers Whose Credit Follows"
    _log_access = False
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        required=True,
        ondelete="cascade",
        index=True,
        export_string_translation=False,
    )

    @api.model
    def _push(self, partner_ids):
        """Queue the customers; the first of those that wait wakes the cron."""
        [[waiting, _added]] = self.env.execute_query(
            SQL(
                """
                WITH added AS (
                    INSERT INTO crm_campaign_queue (partner_id)
                    SELECT id FROM res_partner WHERE id = ANY(%s) RETURNING id
                ) SELECT EXISTS (SELECT FROM crm_campaign_queue), (SELECT COUNT(*) FROM added)
                """,
                list(partner_ids),
            )
        )
        # whom a run that ends at this moment misses is found by the hourly one
        cron = not waiting and self.env.ref(
            "crm_campaign_roi.ir_cron_queue", raise_if_not_found=False
        )
        if cron:
            # sudo: whoever changes a customer may wake the cron without reading it
            cron.sudo()._trigger()

    @api.model
    def _process(self, batch=500):
        """Cron: touches and credit of the queued customers, a batch per transaction."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self._waiting())
        while done := self._process_batch(batch):
            if not cron._commit_progress(done, remaining=self._waiting()):
                return

    def _process_batch(self, batch):
        """Do up to ``batch`` rows, again where somebody wrote the same; how many that were."""
        return self.env["crm.segmentation"]._retried(lambda: self._follow_taken(self._take(batch)))

    def _follow_taken(self, rows):
        if rows:
            self.env["crm.touchpoint"]._refresh(rows)
        return len(rows)

    def _waiting(self):
        return self.env.execute_query(SQL("SELECT COUNT(*) FROM crm_campaign_queue"))[0][0]

    def _take(self, batch):
        """Delete and return the partner ids of up to ``batch`` rows nobody else works on."""
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM crm_campaign_queue WHERE id = ANY(ARRAY(
                    SELECT id FROM crm_campaign_queue ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
                )) RETURNING partner_id
                """,
                batch,
            )
        )
        return [partner for (partner,) in rows]
