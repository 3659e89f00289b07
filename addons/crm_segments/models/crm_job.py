"""Long work in pieces, as jobs of OCA's ``queue_job`` where that is installed."""

import logging
import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .crm_segmentation_place import BUSY

_logger = logging.getLogger(__name__)

#: customers of a piece, where the system parameter doesn't say otherwise
CUSTOMERS = 50_000
PARAMETER = "crm_segments.job_customers"
#: jobs that nobody has taken up for so long have no runner
PATIENCE = timedelta(hours=6)
#: seconds until a piece that met another worker on the same rows is tried again, and how often
PAUSE, TRIES = 20, 30


class CrmJob(models.AbstractModel):
    """Who works through it decides nothing about the result: each piece is what the cron does.

    A piece is a tuple of records, the name of a method, and its arguments (records or what JSON
    carries). Pieces of a stage may be worked on at once, on any node; stages follow each other.
    """

    _name = "crm.job"
    _description = "Long Work in Pieces"

    @api.model
    def _spread(self, name, stages):
        """Make jobs of a work, unless its last ones are still under way.

        :param str name: of the work, shown with each job
        :param stages: function that returns a list of stages, lists of pieces
        :return: whether jobs do it; otherwise the caller does
        """
        if "queue.job" not in self.env or not self._runner_awake(name):
            return False
        if not self._jobs(name, "pending", "enqueued", "started"):
            # what waited for a piece that failed is made anew
            self._jobs(name, "wait_dependencies").button_cancelled()
            if found := [stage for stage in stages() if stage]:
                self._delay(name, found)
        return True

    def _jobs(self, name, *states):
        # sudo: the scheduled action's user needn't manage jobs
        return (
            self.env["queue.job"]
            .sudo()
            .search([("identity_key", "=like", f"{name}/%"), ("state", "in", states)])
        )

    def _runner_awake(self, name):
        """Whether what was made last time was taken up; if not, it is taken back."""
        waiting = self._jobs(name, "pending")
        since = fields.Datetime.now() - PATIENCE
        asleep = waiting.filtered(lambda job: job.date_created < since and not job.retry)
        if asleep:
            _logger.warning("No job runner took up %s: doing it without jobs", name)
            (waiting | self._jobs(name, "wait_dependencies")).button_cancelled()
        return not asleep

    def _delay(self, name, stages):
        # only there where the module is
        from odoo.addons.queue_job.delay import chain, group

        key = f"{name}/{uuid.uuid4().hex}"
        number, groups = 0, []
        for stage in stages:
            delayables = []
            for records, method, *args in stage:
                number += 1
                job = self.delayable(
                    description=f"{name}: {records._description}, {method.strip('_')} {number}",
                    identity_key=f"{key}/{number}",
                    max_retries=TRIES,
                )
                delayables.append(job._do(records, method, *args))
            groups.append(group(*delayables))
        chain(*groups).delay()
        _logger.info("%s: %s jobs in %s stages", name, number, len(groups))

    @api.model
    def _do(self, records, method, *args):
        """Do a piece; one that met another worker on the same rows is put back and repeated."""
        from odoo.addons.queue_job.exception import RetryableJobError

        try:
            getattr(records, method)(*args)
        except BUSY as error:
            raise RetryableJobError(str(error), seconds=PAUSE) from error

    @api.model
    def _ranges(self):
        """Cut the customers into ranges of ids.

        :return: list of (lowest id, highest id), together all contacts
        """
        # sudo: a system parameter; who may start the work was decided before
        size = int(self.env["ir.config_parameter"].sudo().get_param(PARAMETER) or CUSTOMERS)
        return self.env.execute_query(
            SQL(
                """
                SELECT MIN(id), MAX(id) FROM (
                    SELECT id, (ROW_NUMBER() OVER (ORDER BY id) - 1) / %s AS piece FROM res_partner
                ) p GROUP BY piece ORDER BY 1
                """,
                max(size, 1),
            )
        )

    @api.model
    def _within(self, low, high):
        """:return: list of the ids of all contacts of a range"""
        rows = self.env.execute_query(
            SQL("SELECT id FROM res_partner WHERE id BETWEEN %s AND %s", low, high)
        )
        return [partner for (partner,) in rows]
