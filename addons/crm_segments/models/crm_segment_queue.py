"""Customers to place later: rows are only ever inserted by those who post."""

from odoo import api, models
from odoo.tools import SQL


class CrmSegmentQueue(models.Model):
    """Customers whose documents changed.

    Posting an invoice only adds a row here: an upsert of the customer's figures
    inside the posting transaction would make two people who post for one
    customer wait for, or fail, each other. A triggered cron does the work.
    """

    _name = "crm.segment.queue"
    _inherit = ["crm.customer.queue"]
    _description = "Customers to Place"
    _log_access = False
    _cron = "crm_segments.ir_cron_queue"

    @api.model
    def _process(self, batch=500):
        """Cron: place the queued customers; all of them together where that is less work."""
        if self._too_many():
            self.env["ir.cron"]._commit_progress(remaining=self._waiting())
            return self._rebuild_instead()
        return super()._process(batch)

    def _work(self, rows):
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
            covered._covered()

    def _covered(self):
        """A run of everybody has placed these customers."""
        self.exists().unlink()
