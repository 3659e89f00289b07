"""Who belongs where: one set-based statement per segmentation and company."""

import logging
import time

import psycopg2
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: another transaction wrote the same membership meanwhile
RETRY = (psycopg2.errors.SerializationFailure, psycopg2.errors.UniqueViolation)


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def run(self):
        """Bring the memberships up to date in every company that applies.

        A run that fails changes nothing, is recorded with its reason, and does
        not keep the others from running.

        :return: crm.segmentation.run records, one per segmentation and company
        :raises AccessError: for users who may not manage segmentations
        """
        self.check_access("write")
        # Memberships cover customers of all salespeople; the rules of a
        # segmentation hold for everybody.
        self = self.sudo()
        runs = self.env["crm.segmentation.run"]
        for company in self._companies():
            self.env["crm.customer.metrics"]._refresh_company(company)
            for segmentation in self._applying_to(company):
                runs |= segmentation._run_recorded(company)
        return runs

    def _rest(self):
        """The segment for everybody else, if there is one."""
        return self.segment_ids.filtered("is_rest")[:1]

    def _companies(self):
        """Companies that these segmentations divide the customers of."""
        if all(segmentation.company_id for segmentation in self):
            return self.company_id
        return self.env["res.company"].sudo().search([])

    def _run_recorded(self, company):
        """Run in one company, inside a savepoint; return the record of the run."""
        started, clock = fields.Datetime.now(), time.monotonic()
        try:
            with self.env.cr.savepoint():
                result = {"state": "done", **self._run_company(company)}
        except (UserError, ValueError, psycopg2.Error) as error:
            if isinstance(error, RETRY):
                raise  # the caller's transaction is to be retried as a whole
            _logger.warning("Segmentation %s failed in %s: %s", self.id, company.id, error)
            result = {"state": "failed", "error": self._plain_error(error)}
        self.env["res.partner"].invalidate_model(["segment_ids", "leading_segment_id"])
        return self.env["crm.segmentation.run"].create(
            {
                "segmentation_id": self.id,
                "company_id": company.id,
                "date_start": started,
                "seconds": time.monotonic() - clock,
                "origin": self.env.context.get("segments_run_origin", "manual"),
                **result,
            }
        )

    def _plain_error(self, error):
        """The reason in words; the technical text goes to the log."""
        if isinstance(error, UserError):
            return error.args[0]
        if isinstance(error, psycopg2.Error):
            return self.env._(
                "A rule compares a field with a value that doesn't fit it. "
                "Open the rules and choose the values anew."
            )
        return str(error)

    def _run_company(self, company, partner_ids=None):
        """Compute the target of ``company`` and write the differences.

        :param partner_ids: ids of commercial entities, None for everybody
        :return: dict of joined, left, kept (numbers of memberships) and notes
        """
        if partner_ids is None:
            self._lock_run(company)
        # nothing pending in memory may be missing from a hand-written statement
        self.env.flush_all()
        scoped = self.with_env(self._rule_env(company)).with_context(segments_scope=partner_ids)
        domain = scoped._population_domain() & scoped.env["res.partner"]._company_customers_domain(
            company
        )
        if partner_ids is not None:
            domain &= Domain("id", "in", partner_ids)
        prepared = getattr(scoped, f"_prepare_{self.method}", lambda *_args: None)(company, domain)
        scoped = scoped.with_context(segments_prepared=prepared)
        target = getattr(scoped, f"_target_{self.method}")(company, domain)
        result = scoped.env["crm.segment.membership"]._apply_target(
            scoped, company, target, scoped._population_query(domain), partner_ids
        )
        if partner_ids is not None:
            return result
        return {**result, "notes": scoped._run_notes(company, domain)}

    def _run_notes(self, company, domain):
        """Codes of what the user should know about this run."""
        if not self.segment_ids:
            return ["no_segments"]
        return getattr(self, f"_notes_{self.method}", lambda *_args: [])(company, domain)

    def _population_query(self, domain, *fnames):
        """SELECT of ids of the population, with the SQL of the named fields behind.

        :param domain: Domain on res.partner
        :param fnames: names of partner fields; column ``v1``, ``v2``…
        """
        Partner = self.env["res.partner"]
        query = Partner._search(domain)
        table = Partner._table
        columns = [
            SQL("%s AS %s", Partner._field_to_sql(table, fname, query), SQL.identifier(f"v{index}"))
            for index, fname in enumerate(fnames, 1)
        ]
        return query.select(SQL("%s AS partner_id", SQL.identifier(table, "id")), *columns)

    def _lock_run(self, company):
        """One full run of a segmentation in a company at a time, until the transaction ends.

        :raises UserError: if another run is under way
        """
        [[free]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", 737_000_000 + self.id, company.id)
        )
        if not free:
            raise UserError(self.env._("Another run of this segmentation is under way."))

    # Methods that rank customers against each other look at everybody, also
    # where only a few customers are to be placed.

    def _everybody(self, population):
        """The population without the restriction to the customers that are placed."""
        if self.env.context.get("segments_scope") is None:
            return population
        return self._population_domain() & self.env["res.partner"]._company_customers_domain(
            self.env.company
        )

    def _only(self, population):
        """WHERE clause that keeps the customers that are placed, of rows ``p``."""
        scope = self.env.context.get("segments_scope")
        return SQL() if scope is None else SQL("WHERE p.partner_id = ANY(%s)", list(scope))

    def _ranks_nobody(self, company):
        """Whether only customers without any figures are placed: ranking can be spared."""
        scope = self.env.context.get("segments_scope")
        if scope is None:
            return False
        found = self.env["crm.customer.metrics"].search_count(
            [("company_id", "=", company.id), ("partner_id", "in", list(scope))], limit=1
        )
        return not found
