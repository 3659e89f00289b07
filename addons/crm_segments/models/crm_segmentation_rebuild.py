"""Rebuilding everything, by the nightly cron."""

from odoo import api, models

from .crm_segmentation_place import BUSY
from .draft import draft_of


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _rebuild_all(self):
        """Cron: figures and memberships of everybody, a commit per segmentation and company.

        :return: whether every run was made, none gave way to another; None where jobs make them
        """
        if self.env["crm.job"]._spread("Nightly run", self._rebuild_stages):
            return None
        cron = self.env["ir.cron"]
        companies = self.env["res.company"].search([])
        segmentations = self._enabled().with_context(segments_run_origin="cron")
        steps = [len(segmentations._applying_to(company)) + 1 for company in companies]
        cron._commit_progress(remaining=sum(steps))
        complete = True
        # all figures first: who buys in one company is no mere supplier of another
        for company in companies:
            self._retried(self.env["crm.customer.metrics"]._refresh_company, company)
            cron._commit_progress(1)
        for company in companies:
            for level in segmentations._applying_to(company)._levels():
                for segmentation in level:
                    complete &= bool(segmentation._run_retried(company))
                    cron._commit_progress(1)
        self._trigger_backfill()
        return complete

    def _run_retried(self, company):
        """Run; where others are in the way all the time, say so and let the others run."""
        try:
            return self._retried(self._run_recorded, company)
        except BUSY:
            run = self._new_run(company)
            run.state = "failed"
            run.error = self.env._(
                "Customers were being changed all the time by others. The next run tries again."
            )
            return run

    @api.model
    def _retried(self, function, *args, attempts=5):
        """Call again from a new snapshot when somebody changed the same customers meanwhile.

        Whatever was done before has to be committed: the host repeats no cron.
        """
        for attempt in range(1, attempts + 1):
            try:
                return function(*args)
            except BUSY:
                self.env.cr.rollback()
                if attempt == attempts:
                    raise

    @api.model
    def _enable_on_empty_database(self):
        """Switch the shipped segmentations on where there is no customer yet.

        On a database with customers an admin does so when ready, because the
        first run reads all their documents.
        """
        if not self.env["res.partner"].search_count([("is_crm_customer", "=", True)], limit=1):
            self.search([]).enabled = True

    @api.model
    def _trigger_rebuild(self):
        if draft_of(self.env):
            return  # a rule that is only looked at wakes nobody
        if cron := self.env.ref("crm_segments.ir_cron_rebuild", raise_if_not_found=False):
            # sudo: whoever changes a setting may start the rebuild, not read the cron
            cron.sudo()._trigger()
