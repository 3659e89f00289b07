"""The picture of a scenario: how far its customers came, and how their runs ended."""

from collections import Counter

from odoo import api, models
from odoo.exceptions import AccessError

from .crm_scenario_run import OPEN, STATES


class CrmScenario(models.Model):
    _inherit = "crm.scenario"  # pylint: disable=consider-merging-classes-inherited

    @api.readonly
    def picture(self):
        """Who came how far, by version; the hold-out isn't counted, it takes no steps.

        :return: list of dicts, the latest version first: ``number``, ``entered``, ``steps``
            (dicts ``name``, ``reached``: runs that came to it, ``here``: those that stand
            before it now, ``done``: those that are behind it), ``ends`` (dicts ``state``,
            ``label``, ``count``)
        :raises AccessError: for users who are no managers of segments
        """
        self.ensure_one()
        self._check_may_compare()
        return [self._version_picture(version) for version in self.version_ids]

    def _check_may_compare(self):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("crm_segments.group_segments_manager")):
            raise AccessError(self.env._("Only managers of segments see the comparison."))

    def _version_picture(self, version):
        rows = self.env["crm.scenario.run"]._read_group(
            [("version_id", "=", version.id), ("arm", "!=", "control"),
             ("company_id", "in", self.env.companies.ids)],
            ["position", "state"], ["__count"],
        )  # fmt: skip
        at, here, states = Counter(), Counter(), Counter()
        for position, state, count in rows:
            at[position] += count
            here[position] += count * (state in OPEN)
            states[state] += count
        labels = dict(
            self.env["crm.scenario.run"]._fields["state"]._description_selection(self.env)
        )
        steps = version._steps()
        return {
            "number": version.number,
            "entered": sum(at.values()),
            "steps": [
                {"name": step["name"], "here": here[place],
                 "reached": sum(count for one, count in at.items() if one >= place),
                 "done": sum(count for one, count in at.items() if one > place)}
                for place, step in enumerate(steps)
            ],
            "ends": [
                {"state": state, "label": labels[state], "count": states[state]}
                for state, _label in STATES if state not in OPEN
            ],
        }  # fmt: skip
