"""A scenario drafted from patterns of deals, each step with what speaks for it."""

from markupsafe import Markup
from odoo import api, models
from odoo.exceptions import UserError

#: (feature, value, verdict) → (key of the step, type of activity, day); None: any value
_CALL, _MEETING, _TODO = (f"mail.mail_activity_data_{name}" for name in ("call", "meeting", "todo"))
STEPS = {
    ("first_contact", "day", "more"): ("call", _CALL, 0),
    ("first_contact", "days", "more"): ("call", _CALL, 2),
    ("first_contact", "week", "more"): ("call", _CALL, 5),
    ("first_contact", "none", "less"): ("call", _CALL, 1),
    ("activities", "0", "less"): ("call", _CALL, 1),
    ("meeting", "yes", "more"): ("meeting", _MEETING, 3),
    ("people", "1", "more"): ("people", _MEETING, 5),
    ("people", "2", "more"): ("people", _MEETING, 5),
    ("people", "0", "less"): ("people", _MEETING, 5),
    ("quotation", "yes", "more"): ("quotation", _TODO, 7),
}


class CrmDealPattern(models.Model):
    _inherit = "crm.deal.pattern"  # pylint: disable=consider-merging-classes-inherited

    def _draft_step(self):
        """(key, type of activity, day) of what this pattern asks to do, None for nothing.

        Source, team and discount are no steps: a scenario can't do them.
        """
        self.ensure_one()
        if self.feature == "activity" and self.verdict == "more":
            kind = self.env["mail.activity.type"].browse(int(self.value)).exists()
            return (f"activity {self.value}", kind, 2) if kind else None
        found = STEPS.get((self.feature, self.value, self.verdict))
        return found and (found[0], self.env.ref(found[1], raise_if_not_found=False), found[2])

    @api.model
    def _draft_names(self):
        return {
            "call": self.env._("First call"),
            "meeting": self.env._("Meet the customer"),
            "people": self.env._("Bring another person of the customer in"),
            "quotation": self.env._("Send the quotation"),
        }

    @api.model
    def action_draft_scenario(self, study_id):
        """Draft a scenario of leads from the patterns of a study, the evidence in each step.

        :param int study_id: id of a ``crm.deal.study``
        :return: action that opens the draft
        :raises AccessError: for users who may not create scenarios
        :raises UserError: no pattern found there is something that can be done
        """
        self.env["crm.scenario"].check_access("create")
        study = self.env["crm.deal.study"].browse(study_id)
        study.check_access("read")
        steps = study.pattern_ids._draft_steps()
        if not steps:
            raise UserError(
                self.env._("None of the patterns found is something that can be planned.")
            )
        scenario = self.env["crm.scenario"].create(
            {
                "name": self.env._("As won deals: %(deals)s", deals=study.name),
                "applies_to": "crm.lead",
                "trigger": "lead",
                "goal": "won",
                "segment_ids": study.segment_id.ids,
                "description": study._draft_description(),
                "template_ids": [(0, 0, step) for step in steps],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.scenario",
            "res_id": scenario.id,
            "views": [(False, "form")],
        }

    def _draft_steps(self):
        """Values of the steps, in the order of their days; evidence of the same step together."""
        names, found = self._draft_names(), {}
        for pattern in self:
            step = pattern._draft_step()
            if not step or not step[1]:
                continue
            key, kind, day = step
            vals = found.setdefault(
                key,
                {
                    "summary": names.get(key, kind.name), "activity_type_id": kind.id,
                    "delay_count": day, "delay_unit": "days", "delay_from": "after_plan_date",
                    "responsible_type": "salesperson", "note": Markup(),
                },
            )  # fmt: skip
            vals["note"] += Markup("<p>%s: %s</p>") % (pattern.name, pattern._sentence())
        ordered = sorted(found.values(), key=lambda vals: vals["delay_count"])
        return [vals | {"sequence": place} for place, vals in enumerate(ordered, start=1)]


class CrmDealStudy(models.Model):
    _inherit = "crm.deal.study"  # pylint: disable=consider-merging-classes-inherited

    def _draft_description(self):
        """What it was drafted from, and what it does not prove."""
        found = self.pattern_ids.filtered(lambda one: one.verdict in ("more", "less"))
        lines = [
            self.env._(
                "Drafted from %(deals)s deals, compared by their first %(days)s days. A pattern "
                "says what won deals have in common, not what makes them won: start it with a "
                "hold-out.",
                deals=self.deals,
                days=self.days,
            ),
            *(f"{one.name}: {one._sentence()}" for one in found),
        ]
        return "\n".join(lines)
