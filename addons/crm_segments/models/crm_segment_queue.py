"""Customers to place later: rows are only ever inserted by those who post."""

from odoo import api, fields, models
from odoo.tools import SQL


class CrmSegmentQueue(models.Model):
    """Customers whose documents changed.

    Posting an invoice only adds a row here: an upsert of the customer's figures
    inside the posting transaction would make two people who post for one
    customer wait for, or fail, each other. A triggered cron does the work.
    """

    _name = "crm.segment.queue"
    _description = "Customers to Place"
    _log_access = False
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade", index=True)

    @api.model
    def _push(self, partner_ids):
        """Queue the customers and wake the cron when the transaction commits."""
        if not partner_ids:
            return
        self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_segment_queue (partner_id)
                SELECT id FROM res_partner WHERE id = ANY(%s) RETURNING id
                """,
                list(partner_ids),
            )
        )
        # an admin may have deleted the cron; posting has to go on all the same
        if cron := self.env.ref("crm_segments.ir_cron_queue", raise_if_not_found=False):
            # sudo: whoever posts an invoice may wake the cron without reading it
            cron.sudo()._trigger()

    @api.model
    def _process(self, batch=500):
        """Cron: place the queued customers, a batch per transaction."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self._waiting())
        if self._too_many():
            return self._rebuild_instead()
        while done := self._process_batch(batch):
            if not cron._commit_progress(done, remaining=self._waiting()):
                return

    def _process_batch(self, batch, attempts=5):
        """Place up to ``batch`` queued customers; return how many rows that were.

        Again from a new snapshot when somebody placed or deleted one of them meanwhile:
        the host repeats what a user does, but never a cron.
        """
        return self.env["crm.segmentation"]._retried(
            lambda: self._place_taken(self._take(batch)), attempts=attempts
        )

    def _place_taken(self, rows):
        partners = self.env["res.partner"].browse(rows).exists()
        self.env["crm.customer.metrics"].refresh(partners)
        # contacts too: one that was a customer until now leaves its segments
        self.env["crm.segmentation"]._place((partners | partners.commercial_partner_id).ids)
        return len(rows)

    def _too_many(self):
        """Whether so many wait that a run of everybody, which asks before it moves many, is due.

        Each company has its own share. As many as are placed immediately are no mass change,
        however few customers there are.
        """
        # sudo: the settings of each company decide, whoever wakes the cron
        companies = self.env["res.company"].sudo().search([("crm_segments_guard", ">", 0)])
        waiting = self._waiting_by_company(companies)
        return any(
            0 < company.crm_segments_guard * self._members(company) < waiting[company.id] * 100
            for company in companies
            if waiting[company.id] > company.crm_segments_at_once
        )

    def _waiting_by_company(self, companies):
        """Id of each company → number of customers that wait and that it may deal with."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.company_id, COUNT(DISTINCT p.commercial_partner_id)
                FROM crm_segment_queue q JOIN res_partner p ON p.id = q.partner_id
                GROUP BY p.company_id
                """
            )
        )
        counts = dict(rows)
        # sudo: ids of companies above the one that is looked at
        return {
            one.id: sum(counts.get(owner, 0) for owner in (None, *one.sudo().parent_ids.ids))
            for one in companies
        }

    def _members(self, company):
        [[count]] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(DISTINCT partner_id) FROM crm_segment_membership
                WHERE company_id = %s AND date_to IS NULL
                """,
                company.id,
            )
        )
        return count

    def _rebuild_instead(self):
        """Run everything; what was queued until now is covered by it."""
        # by id, not up to the last one: a row with a smaller id may be committed meanwhile
        covered = self.search([])
        if self.env["crm.segmentation"]._rebuild_all():
            covered.exists().unlink()

    def _waiting(self):
        return self.env.execute_query(SQL("SELECT COUNT(*) FROM crm_segment_queue"))[0][0]

    def _take(self, batch):
        """Delete and return the partner ids of up to ``batch`` rows nobody else works on.

        The rows are chosen once, as an array: a sub-select may be evaluated again for each row
        that is looked at, and takes further ones then.
        """
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM crm_segment_queue WHERE id = ANY(ARRAY(
                    SELECT id FROM crm_segment_queue ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
                )) RETURNING partner_id
                """,
                batch,
            )
        )
        return [partner for (partner,) in rows]
