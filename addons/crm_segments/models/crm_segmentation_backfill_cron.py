"""The past is computed in the background when a segmentation comes into use."""

from odoo import api, models


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _backfill_due(self):
        """Cron: compute the past of what came into use and has none yet, one by one."""
        if self.env["crm.job"]._spread("Past of segmentations", self._past_stages):
            return
        cron = self.env["ir.cron"]
        due, asked = self._past_due()
        cron._commit_progress(remaining=len(due))
        for segmentation, company, months in due:
            if not self._retried(segmentation._past_computed, company, months):
                asked.pop(segmentation, None)  # the next run asks again
            cron._commit_progress(1)
        for segmentation, months in asked.items():
            self._retried(segmentation._past_given, months)

    def _past_computed(self, company, months):
        """Compute the past in a company; tell whether there is nothing more to be done."""
        runs = self._backfill_company(company, months)
        given_way = not runs and self._in_use_since(company)
        return not given_way and "failed" not in runs.mapped("state")

    def _past_given(self, months):
        """What was asked for is there, unless somebody asked for another past meanwhile."""
        self.invalidate_recordset(["past_months"])
        if self.past_months == months:
            self.past_months = 0
            self.flush_recordset(["past_months"])

    def _past_due(self):
        """:return: list of :meth:`_due_for_past`, {segmentation: months that somebody asked for}"""
        due = list(self._due_for_past())
        return due, {one: one.past_months for one, *_rest in due if one.past_months}

    def _due_for_past(self):
        """Segmentations in use without a past, or with a longer one asked for.

        :return: iterator of (segmentation, company, months)
        """
        # sudo: who is due is no secret; figures are not told
        companies = self.env["res.company"].sudo().search([("crm_segments_history", ">", 0)])
        for company in companies:
            for segmentation in self._enabled()._applying_to(company)._without_past(company):
                yield segmentation, company, company.crm_segments_history
        for segmentation in self._enabled().filtered("past_months"):
            for company in segmentation._companies():
                yield segmentation, company, segmentation.past_months

    def _without_past(self, company):
        """Those that have been run in the company, but never for the past."""
        Run = self.env["crm.segmentation.run"]
        tried = Run._read_group(
            [("segmentation_id", "in", self.ids), ("company_id", "=", company.id)],
            ["segmentation_id", "origin"],
        )
        past = {segmentation for segmentation, origin in tried if origin == "backfill"}
        return self.filtered(lambda one: one not in past and one._in_use_since(company))

    @api.model
    def _trigger_backfill(self):
        """Wake the cron where a segmentation in use has no past yet."""
        cron = self.env.ref("crm_segments.ir_cron_backfill", raise_if_not_found=False)
        if cron and any(self._due_for_past()):
            # sudo: whoever runs a segmentation may have its past computed, not read the cron
            cron.sudo()._trigger()
