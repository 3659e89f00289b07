"""Placing single customers at once."""

import logging

import psycopg2
from odoo import api, models, tools
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .crm_segmentation_engine import RETRY
from .segment_plan import SegmentPlan
from .settings import settings

_logger = logging.getLogger(__name__)

#: others are at work on the same customers or have deleted one: no rule is to blame
BUSY = (psycopg2.OperationalError, *RETRY)
#: milliseconds to wait for a lock before the work goes to the queue: the least there is
LOCK_TIMEOUT = 1


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @tools.ormcache("self._draft()")
    def _enabled_ids(self):
        # superuser: which divisions are in use is the same for everybody
        return tuple(self.sudo().search([("enabled", "=", True)]).ids)

    @api.model
    def _enabled(self):
        """Segmentations in use."""
        return self.sudo().browse(self._enabled_ids())  # sudo: rules hold for everybody

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
        if len(partners.commercial_partner_id) > self.env.company.crm_segments_at_once:
            return self.env["crm.segment.queue"]._push(partners.ids)
        # what is pending belongs to the caller: its errors are not ours to swallow
        self.env.flush_all()
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint(), self._impatient():
                if figures:
                    changed = self.env["res.partner"].browse(figures).exists()
                    self.env["crm.customer.metrics"].refresh(changed)
                self._place(partners.ids, names)
        except (psycopg2.Error, UserError, ValueError) as error:
            _logger.info("Customers %s are placed later: %s", partners.ids, error)
            self.env["crm.segment.queue"]._push(partners.ids)
        # what add-ons do when customers join is no reason not to save them
        except Exception:  # pylint: disable=broad-exception-caught
            _logger.exception("Customers %s are placed later", partners.ids)
            self.env["crm.segment.queue"]._push(partners.ids)

    def _impatient(self):
        """Wait for no lock; an error takes this back with its savepoint."""
        return settings(self.env, lock_timeout=str(LOCK_TIMEOUT))

    @api.model
    def _place(self, entity_ids, names=None):
        """Compute the memberships of a few customers in every company.

        The number of statements does not depend on the number of rules.

        :param list entity_ids: ids of commercial entities, and of partners who were some
        :param set names: fields that changed; segmentations that read none are left alone
        """
        segmentations = self._enabled()._reading(names)
        if not entity_ids or not segmentations:
            return
        for company in segmentations._companies():
            for level in segmentations._applying_to(company)._levels():
                level._place_in(company, entity_ids)

    def _place_in(self, company, entity_ids):
        """All rules in one statement; where one is broken, each on its own.

        A broken rule keeps neither the customer from being saved nor the others.
        """
        try:
            with self.env.cr.savepoint():
                self._place_together(company, entity_ids)
        except BUSY:
            raise  # busy: all of it later
        except (psycopg2.Error, UserError, ValueError) as error:
            if len(self) > 1:
                for segmentation in self:
                    segmentation._place_in(company, entity_ids)
            else:
                self._record_failure(company, error)

    def _place_together(self, company, entity_ids):
        scoped = self._evaluating(company, list(entity_ids))
        Membership = scoped.env["crm.segment.membership"]
        joined, left = [], []
        for plan in scoped._placing_plans(company, list(entity_ids)):
            result = Membership._apply_plan(plan)
            joined += result["joined"]
            left += result["left"]
        if joined or left:
            Membership._tell_changed(joined, left)

    def _placing_plans(self, company, entity_ids):
        """One plan for all, and one per group of segments where some read their siblings."""
        simple = self.filtered(lambda one: len(one._strata()) == 1)
        if simple:
            yield SegmentPlan(simple, company, entity_ids)
        for segmentation in self - simple:
            for stratum in segmentation._strata():
                yield SegmentPlan(segmentation, company, entity_ids, stratum)

    def _record_failure(self, company, error):
        """Show on the card that a rule is broken; one record, however often customers are saved."""
        _logger.warning("Segmentation %s can't place customers: %s", self.id, error)
        if self.with_company(company).last_run_state != "failed":
            self.env["crm.segmentation.run"].create(
                {
                    "segmentation_id": self.id,
                    "company_id": company.id,
                    "origin": "event",
                    "state": "failed",
                    "error": self._plain_error(error),
                }
            )

    def _applying_to(self, company):
        """Those of these segmentations that divide the customers of ``company``."""
        return self.filtered(lambda one: one.company_id in (company, one.env["res.company"]))
