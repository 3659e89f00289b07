"""Systems or vendors to choose from."""

from odoo import api, fields, models
from odoo.addons.crm_segments.models.metric_fields import EmptyFloat
from odoo.exceptions import UserError
from odoo.tools import format_list

from ..lib.programme_choice import compare


class CrmProgrammeCandidate(models.Model):
    _name = "crm.programme.candidate"
    _inherit = "crm.programme.part"
    _description = "Candidate of a Programme"
    _order = "programme_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    vendor_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="restrict", check_company=True
    )
    price_once = fields.Monetary(aggregator=None)
    price_year = fields.Monetary("Price a Year", aggregator=None)
    score_ids = fields.One2many("crm.programme.score", "candidate_id", "Scores", copy=False)
    chosen = fields.Boolean(readonly=True, copy=False)
    mean = EmptyFloat(
        "Weighted Score", compute="_compute_result", digits=(16, 2), aggregator=None,
        help="0 to 5, over the needs that are scored. Empty: nothing is scored.",
    )  # fmt: skip
    coverage = fields.Float(
        "Scored", compute="_compute_result", aggregator=None,
        help="Share of the weight of all needs that is scored.",
    )  # fmt: skip
    place = EmptyFloat(compute="_compute_result", digits=(16, 0), aggregator=None)
    out_reason = fields.Char("Why It Is Out", compute="_compute_result")

    _range = models.Constraint(
        "CHECK (price_once >= 0 AND price_year >= 0)", "A price isn't negative."
    )

    @api.depends(
        "programme_id.candidate_ids", "programme_id.need_ids.weight",
        "programme_id.need_ids.must_have", "programme_id.need_ids.name",
        "programme_id.score_ids.score",
    )  # fmt: skip
    def _compute_result(self):
        for programme in self.programme_id:
            results = programme._compare_candidates()
            names = {need.id: need.name for need in programme.need_ids}
            for candidate in self.filtered(lambda one: one.programme_id == programme):  # noqa: B023
                result = results.get(candidate._origin.id)
                candidate.mean = result.mean if result else None
                candidate.coverage = result.coverage if result else 0.0
                candidate.place = result.rank if result else None
                failed = [names[key] for key in result.failed] if result else []
                candidate.out_reason = bool(failed) and self.env._(
                    "Doesn't do what it must: %s", format_list(self.env, failed)
                )
        for candidate in self.filtered(lambda one: not one.programme_id):
            candidate.update(
                {"mean": None, "coverage": 0.0, "place": None, "out_reason": False}
            )

    def action_choose(self):
        """This one is taken; the programme says so.

        :raises UserError: where a must-have rules it out
        """
        self.ensure_one()
        self.check_access("write")
        if self.out_reason:
            raise UserError(
                self.env._("“%(name)s” is out. %(why)s", name=self.name, why=self.out_reason)
            )
        (self.programme_id.candidate_ids - self).chosen = False
        self.chosen = True
        if self.mean is False:
            text = self.env._("Chosen: %s, before anything was scored.", self.name)
        else:
            text = self.env._(
                "Chosen: %(name)s, %(score)s of 5 points, place %(place)s; %(share)s %% of the "
                "needs scored.", name=self.name, score=f"{self.mean:.2f}",
                place=int(self.place), share=round(100 * self.coverage),
            )  # fmt: skip
        self.programme_id.message_post(body=text)


class CrmProgramme(models.Model):
    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

    need_ids = fields.One2many("crm.programme.need", "programme_id", "Needs", copy=False)
    candidate_ids = fields.One2many(
        "crm.programme.candidate", "programme_id", "Candidates", copy=False
    )
    score_ids = fields.One2many("crm.programme.score", "programme_id", "Scores", copy=False)

    def _compare_candidates(self):
        """Candidate id → ``lib.programme_choice.Result``."""
        own = self._origin
        scores = {candidate.id: {} for candidate in own.candidate_ids}
        for one in own.score_ids.filtered("score"):
            scores[one.candidate_id.id][one.need_id.id] = int(one.score)
        return compare(own.need_ids._needs(), scores)

    def _copy_content(self, new):
        result = super()._copy_content(new)
        self.need_ids._copy_to(new)
        return result
