"""Two versions of a scenario at the same time: who enters is drawn, then they are compared.

A version replaces the one before it, so that the two never take customers in together, and what
differs between them may be the season. A comparison needs a draw: while a version is tried, half of
those who enter get it instead of the one in force.
"""

from odoo import api, fields, models
from odoo.addons.crm_segments.lib import experiment
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..lib.scenario_result import Arm, compare

#: what has to be alike: who is compared, what is counted, and how long
ALIKE = (
    "applies_to", "goal", "goal_amount", "goal_domain", "deadline_days", "holdout", "never_held",
)  # fmt: skip
HALF = 0.5


class CrmScenario(models.Model):
    _inherit = "crm.scenario"  # pylint: disable=consider-merging-classes-inherited

    trial_version_id = fields.Many2one(
        "crm.scenario.version", "Try Against", copy=False, ondelete="set null",
        domain="[('scenario_id', '=', id)]", index="btree_not_null",
        groups="crm_segments.group_segments_manager",
        help="While it is set, half of the customers who enter by themselves, drawn at random, "
        "get this earlier version instead of the present one, so that the two can be compared.",
    )  # fmt: skip

    @api.constrains(
        "trial_version_id", "goal", "goal_amount", "goal_domain", "deadline_days", "holdout",
        "holdout_except_ids",
    )  # fmt: skip
    def _check_trial(self):
        for scenario in self.sudo():  # sudo: whoever changes the goal may not see the trial
            version = scenario.trial_version_id
            if version and version.scenario_id != scenario:
                raise ValidationError(self.env._("That is a version of another scenario."))
            if version and not _alike(version.definition, scenario._settings()):
                raise ValidationError(self.env._(
                    "Version %s has another goal, time or hold-out: only versions that agree in "
                    "these are tried against each other.", version.number,
                ))  # fmt: skip

    def _tried(self, version):
        """The version that the one in force is tried against, empty for none."""
        other = self.trial_version_id
        alike = other and _alike(other.definition, version.definition)
        return other if alike and other != version else other.browse()

    @api.readonly
    def compare_versions(self):
        """Pairs of versions: those that customers were drawn between, and what followed.

        :return: list of dicts ``numbers`` (earlier, later), ``from``, ``to`` (first and last day
            on which customers were drawn, None: never), ``customers`` (of either, whose time is
            over), ``open`` (whose isn't), and what ``lib/scenario_result.py: compare`` finds of
            the later one minus the earlier one; ``state`` is ``apart`` where nobody was drawn
        :raises AccessError: for users who are no managers of segments
        """
        self.ensure_one()
        self._check_may_compare()
        versions = self.version_ids.sorted("number")
        pairs = set(zip(versions, versions[1:], strict=False)) | self._drawn_pairs()
        ordered = sorted(pairs, key=lambda pair: [one.number for one in pair])
        return [self._compared(*pair) for pair in ordered]

    def _drawn_pairs(self):
        """(earlier, later) versions between which customers were drawn."""
        rows = self.env["crm.scenario.run"]._read_group(
            [("scenario_id", "=", self.id), ("rival_version_id", "!=", False)],
            ["version_id", "rival_version_id"],
        )
        return {tuple(sorted(pair, key=lambda one: one.number)) for pair in rows}

    def _compared(self, earlier, later):
        sides = [self._drawn_arm(one, other)
                 for one, other in ((earlier, later), (later, earlier))]  # fmt: skip
        (before, *_rest), (after, *_rest) = sides
        days = [day for _arm, begin, end, _open in sides for day in (begin, end) if day]
        found = compare(after, before, HALF, experiment)
        if not self.env["res.partner"]._sees_all_figures():
            found["money"] = None
        return {
            **found, "state": found["state"] if days else "apart",
            "numbers": [earlier.number, later.number],
            "from": min(days, default=None), "to": max(days, default=None),
            "customers": [before.customers, after.customers],
            "open": sum(one[3] for one in sides),
        }  # fmt: skip

    def _drawn_arm(self, version, other):
        """Who got the version and might have got the other: arm, days of entering, open runs."""
        rows = self._arm_rows(version, SQL("r.rival_version_id = %s", other.id))
        nobody = ("treated", 0, 0, 0, 0, None, None, 0)
        _arm, customers, goals, mean, variance, begin, end, still_open = next(
            (row for row in rows if row[0] == "treated"), nobody
        )
        arm = Arm(customers, goals, float(mean or 0), float(variance or 0))
        return arm, begin, end, still_open


class CrmScenarioRun(models.Model):
    _inherit = "crm.scenario.run"  # pylint: disable=consider-merging-classes-inherited

    rival_version_id = fields.Many2one(
        "crm.scenario.version", "Drawn Against", readonly=True, ondelete="set null",
        index="btree_not_null", groups="crm_segments.group_segments_manager",
        help="The version that the run might have got as well: drawn at random when it began.",
    )  # fmt: skip

    def _by_version(self, version):
        """The runs by the version that they get.

        :param version: the one in force
        :return: list of (version, runs)
        """
        other = self.scenario_id._tried(version)
        drawn = self.filtered(lambda run: other and run.origin == "trigger")
        if not drawn:
            return [(version, self)]
        # half within each segment, the same customer always alike
        seed = f"{version.sudo().seed}/{other.number}"  # sudo: the seed is for managers to read
        tried = drawn._allotted(drawn._versions_before(version, other), other, HALF, seed)
        tried._put({"rival_version_id": version.id})
        (drawn - tried)._put({"rival_version_id": other.id})
        return [(one, runs) for one, runs in ((other, tried), (version, self - tried)) if runs]

    def _versions_before(self, version, other):
        """Key → version that an earlier run of the same customer got in this trial."""
        pair = (version | other).ids
        earlier = self.search(
            [("version_id", "in", pair), ("rival_version_id", "in", pair),
             "|", ("partner_id", "in", self.partner_id.ids), ("lead_id", "in", self.lead_id.ids)],
            order="id desc",
        )  # fmt: skip
        return {run._key(): run.version_id for run in earlier - self}


def _alike(one, other):
    return all(one.get(name) == other.get(name) for name in ALIKE)
