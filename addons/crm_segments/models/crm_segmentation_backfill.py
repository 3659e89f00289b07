"""The past of a segmentation: who would have been where at each month-end."""

import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..lib.month_ends import month_ends
from .past import shadow_tables

#: the longest past that is computed
MAX_MONTHS = 120


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    past_months = fields.Integer(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Technical: months of the past that somebody asked for and that are not computed yet.",
    )
    history_since = fields.Date(
        "Past Known From",
        compute="_compute_history_since",
        help="First month-end for which it was computed who would have been where.",
    )

    @api.depends_context("company")
    def _compute_history_since(self):
        groups = self.env["crm.segment.membership"]._read_group(
            [
                ("segmentation_id", "in", self.ids),
                ("company_id", "=", self.env.company.id),
                ("origin", "=", "backfill"),
            ],
            ["segmentation_id"],
            ["date_from:min"],
        )
        since = {segmentation.id: day for segmentation, day in groups}
        for segmentation in self:
            segmentation.history_since = since.get(segmentation._origin.id)

    def backfill(self, months=12):
        """Compute the stays of the past, month-end by month-end, for every method.

        Figures are counted as of each month-end from accounting and sales history; what
        the host keeps no history of (industry, tags, open opportunities…) is taken as it is
        today, and named so in the evidence. The stays have origin ``backfill`` and end at
        the latest on the day from which the segmentation was in use. Doing it again writes
        only differences, and takes nothing away of a longer past.

        :param int months: how many month-ends before today, 1 to 120
        :return: crm.segmentation.run records of origin ``backfill``, one per segmentation and
            company; none for those that were never run there or are being run just now
        :raises AccessError: for users who may not manage segmentations
        :raises UserError: if ``months`` is no such number
        """
        self._check_past(months)
        # Memberships cover customers of all salespeople; rules hold for everybody.
        self = self.sudo()
        runs = self.env["crm.segmentation.run"]
        for company in self._companies():
            runs |= self._applying_to(company)._backfill_company(company, months)
        return runs

    def _check_past(self, months):
        self.check_access("write")
        self._check_months(months)

    def _check_months(self, months):
        if not isinstance(months, int) or not 1 <= months <= MAX_MONTHS:
            raise UserError(self.env._("Choose between 1 and %s months of the past.", MAX_MONTHS))

    def _backfill_company(self, company, months):
        """Play the past of these segmentations together: figures are counted once a month."""
        clock = time.monotonic()
        free = self.filtered(lambda one: one._lock_run(company))
        starts = {one: start for one in free if (start := one._in_use_since(company))}
        days = {one: one._days_to_play(company, start, months) for one, start in starts.items()}
        written = {}
        with shadow_tables(self.env) as schema:
            failed = self._play(company, days, schema)
            for segmentation in days.keys() - failed.keys():
                start = starts[segmentation]
                written[segmentation] = segmentation._write_past(company, start, schema)
        runs = self.env["crm.segmentation.run"]
        for segmentation in days:
            runs |= segmentation._past_run(
                company, time.monotonic() - clock, written.get(segmentation, 0),
                failed.get(segmentation),
            )  # fmt: skip
        self.env["crm.segment.membership"]._analyze()
        self.env["crm.segment.membership"]._forget_segments()
        return runs

    def _in_use_since(self, company):
        """The day from which the segmentation was kept up to date; None if it never was.

        Nobody may have belonged to it at first: then its first run tells.
        """
        return self._first_day(
            SQL("SELECT MIN(date_from) FROM (%s) stays", self._stays_sql(company, SQL("<>"))),
            SQL(
                """
                SELECT MIN(date_start)::date FROM crm_segmentation_run
                WHERE segmentation_id = %s AND company_id = %s
                  AND state = 'done' AND origin <> 'backfill'
                """,
                self.id,
                company.id,
            ),
        )

    def _history_since(self, company):
        """The first month-end that was computed for the past, None if none was."""
        return self._first_day(
            SQL("SELECT MIN(date_from) FROM (%s) stays", self._stays_sql(company, SQL("=")))
        )

    def _first_day(self, *days):
        parts = SQL(", ").join(SQL("(%s)", day) for day in days)
        [[first]] = self.env.execute_query(SQL("SELECT LEAST(%s)", parts))
        return first

    def _stays_sql(self, company, operator):
        return SQL(
            """
            SELECT date_from FROM crm_segment_membership
            WHERE segmentation_id = %s AND company_id = %s AND origin %s 'backfill'
            """,
            self.id,
            company.id,
            operator,
        )

    def _days_to_play(self, company, start, months):
        """Month-ends before ``start``: of the last months, and of the past that is known."""
        today = self._today()
        if known := self._history_since(company):
            months = max(months, 12 * (today.year - known.year) + today.month - known.month)
        return [day for day in month_ends(today, months) if day < start]

    def _past_run(self, company, seconds, stays, error=None):
        return self.env["crm.segmentation.run"].create(
            {
                "segmentation_id": self.id,
                "company_id": company.id,
                "origin": "backfill",
                "state": "failed" if error else "done",
                "error": self._plain_error(error) if error else False,
                "kept": stays,
                "seconds": seconds,
            }
        )

    def action_backfill(self):
        """Ask how far back."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compute the Past"),
            "res_model": "crm.segmentation.backfill",
            "view_mode": "form",
            "target": "new",
            "context": {"default_segmentation_id": self.id},
        }

    def _tell_past(self, runs):
        """What came of it, as a notification."""
        if failed := runs.filtered(lambda run: run.state == "failed"):
            return self._notify("danger", self.env._("Run failed"), failed[0].error, sticky=True)
        if not runs:
            return self._notify(
                "warning",
                self.env._("Nothing to compute"),
                self.env._("Run the segmentation first: the past ends where it came into use."),
            )
        return self._notify(
            "success",
            self.env._("The past is there"),
            self.env._("%s stays before the segmentation was in use.", sum(runs.mapped("kept"))),
        )

    def _ask_for_past(self, months):
        self.past_months = months
        self._trigger_backfill()
