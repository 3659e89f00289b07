"""The cron: who enters is drawn, who is due takes the step; a batch per transaction."""

import logging

import psycopg2
from odoo import api, models
from odoo.addons.crm_segments.lib.experiment import assign
from odoo.tools import SQL, mute_logger

from ..lib.scenario_steps import next_day, step_day

_logger = logging.getLogger(__name__)

#: runs per transaction
BATCH = 1000
_BUSY = (
    psycopg2.errors.LockNotAvailable,
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
)


class CrmScenarioRun(models.Model):
    _inherit = "crm.scenario.run"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_process(self):
        """Find who enters, end and pause what is over, then do what is due."""
        cron = self.env["ir.cron"]
        for company in self.env["res.company"].search([]):
            runs = self.with_company(company)
            runs.env["crm.scenario"]._collect(company)
            runs._sweep(company)
            cron._commit_progress(remaining=self._waiting())
        while done := self._process_batch():
            if not cron._commit_progress(done, remaining=self._waiting()):
                return

    def _due_domain(self):
        today = self.env["crm.segmentation"]._today()
        return [("state", "in", ("entering", "running", "held")), ("date_next", "<=", today)]

    def _waiting(self):
        return self.search_count(self._due_domain())

    def _process_batch(self, limit=BATCH):
        """Take up to ``limit`` runs one step or more; return how many that were.

        Runs that somebody else works on are left to them.
        """
        first = self.search(self._due_domain(), order="company_id, id", limit=1)
        if not first:
            return 0
        domain = [*self._due_domain(), ("company_id", "=", first.company_id.id)]
        runs = self.search(domain, order="id", limit=limit).try_lock_for_update()
        runs = runs.with_company(first.company_id).filtered_domain(domain)
        taken = len(runs)
        entering = runs.filtered(lambda run: run.state == "entering")
        runs = (runs - entering) | entering._begin()
        runs._take_steps()
        return taken

    # -- entering -------------------------------------------------------------

    def _begin(self):
        """Draw the arms, fix the version; whoever has the goal already is let go."""
        begun = self.browse()
        for scenario, runs in self.grouped("scenario_id").items():
            runs._fill_segments()
            for version, some in runs._by_version(scenario._version()):
                ready = some._without_goal(version)
                (some - ready).unlink()
                ready._draw(version)
                ready._start(version)
                begun |= ready
        return begun.filtered(lambda run: run.arm != "control")

    def _without_goal(self, version):
        """Runs whose condition isn't satisfied yet: there would be nothing to reach."""
        if version.definition["goal"] != "domain":
            return self
        satisfied = self._targets_fitting(version.definition["goal_domain"])
        return self.filtered(lambda run: run._target().id not in satisfied)

    def _fill_segments(self):
        """The segment in the leading segmentation, where none brought the customer in."""
        self.flush_recordset()
        self.env["crm.segment.membership"].flush_model()
        self.env.execute_query(
            SQL(
                """
                UPDATE crm_scenario_run r SET segment_id = m.segment_id
                FROM crm_segment_membership m
                WHERE r.id = ANY(%s) AND r.segment_id IS NULL AND m.partner_id = r.partner_id
                  AND m.company_id = r.company_id AND m.segmentation_id = %s
                  AND m.date_to IS NULL AND m.pinned IS DISTINCT FROM 'out' RETURNING r.id
                """,
                self.ids,
                self.env.company._leading_segmentation().id or 0,
            )
        )
        self.invalidate_recordset(["segment_id"])

    def _draw(self, version):
        """Assign the arms: random within each segment, the same customer always alike."""
        share = version.holdout / 100
        drawn = self.filtered(lambda run: run.origin == "trigger") if share else self.browse()
        drawn -= drawn._never_held(version)
        seed = version.sudo().seed  # sudo: the seed is for managers to read
        control = drawn._allotted(drawn._arms_before(version), "control", share, seed)
        control._put({"arm": "control"})
        (drawn - control)._put({"arm": "treated"})
        rest = self - drawn
        by_hand = rest.filtered(lambda run: run.origin == "hand" or share)
        by_hand._put({"arm": "outside"})
        (rest - by_hand)._put({"arm": "treated"})

    def _allotted(self, known, lot, share, seed):
        """Who is drawn: whoever drew it before, and of all others a share within each segment.

        :param dict known: key → what an earlier run of the same customer drew
        :param lot: what is drawn
        """
        fresh = self.filtered(lambda run: run._key() not in known)
        flags = assign(
            [run._key() for run in fresh], [run.segment_id.id for run in fresh], share, seed
        )
        found = {run.id for run, flag in zip(fresh, flags, strict=True) if flag}
        return self.filtered(lambda run: run.id in found or known.get(run._key()) == lot)

    def _key(self):
        """What the draw knows of a run: the lead or the customer."""
        return f"l{self.lead_id.id}" if self.lead_id else f"p{self.partner_id.id}"

    def _never_held(self, version):
        """Runs of customers from whom nothing is withheld."""
        never = version.definition["never_held"]
        if not never:
            return self.browse()
        memberships = self.env["crm.segment.membership"]
        domain = memberships._current_domain(self.env.company)
        found = memberships._read_group(
            [*domain, ("segment_id", "in", never), ("partner_id", "in", self.partner_id.ids)],
            [], ["partner_id:array_agg"],
        )[0][0]  # fmt: skip
        ids = set(found or ())
        return self.filtered(lambda run: run.partner_id.id in ids)

    def _arms_before(self, version):
        """Key → arm of an earlier run of the same customer in this version."""
        earlier = self.search(
            [("version_id", "=", version.id), ("arm", "in", ("treated", "control")),
             "|", ("partner_id", "in", self.partner_id.ids), ("lead_id", "in", self.lead_id.ids)],
            order="id",
        )  # fmt: skip
        return {run._key(): run.arm for run in reversed(earlier - self)}

    def _start(self, version):
        """Fix where each run stands at the beginning."""
        today = self.env["crm.segmentation"]._today()
        steps = version._steps()
        first = version._step(0)
        values = {
            "version_id": version.id, "state": "running", "date_base": today, "position": 0,
            "date_start": today, "watched_from": self.env.cr.now(),
            "date_deadline": step_day(today, version.deadline_days, "days"),
            "step_id": self._known_step(steps[0]["id"]) if steps else False,
        }  # fmt: skip
        control = self.filtered(lambda run: run.arm == "control")
        control._put({**values, "date_next": False, "step_id": False})
        for step, runs in (self - control)._by_pace(first):
            runs._put({**values, "date_next": next_day(step, today, today)})
        self._note_figures()

    def _known_step(self, step_id):
        return self.env["mail.activity.plan.template"].browse(step_id).exists().id

    def _note_figures(self):
        """Purchases and sales so far: the goal counts from here."""
        self.flush_recordset()
        self.env["crm.customer.metrics"].flush_model()
        self.env.execute_query(
            SQL(
                """
                UPDATE crm_scenario_run r SET start_purchases = COALESCE(m.purchase_count, 0),
                       start_revenue = COALESCE(m.revenue_total, 0)
                FROM crm_scenario_run s LEFT JOIN crm_customer_metrics m
                  ON m.partner_id = s.partner_id AND m.company_id = s.company_id
                WHERE s.id = r.id AND r.id = ANY(%s) RETURNING r.id
                """,
                self.ids,
            )
        )
        self.invalidate_recordset(["start_purchases", "start_revenue"])

    # -- steps ----------------------------------------------------------------

    def _take_steps(self):
        """Do what is due, step after step, until nothing is."""
        today = self.env["crm.segmentation"]._today()
        due = self.filtered(lambda run: run.date_next and run.date_next <= today)
        while due:
            places = due.grouped(lambda run: (run.version_id, run.position))
            for (version, position), runs in places.items():
                runs._take_step_guarded(version, position)
            due = due.filtered(
                lambda run: run.state == "running" and run.date_next and run.date_next <= today
            )

    def _take_step_guarded(self, version, position):
        """What fails (an e-mail, an action) is tried again tomorrow and says why."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self._take_step(version, position)
        except _BUSY:
            raise
        # templates, conditions and actions are the users': whatever they raise, others go on
        except Exception as error:  # pylint: disable=broad-exception-caught
            _logger.warning("Step %s of %s failed", position, version.display_name, exc_info=True)
            tomorrow = step_day(self.env["crm.segmentation"]._today(), 1, "days")
            self.write({"date_next": tomorrow, "reason": str(error)[:200]})

    def _take_step(self, version, position):
        step = version._step(position)
        if step is None:
            return self._put({"date_next": False, "step_id": False})
        if step["kind"] == "wait":
            return self._wait(version, position, step)
        fitting = self._fitting(step)
        held = fitting._hold_back(step)
        getattr(fitting - held, f"_step_{step['kind']}")(step)
        return (self - held)._advance(version, position + 1)

    def _fitting(self, step):
        """Runs whose customer satisfies the step's condition now."""
        if not step["condition"]:
            return self
        found = self._targets_fitting(step["condition"])
        return self.filtered(lambda run: run._target().id in found)

    def _wait(self, version, position, step):
        """Go on where the condition holds, or the days are over; delays count from then."""
        today = self.env["crm.segmentation"]._today()
        over = self._fitting(step) if step["condition"] else self.browse()
        for paced, runs in self._by_pace(step):
            over |= runs.filtered(
                lambda run: step_day(run.date_base, paced["delay"], paced["unit"]) <= today  # noqa: B023
            )
        (self - over)._put({"date_next": step_day(today, 1, "days")})
        over._put({"date_base": today})
        over._advance(version, position + 1)

    def _advance(self, version, position):
        """Go to another step; its day depends on the day that the delays count from."""
        today = self.env["crm.segmentation"]._today()
        step = version._step(position)
        days = {}
        for paced, runs in self._by_pace(step):
            days |= {run.id: next_day(paced, run.date_base, today) for run in runs}
        self._put(
            {"position": position, "state": "running", "date_held": False, "reason": False,
             "step_id": self._known_step(step["id"]) if step else False},
            {"date_next": [days[run_id] for run_id in self.ids]},
        )  # fmt: skip
