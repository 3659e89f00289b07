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
    def _place_touched(self, place, figures, names=None):
        """Place customers at the end of the call that touched them.

        Never fails the caller: what can't be done at once goes to the queue.

        :param set place: ids of partners to place
        :param set figures: those whose figures changed too
        :param set names: fields that changed, None for any
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
                self._place(partners.ids, names)
                self._set_lock_timeout(0)
        except (psycopg2.Error, UserError, ValueError) as error:
            _logger.info("Customers %s are placed later: %s", partners.ids, error)
            self.env["crm.segment.queue"]._push(partners.ids)

    def _set_lock_timeout(self, milliseconds):
        self.env.execute_query(
            SQL("SELECT set_config('lock_timeout', %s, TRUE)", str(milliseconds))
        )

    @api.model
    def _place(self, entity_ids, names=None):
        """Compute the memberships of a few customers in every company.

        :param list entity_ids: ids of commercial entities, and of partners who were some
        :param set names: fields that changed; segmentations that read none are left alone
        """
        segmentations = self.sudo().search([("enabled", "=", True)])._reading(names)
        if not entity_ids or not segmentations:
            return
        for company in segmentations._companies():
            for segmentation in segmentations._applying_to(company):
                segmentation._place_in(company, entity_ids)
        self.env["res.partner"].invalidate_model(["segment_ids", "leading_segment_id"])
        self.env["crm.lead"].invalidate_model(["segment_ids", "leading_segment_id"])

    def _place_in(self, company, entity_ids):
        """One broken rule keeps neither the customer from being saved nor the other rules."""
        try:
            with self.env.cr.savepoint():
                self._run_company(company, entity_ids)
        except (psycopg2.OperationalError, *RETRY):
            raise  # busy: all of it later
        except (psycopg2.Error, UserError, ValueError) as error:
            _logger.warning("Segmentation %s can't place customers: %s", self.id, error)

    def _applying_to(self, company):
        """Those of these segmentations that divide the customers of ``company``."""
        return self.filtered(lambda one: one.company_id in (company, one.env["res.company"]))

    @api.model
    def _rebuild_all(self):
        """Cron: figures and memberships of everybody, a commit per segmentation and company."""
        cron = self.env["ir.cron"]
        companies = self.env["res.company"].search([])
        enabled = [("enabled", "=", True)]
        segmentations = self.with_context(segments_run_origin="cron").search(enabled)
        steps = [len(segmentations._applying_to(company)) + 1 for company in companies]
        cron._commit_progress(remaining=sum(steps))
        for company in companies:
            self.env["crm.customer.metrics"]._refresh_company(company)
            cron._commit_progress(1)
            for segmentation in segmentations._applying_to(company):
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
