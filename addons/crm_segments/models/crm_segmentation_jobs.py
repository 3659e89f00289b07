"""The nightly run and the past, cut into pieces for ``crm.job``."""

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _rebuild_stages(self):
        """The nightly run: figures by company and range, then a segmentation and company each.

        Who compares customers with each other needs all of them: ranges end with the figures.
        """
        # by id, not up to the last one: a row with a smaller id may be committed meanwhile
        covered = self.env["crm.segment.queue"].search([])
        Metrics = self.env["crm.customer.metrics"]
        companies = self.env["res.company"].search([])
        ranges = self.env["crm.job"]._ranges()
        yield [(Metrics, "_refresh_population", company) for company in companies]
        yield [
            (Metrics, "_refresh_range", company, *bounds)
            for company in companies
            for bounds in ranges
        ]
        yield from self._run_stages(companies)
        yield [(covered, "_covered"), (self.browse(), "_trigger_backfill")]

    def _run_stages(self, companies):
        """Segmentations that read each other come one after the other, in each company."""
        stages = []
        for company in companies:
            for number, level in enumerate(self._enabled()._applying_to(company)._levels()):
                if number == len(stages):
                    stages.append([])
                stages[number] += [(one, "_run_job", company) for one in level]
        return stages

    def _run_job(self, company):
        if not self.with_context(segments_run_origin="cron")._run_recorded(company):
            raise ConcurrencyError("Another run of the segmentation is under way")

    @api.model
    def _past_stages(self):
        """The past: a segmentation and company each, then what was asked for is noted as given."""
        due, asked = self._past_due()
        yield [(one, "_past_computed", company, months) for one, company, months in due]
        now = fields.Datetime.now()
        yield [
            (one, "_past_given_since", months, fields.Datetime.to_string(now))
            for one, months in asked.items()
        ]

    def _past_given_since(self, months, since):
        """Note that a past was given, where no company's run failed or gave way meanwhile."""
        runs = self.env["crm.segmentation.run"].search(
            [
                ("segmentation_id", "=", self.id),
                ("origin", "=", "backfill"),
                ("create_date", ">=", since),
            ]
        )
        used = self._companies().filtered(self._in_use_since)
        if used <= runs.company_id and "failed" not in runs.mapped("state"):
            self._past_given(months)
