"""Customers that the segments place anew: those who merged, and whose invoices were posted."""

import logging

import psycopg2
from odoo import models

_logger = logging.getLogger(__name__)
#: the batch is to be done again as a whole
_AGAIN = (psycopg2.errors.SerializationFailure, psycopg2.errors.DeadlockDetected)


class CrmSegmentQueue(models.Model):
    _inherit = "crm.segment.queue"  # pylint: disable=consider-merging-classes-inherited

    def _place_taken(self, rows):
        """Their touches and credit follow; merged customers have those of all."""
        res = super()._place_taken(rows)
        try:
            with self.env.cr.savepoint():
                self.env["crm.touchpoint"]._refresh(rows)
        except _AGAIN:
            raise
        except Exception:  # noqa: BLE001 the segments of these customers hold all the same
            _logger.exception("Credit of %s customers is left to the nightly run", len(rows))
        return res
