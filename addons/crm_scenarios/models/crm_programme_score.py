"""How well a candidate does what is needed, and the table of all of it."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

SCORES = [
    ("0", "0 – not at all"),
    ("1", "1 – hardly"),
    ("2", "2 – with much work"),
    ("3", "3 – mostly"),
    ("4", "4 – well"),
    ("5", "5 – fully"),
]


class CrmProgrammeScore(models.Model):
    """A row without a score has a note only: the need isn't scored yet."""

    _name = "crm.programme.score"
    _description = "Score of a Candidate"
    _order = "candidate_id, need_id"

    need_id = fields.Many2one(
        "crm.programme.need", required=True, index=True, ondelete="cascade"
    )
    candidate_id = fields.Many2one(
        "crm.programme.candidate", required=True, index=True, ondelete="cascade"
    )
    programme_id = fields.Many2one(
        related="candidate_id.programme_id", store=True, index=True, precompute=True
    )
    score = fields.Selection(SCORES, help="Empty: not scored, which isn't 0.")
    note = fields.Char()

    _once = models.UniqueIndex("(need_id, candidate_id)", "A need is scored once a candidate.")

    @api.constrains("need_id", "candidate_id")
    def _check_programme(self):
        for score in self:
            if score.need_id.programme_id != score.candidate_id.programme_id:
                raise ValidationError(
                    self.env._("Need and candidate belong to different programmes.")
                )


class CrmProgramme(models.Model):
    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

    @api.readonly
    def choice_table(self):
        """Needs by candidates, with what they are scored.

        :return: dict of ``needs`` (id, name, weight, must), ``candidates`` (id, name, mean or
            None, coverage, place or None, out, chosen), ``scores`` (need, candidate, score or
            False, note), ``marks`` (value, label) and ``editable``
        :raises AccessError: for whoever may not read the programme
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "needs": [
                {"id": need.id, "name": need.name, "weight": need.weight, "must": need.must_have}
                for need in self.need_ids
            ],
            "candidates": [candidate._column() for candidate in self.candidate_ids],
            "scores": [
                {"need": one.need_id.id, "candidate": one.candidate_id.id, "score": one.score,
                 "note": one.note or ""}
                for one in self.score_ids
            ],
            "marks": self.score_ids._fields["score"]._description_selection(self.env),
            "editable": self.has_access("write"),
        }  # fmt: skip

    def set_score(self, need_id, candidate_id, score, note=""):
        """Score a candidate on a need, or take the score away.

        :param score: '0' to '5', or False: not scored
        :raises AccessError: for whoever may not change the programme
        :raises UserError: for another programme's need or candidate, or another score
        """
        self.ensure_one()
        self.check_access("write")
        need = self.need_ids.filtered(lambda one: one.id == need_id)
        candidate = self.candidate_ids.filtered(lambda one: one.id == candidate_id)
        if not (need and candidate) or not self._is_mark(score):
            raise UserError(self.env._("This can't be scored: read the page again."))
        vals = {"score": False if score is False else str(score), "note": note or False}
        own = self.score_ids.filtered(
            lambda one: one.need_id == need and one.candidate_id == candidate
        )
        if own:
            own.write(vals)
        else:
            own.create({"need_id": need.id, "candidate_id": candidate.id, **vals})

    def _is_mark(self, score):
        return score is False or str(score) in dict(SCORES)


class CrmProgrammeCandidate(models.Model):
    _inherit = "crm.programme.candidate"  # pylint: disable=consider-merging-classes-inherited

    def _column(self):
        """A candidate as the table shows it."""
        return {
            "id": self.id, "name": self.name, "coverage": self.coverage,
            "mean": None if self.mean is False else self.mean,
            "place": int(self.place) if self.place else None,
            "out": self.out_reason or "", "chosen": self.chosen,
        }  # fmt: skip
