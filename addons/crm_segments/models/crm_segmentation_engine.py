"""Runs: everybody, one segmentation and company at a time, recorded and guarded."""

import logging
import time

import psycopg2
from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .own_call import EVALUATING
from .rule_day import day_of
from .segment_plan import SegmentPlan
from .settings import settings

_logger = logging.getLogger(__name__)

#: another transaction wrote the same membership meanwhile
RETRY = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.UniqueViolation,
    ConcurrencyError,
)
#: methods that compare customers with each other
RANKING = ("abc", "rfm")


class GuardStop(Exception):
    """A run would move more customers than the company allows without asking."""

    def __init__(self, result):
        super().__init__()
        self.result = result


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def run(self):
        """Bring the memberships up to date in every company that applies.

        A run that fails changes nothing, is recorded with its reason, and does
        not keep the others from running. One that would move more customers than
        the company's guard allows stops before writing and waits to be accepted.
        Segmentations in use that read the members of these are run after them.

        :return: crm.segmentation.run records, one per segmentation and company; none for
            those that another run is working on
        :raises AccessError: for users who may not manage segmentations
        """
        self.check_access("write")
        # memberships cover customers of all salespeople; rules hold for everybody
        self = self.sudo()
        runs = self.env["crm.segmentation.run"]
        affected = self | self._with_readers()
        companies = self._companies()
        # all figures first: who buys in one company is no mere supplier of another
        for company in companies:
            self.env["crm.customer.metrics"]._refresh_company(company)
        for company in companies:
            for level in affected._applying_to(company)._levels():
                for segmentation in level:
                    runs |= segmentation._run_recorded(company)
        return runs.filtered(lambda run: run.segmentation_id in self)

    @api.model
    def _today(self):
        """The day of the rules: the same for everybody, whatever their time zone."""
        return day_of(self.env) or fields.Date.today()

    def _rest(self):
        """The segment for everybody else, if there is one."""
        return self.segment_ids.filtered("is_rest")[:1]

    def _ruled_segments(self):
        """Segments that the method itself gives; 'everybody else' is given to the others."""
        return self.segment_ids.filtered(lambda one: one.active and not one.is_rest)

    def _companies(self):
        """Companies that these segmentations divide the customers of."""
        if all(segmentation.company_id for segmentation in self):
            return self.company_id
        return self.env["res.company"].sudo().search([])

    def _run_recorded(self, company):
        """Run in one company, inside a savepoint.

        :return: the record of the run; none where another run is under way
        """
        clock = time.monotonic()
        if not self._lock_run(company):
            return self.env["crm.segmentation.run"]
        run = self._new_run(company)
        try:
            with self.env.cr.savepoint():
                result = self._run_company(company, run)
                self._check_guard(company, run, result)
                self._tell_changes(company, result)
            result = {**self._counted(result), "state": "done"}
        except GuardStop as stop:
            result = {**self._counted(stop.result), "state": "held"}
        except (UserError, ValueError, psycopg2.Error) as error:
            if isinstance(error, psycopg2.errors.UniqueViolation):
                # the host would take it for a mistake of the user, and not repeat the call
                raise ConcurrencyError(str(error)) from error
            if isinstance(error, RETRY):
                raise  # the caller's transaction is to be retried as a whole
            _logger.warning("Segmentation %s failed in %s: %s", self.id, company.id, error)
            result = {"state": "failed", "error": self._plain_error(error)}
        run.write({**result, "seconds": time.monotonic() - clock})
        return run

    def _tell_changes(self, company, result):
        """What follows on joining and leaving, once the guard has let the run pass."""
        Membership = self.with_env(self._rule_env(company)).env["crm.segment.membership"]
        if not Membership._tell_changed(result["joined"], result["left"]):
            result["notes"] = [*result["notes"], "followers_failed"]

    def _new_run(self, company):
        return self.env["crm.segmentation.run"].create(
            {
                "segmentation_id": self.id,
                "company_id": company.id,
                "state": "running",
                "origin": self.env.context.get("segments_run_origin", "manual"),
                "definition_key": self._definition_key(),
            }
        )

    def _counted(self, result):
        """What the record of a run keeps of its result."""
        return {
            "joined": len(result["joined"]),
            "left": len(result["left"]),
            "kept": result["kept"],
            "spared": result["spared"],
            "moved": result["moved"],
            "members": result["members"],
            "notes": result["notes"],
        }

    def _plain_error(self, error):
        """The reason in words; the technical text goes to the log."""
        if isinstance(error, UserError):
            return error.args[0]
        if isinstance(error, psycopg2.OperationalError):
            return self.env._("The database could not finish the work in time. Try again later.")
        if isinstance(error, psycopg2.Error):
            return self.env._(
                "A rule compares a field with a value that doesn't fit it. "
                "Open the rules and choose the values anew."
            )
        return self.env._(
            "The rules can't be evaluated. Open them and choose the conditions anew."
        )

    def _run_company(self, company, run=None):
        """Compute who belongs where in ``company`` and write the differences.

        :param run: crm.segmentation.run record that decides, None for none
        :return: dict as of ``_apply_plan``, with codes of ``notes``
        """
        self.ensure_one()
        with self._over_everybody():
            scoped = self._evaluating(company)
            Membership = scoped.env["crm.segment.membership"]
            Membership._heed_clock(scoped, company)
            Membership._release_pins(scoped, company)
            results = [Membership._apply_plan(plan, run) for plan in scoped._plans(company)]
        total = {
            key: sum((one[key] for one in results), start=type(results[0][key])())
            for key in ("joined", "left", "kept", "spared", "moved", "members")
        }
        Membership._mark_exclusive(scoped, company)
        return {**total, "notes": scoped._run_notes(company)}

    def _over_everybody(self):
        """Statements over everybody, joined by hashes.

        The planner takes the population for a handful of rows, and figures that were just
        written for none: a nested loop would then compare each customer with each, and a merge
        would walk all figures along an index. An error takes the settings back with the savepoint
        of the run.
        """
        return settings(self.env, enable_nestloop="off", enable_mergejoin="off")

    def _evaluating(self, company, partner_ids=None):
        """These segmentations as rules are evaluated, with everything pending written.

        :param partner_ids: ids of the customers that are placed, None for everybody
        """
        self.env.flush_all()  # hand-written statements see nothing that is pending
        # a context may come from outside: nothing in it decides who is looked at
        scoped = self.with_env(self._rule_env(company)).with_context(
            segments_scope=partner_ids, segments_strata=None, segments_unranked=False, **EVALUATING
        )
        if partner_ids is not None and any(one.method in RANKING for one in self):
            unranked = not scoped.env["crm.customer.metrics"].search_count(
                [("company_id", "=", company.id), ("partner_id", "in", list(partner_ids))], limit=1
            )
            scoped = scoped.with_context(segments_unranked=unranked)
        prepared = {
            one.id: getattr(one, f"_prepare_{one.method}")(company, one._looked_at(company))
            for one in scoped
            if hasattr(one, f"_prepare_{one.method}")
        }
        return scoped.with_context(segments_prepared=prepared)

    def _divided_domain(self, company):
        """Domain of all customers that are divided in ``company``."""
        customers = self.env["res.partner"]._company_customers_domain(company)
        return self._population_domain() & customers

    def _looked_at(self, company):
        """Domain of the customers that are divided, or of those of them that are placed."""
        domain = self._divided_domain(company)
        scope = self.env.context.get("segments_scope")
        return domain if scope is None else domain & Domain("id", "in", list(scope))

    def _plans(self, company):
        """One plan per group of segments that are decided together."""
        strata = self._strata()
        if len(strata) == 1:
            return [SegmentPlan(self, company)]
        return (SegmentPlan(self, company, strata=stratum) for stratum in strata)

    def _run_notes(self, company):
        """Codes of what the user should know about this run."""
        if not self.segment_ids:
            return ["no_segments"]
        return getattr(self, f"_notes_{self.method}", lambda *_args: [])(
            company, self._looked_at(company)
        )

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

        :return: whether it is this one
        """
        [[free]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", 737_000_000 + self.id, company.id)
        )
        return free

    # Methods that rank customers against each other look at everybody, also
    # where only a few customers are to be placed.

    def _everybody(self, population):
        """The population without the restriction to the customers that are placed."""
        if self.env.context.get("segments_scope") is None:
            return population
        return self._divided_domain(self.env.company)

    def _only(self):
        """Condition that keeps the customers that are placed, of rows ``p``."""
        if self.env.context.get("segments_scope") is None:
            return SQL("TRUE")
        return SQL("p.partner_id IN (SELECT id FROM touched)")

    def _ranks_nobody(self):
        """Whether only customers without any figures are placed: ranking can be spared."""
        return bool(self.env.context.get("segments_unranked"))
