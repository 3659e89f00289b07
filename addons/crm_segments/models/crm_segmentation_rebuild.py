"""Rebuilding everything, by the nightly cron."""

from odoo import api, models

from .crm_segmentation_engine import RETRY


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _rebuild_all(self):
        """Cron: figures and memberships of everybody, a commit per segmentation and company."""
        cron = self.env["ir.cron"]
        companies = self.env["res.company"].search([])
        segmentations = self._enabled().with_context(segments_run_origin="cron")
        steps = [len(segmentations._applying_to(company)) + 1 for company in companies]
        cron._commit_progress(remaining=sum(steps))
        for company in companies:
            self.env["crm.customer.metrics"]._refresh_company(company)
            cron._commit_progress(1)
            for level in segmentations._applying_to(company)._levels():
                for segmentation in level:
                    segmentation._run_retried(company)
                    cron._commit_progress(1)

    def _run_retried(self, company, attempts=3):
        """Run again from a new snapshot when somebody placed a customer meanwhile."""
        for attempt in range(1, attempts + 1):
            try:
                return self._run_recorded(company)
            except RETRY:
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
        if cron := self.env.ref("crm_segments.ir_cron_rebuild", raise_if_not_found=False):
            # sudo: whoever changes a setting may start the rebuild, not read the cron
            cron.sudo()._trigger()
