"""What came of a line of 'Today': done, put off, refused; the next step is set."""

from odoo import api, models
from odoo.exceptions import UserError

from ..lib.scenario_steps import step_day
from .crm_advice import OUTCOMES, REASONS, SOURCES

#: days after which advice that was refused may come again
REFUSED_DAYS, NOT_INTERESTED_DAYS = 30, 90


class CrmToday(models.AbstractModel):
    _inherit = "crm.today"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def outcome(self, line, outcome, days=None, reason=None, note=None):
        """Say what came of a line; it becomes a done activity of the host.

        :param dict line: ``partner_id`` or ``lead_id``, ``source``, and ``activity_id`` where
            there is one
        :param str outcome: ``reached``, ``no_answer``, ``order`` or ``not_interested``
        :param int days: contact again in so many days; after no answer 3 unless given
        :param str reason: why not interested, one of the ledger's
        :param str note: a remark
        :return: action to open (a new quotation after an order), or False
        """
        self._check_answer(outcome, OUTCOMES)
        if outcome == "not_interested":
            self._check_answer(reason, REASONS)
        if outcome == "no_answer" and days is None:
            days = 3
        self._check_days(days, empty=True)
        activity, record = self._answered(line)
        run = activity.sudo().scenario_run_id  # sudo: read to note and to end it
        step = activity.sudo().scenario_step_id
        summary, kind = activity.summary, activity.activity_type_id
        self._finish(activity, record, self._feedback(outcome, reason, note))
        if days:
            again = {"scenario_run_id": run.id, "scenario_step_id": step.id} if run.is_open else {}
            self._plan(record, kind, summary, days, again)
        if outcome == "not_interested" and run:
            label = dict(self.env["crm.advice"]._fields["reason"]._description_selection(self.env))
            run.filtered("is_open")._end("cancelled", label[reason])
        today = self.env["crm.segmentation"]._today()
        refused = outcome == "not_interested"
        until = step_day(today, NOT_INTERESTED_DAYS, "days") if refused else None
        self._ledger(line, run, "refused" if until else "taken", outcome=outcome, reason=reason,
                     note=note, until=until)  # fmt: skip
        return self._quotation(record) if outcome == "order" else False

    def _finish(self, activity, record, feedback):
        """The activity is done; of a call that was noted already the outcome is added."""
        if activity.active:
            activity.action_feedback(feedback=feedback)
            return
        activity.sudo().feedback = feedback  # sudo: the user's own call, see _own_activity
        # sudo: as with the host's own button, who may read may note what was said
        record.sudo()._message_log(body=f"{activity.summary}: {feedback}",
                                   author_id=self.env.user.partner_id.id)  # fmt: skip

    @api.model
    def snooze(self, line, days):
        """Put a line off: an activity gets a later date, other advice comes back then.

        :param dict line: as in :meth:`outcome`
        :param int days: for how long, 1 to 365
        :return: True
        """
        self._check_days(days)
        until = step_day(self.env["crm.segmentation"]._today(), days, "days")
        activity = self._own_activity(line)
        activity.date_deadline = until
        if not activity:
            self._record(line)
        self._ledger(line, activity.sudo().scenario_run_id, "snoozed", until=until)
        return True

    @api.model
    def dismiss(self, line, reason, note=None):
        """Refuse a line: an activity is cancelled, other advice doesn't come for 30 days.

        :param dict line: as in :meth:`outcome`
        :param str reason: one of the ledger's
        :return: True
        """
        self._check_answer(reason, REASONS)
        activity = self._own_activity(line)
        run = activity.sudo().scenario_run_id  # sudo: as in outcome
        if not activity:
            self._record(line)
        until = step_day(self.env["crm.segmentation"]._today(), REFUSED_DAYS, "days")
        self._ledger(line, run, "refused", reason=reason, note=note, until=until)
        activity.action_cancel()
        return True

    def _check_answer(self, value, choices):
        if value not in dict(choices):
            raise UserError(self.env._("Choose one of the answers."))

    def _check_days(self, days, empty=False):
        if empty and days is None:
            return
        if isinstance(days, bool) or not isinstance(days, int) or not 0 < days <= 365:
            raise UserError(self.env._("Days are a whole number from 1 to 365."))

    def _checked_line(self, line):
        self._check_user()
        known = dict(SOURCES)
        ids = ("partner_id", "lead_id", "activity_id")
        good = isinstance(line, dict) and line.get("source") in known and all(
            not line.get(name) or isinstance(line[name], int) and not isinstance(line[name], bool)
            for name in ids
        )  # fmt: skip
        if not good:
            raise UserError(self.env._("This line is no longer there."))
        return line

    def _own_activity(self, line):
        """The line's activity, if it is the user's or the user may change it."""
        line = self._checked_line(line)
        activity = self.env["mail.activity"].browse(line.get("activity_id") or []).exists()
        noted = line["source"] == "call" and activity.user_id == self.env.user
        if line.get("activity_id") and not activity.filtered("active") and not (activity and noted):
            raise UserError(self.env._("This activity is done or cancelled already."))
        if activity and activity.user_id != self.env.user:
            activity.check_access("write")
        return activity

    def _record(self, line):
        """The lead or customer of a line, that the user may read."""
        line = self._checked_line(line)
        model, name = "res.partner", "partner_id"
        if line.get("lead_id"):
            model, name = "crm.lead", "lead_id"
        record = self.env[model].browse(line.get(name) or []).exists()
        if not record:
            raise UserError(self.env._("This line is no longer there."))
        record.check_access("read")
        return record

    def _answered(self, line):
        """The activity that is to be done and its record; a call is noted where there is none."""
        activity = self._own_activity(line)
        if activity:
            record = self.env[activity.res_model].browse(activity.res_id)
            return activity, record
        record = self._record(line)
        kind = self.env.ref("mail.mail_activity_data_call")
        return self._plan(record, kind, self.env._("Call"), 0), record

    def _plan(self, record, kind, summary, days, values=None):
        """An activity of the user on the record."""
        today = self.env["crm.segmentation"]._today()
        # sudo: salespeople plan on whom they may read, as with the host's own button
        return record.sudo().activity_schedule(
            activity_type_id=kind.id, summary=summary or kind.name, user_id=self.env.uid,
            date_deadline=step_day(today, days, "days"), **(values or {}),
        ).with_env(self.env)  # fmt: skip

    def _feedback(self, outcome, reason, note):
        """The outcome in words, for the done activity."""
        fields = self.env["crm.advice"]._fields
        outcomes = dict(fields["outcome"]._description_selection(self.env))
        reasons = dict(fields["reason"]._description_selection(self.env))
        parts = [outcomes[outcome], reasons.get(reason), note and str(note)[:500]]
        return ": ".join(part for part in parts if part)

    def _ledger(self, line, run, kind, **values):
        note = values.pop("note", None)
        values["note"] = note and str(note)[:500]
        self.env["crm.advice"].sudo()._note(kind, [{**line, "run_id": run.id}], **values)

    def _quotation(self, record):
        """A new quotation for the customer."""
        partner = record if record._name == "res.partner" else record.partner_id
        if not partner:
            return False
        context = {"default_partner_id": partner.id}
        if record._name == "crm.lead":
            context["default_opportunity_id"] = record.id
        return {
            "type": "ir.actions.act_window", "res_model": "sale.order",
            "name": self.env._("Quotation"), "views": [(False, "form")],
            "target": "current", "context": context,
        }  # fmt: skip

    @api.model
    def compose(self, activity_id):
        """The composer with the e-mail that a scenario prepared.

        :param int activity_id: the activity for its review
        :return: action
        """
        activity = self._own_activity({"source": "scenario", "activity_id": activity_id})
        template = activity.sudo().scenario_step_id.scenario_mail_id  # sudo: the step's template
        if not template:
            raise UserError(self.env._("This line is no longer there."))
        return {
            "type": "ir.actions.act_window", "res_model": "mail.compose.message",
            "name": self.env._("E-mail"), "views": [(False, "form")], "target": "new",
            "context": {
                "default_model": activity.res_model, "default_res_ids": [activity.res_id],
                "default_template_id": template.id, "default_composition_mode": "comment",
            },
        }  # fmt: skip
