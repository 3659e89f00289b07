"""A queue of customers: rows are only ever inserted, a triggered cron does the work."""

from odoo import api, fields, models
from odoo.tools import SQL


class CrmCustomerQueue(models.AbstractModel):
    """What is done for customers later, in batches that nobody waits for.

    A model that inherits it names its cron in ``_cron`` and does the work in ``_work``.
    """

    _name = "crm.customer.queue"
    _description = "Queue of Customers"
    _log_access = False
    _rec_name = "partner_id"
    #: external id of the cron that calls ``_process``
    _cron = None

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade", index=True)

    @api.model
    def _push(self, partner_ids):
        """Queue the customers and wake the cron when the transaction commits."""
        if not partner_ids:
            return
        self.env.execute_query(
            SQL(
                "INSERT INTO %s (partner_id)"
                " SELECT id FROM res_partner WHERE id = ANY(%s) RETURNING id",
                SQL.identifier(self._table),
                list(partner_ids),
            )
        )
        # an admin may have deleted the cron; posting has to go on all the same
        if cron := self.env.ref(self._cron, raise_if_not_found=False):
            # sudo: whoever posts an invoice may wake the cron without reading it
            cron.sudo()._trigger()

    @api.model
    def _process(self, batch=500):
        """Cron: work on the queued customers, a batch per transaction."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self._waiting())
        while done := self._process_batch(batch):
            if not cron._commit_progress(done, remaining=self._waiting()):
                return

    def _process_batch(self, batch, attempts=5):
        """Work on up to ``batch`` queued customers; return how many rows that were.

        Again from a new snapshot when somebody changed or deleted one of them meanwhile:
        the host repeats what a user does, but never a cron.
        """
        return self.env["crm.segmentation"]._retried(
            lambda: self._work(self._take(batch)), attempts=attempts
        )

    def _work(self, partner_ids):
        """Do what is due for these customers; return how many rows were taken."""
        return len(partner_ids)

    def _waiting(self):
        table = SQL.identifier(self._table)
        [[count]] = self.env.execute_query(SQL("SELECT COUNT(*) FROM %s", table))
        return count

    def _take(self, batch):
        """Delete and return the partner ids of up to ``batch`` rows nobody else works on.

        The rows are chosen once, as an array: a sub-select may be evaluated again for each row
        that is looked at, and takes further ones then.
        """
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM %(queue)s WHERE id = ANY(ARRAY(
                    SELECT id FROM %(queue)s ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
                )) RETURNING partner_id
                """,
                queue=SQL.identifier(self._table),
                batch=batch,
            )
        )
        return [partner for (partner,) in rows]
