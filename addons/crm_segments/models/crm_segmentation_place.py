"""Placing single customers at once, and everybody at night."""

import logging

import psycopg2
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger

from .crm_segmentation_engine import RETRY

_logger = logging.getLogger(__name__)

#: more customers than this are placed in the background
AT_ONCE = 50
#: milliseconds to wait for a lock before the work goes to the queue
LOCK_TIMEOUT = 100


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _place_touched(self, place, figures):
        """Place customers at the end of the call that touched them.

        Never fails the caller: what can't be done at once goes to the queue.

        :param set place: ids of partners to place
        :param set figures: those whose figures changed too
        """
        # sudo: the rules hold for everybody, whoever saved the customer
        self = self.sudo()
        partners = self.env["res.partner"].browse(place).exists()
        # contacts too: one that was a customer until now leaves its segments
        partners |= partners.commercial_partner_id
        if len(partners.commercial_partner_id) > AT_ONCE:
            return self.env["crm.segment.queue"]._push(partners.ids)
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self._set_lock_timeout(LOCK_TIMEOUT)
                if figures:
                    changed = self.env["res.partner"].browse(figures).exists()
                    self.env["crm.customer.metrics"].refresh(changed)
                self._place(partners.ids)
                self._set_lock_timeout(0)
        except (psycopg2.Error, UserError, ValueError) as error:
            _logger.info("Customers %s are placed later: %s", partners.ids, error)
            self.env["crm.segment.queue"]._push(partners.ids)

    def _set_lock_timeout(self, milliseconds):
        self.env.execute_query(
            SQL("SELECT set_config('lock_timeout', %s, TRUE)", str(milliseconds))
        )

    @api.model
    def _place(self, entity_ids):
        """Compute the memberships of a few customers in every company.

        :param list entity_ids: ids of commercial entities, and of partners who were some
        """
        if not entity_ids:
            return
        segmentations = self.sudo().search([("enabled", "=", True)])
        for company in segmentations._companies() if segmentations else ():
            for segmentation in segmentations:
                if segmentation.company_id in (company, self.env["res.company"]):
                    segmentation._run_company(company, entity_ids)
        self.env["res.partner"].invalidate_model(["segment_ids", "leading_segment_id"])
        self.env["crm.lead"].invalidate_model(["segment_ids", "leading_segment_id"])

    @api.model
    def _rebuild_all(self):
        """Cron: figures and memberships of everybody, a commit per segmentation and company."""
        cron = self.env["ir.cron"]
        companies = self.env["res.company"].search([])
        enabled = [("enabled", "=", True)]
        segmentations = self.with_context(segments_run_origin="cron").search(enabled)
        work = [
            (company, segmentation)
            for company in companies
            for segmentation in segmentations
            if segmentation.company_id in (company, self.env["res.company"])
        ]
        cron._commit_progress(remaining=len(work) + len(companies))
        for company in companies:
            self.env["crm.customer.metrics"]._refresh_company(company)
            cron._commit_progress(1)
            for _company, segmentation in filter(lambda one, c=company: one[0] == c, work):
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
