"""The picture of a scenario: how far its customers came, and how their runs ended."""

from collections import Counter

from odoo import api, models
from odoo.addons.crm_segments.lib import experiment
from odoo.exceptions import AccessError
from odoo.tools import SQL

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

    @api.readonly
    def compare_versions(self):
        """Versions one after the other, where customers entered both in the same period.

        :return: list of dicts ``numbers`` (earlier, later), ``from``, ``to`` (days on which
            customers entered both, None: never), ``customers`` (of either), ``rate``
            ((difference, low, high) of the later one's goal rate minus the earlier one's, by
            Newcombe; None: fewer than 30 customers whose time is over in one of them)
        :raises AccessError: for users who are no managers of segments
        """
        self.ensure_one()
        self._check_may_compare()
        versions = self.version_ids.sorted("number")
        return [
            self._compared(earlier, later)
            for earlier, later in zip(versions, versions[1:], strict=False)
        ]

    def _compared(self, earlier, later):
        spans = [self._arms(version)[1:3] for version in (earlier, later)]
        first, last = None, None
        if all(begin for begin, _end in spans):
            first, last = max(one[0] for one in spans), min(one[1] for one in spans)
        if not first or first > last:
            return {"numbers": [earlier.number, later.number], "from": None, "to": None,
                    "customers": [0, 0], "rate": None}  # fmt: skip
        counts = [self._treated_within(version, first, last) for version in (earlier, later)]
        (customers_a, goals_a), (customers_b, goals_b) = counts
        enough = min(customers_a, customers_b) >= 30
        return {
            "numbers": [earlier.number, later.number], "from": first, "to": last,
            "customers": [customers_a, customers_b],
            "rate": experiment.newcombe(goals_b, customers_b, goals_a, customers_a)
            if enough else None,
        }  # fmt: skip

    def _treated_within(self, version, first, last):
        """Customers who entered on these days and whose time is over, and their goals."""
        window = SQL("r.date_start BETWEEN %s AND %s", first, last)
        rows = self._arm_rows(version, window)
        return next(((row[1], row[2]) for row in rows if row[0] == "treated"), (0, 0))
