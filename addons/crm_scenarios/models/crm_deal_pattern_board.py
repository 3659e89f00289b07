"""What the screen of patterns shows, and the deals behind a row."""

from odoo import api, models
from odoo.fields import Domain


class CrmDealPattern(models.Model):
    _inherit = "crm.deal.pattern"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @api.readonly
    def board(self, study_id=None):
        """Patterns of one study of the current company.

        :param int study_id: id of the study; None: all deals
        :return: dict ``study`` (dict, False if deals were never compared), ``studies`` (list of
            dict ``id``, ``name``), ``patterns`` (list of dict; ``ratio``, ``low``, ``high``, ``q``
            None where unknown), ``may_rebuild``,
            ``drafts`` (steps of a scenario that the user may draft from them)
        :raises AccessError: for users who may not read patterns
        """
        studies = self.env["crm.deal.study"].search([("company_id", "=", self.env.company.id)])
        chosen = studies.filtered(lambda one: one.id == study_id)
        chosen = chosen or studies.filtered(lambda one: not one.segment_id)
        return {
            "study": chosen._board_row(),
            "studies": [{"id": one.id, "name": one.name} for one in studies.sorted("id")],
            "patterns": [one._board_row() for one in chosen.pattern_ids],
            "may_rebuild": self._may_rebuild(),
            "drafts": len(chosen.pattern_ids._draft_steps())
            if self.env["crm.scenario"].has_access("create")
            else 0,
        }

    def _board_row(self):
        known = self.verdict != "few"
        return {
            "id": self.id, "name": self.name, "verdict": self.verdict, "text": self._sentence(),
            "with_count": self.with_count, "with_won": self.with_won,
            "without_count": self.without_count, "without_won": self.without_won,
            "rate_with": self.rate_with, "rate_without": self.rate_without,
            "ratio": self.ratio if known and self.without_won else None,
            "low": self.ratio_low if known else None,
            "high": self.ratio_high or None if known else None,
            "q": self.q if known else None,
        }  # fmt: skip

    def action_open_deals(self, with_it=True):
        """Open the deals that show this pattern, or those that don't.

        :param bool with_it: False: those whose feature is known and another
        :return: action on ``crm.lead``, which reads with the rights of its user
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: which deals were compared; whoever opens the list sees only their own rights' worth
        ids = self.sudo()._deal_ids(with_it)
        return {
            "type": "ir.actions.act_window",
            "name": self.name if with_it else self.env._("Without: %(pattern)s", pattern=self.name),
            "res_model": "crm.lead",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "mobile_view_mode": "kanban",
            "domain": list(Domain("id", "in", ids)),
            "context": {"active_test": False, "create": False},
        }

    def _deal_ids(self, with_it):
        study = self.study_id
        facts = self._facts(study.company_id, study.days)
        if study.segment_id:
            facts = [one for one in facts if study.segment_id.id in (one["segments"] or ())]
        features = self._features(facts)
        named = (self.feature, self.value)
        values, asked = (
            (features[named], True) if named in features else (features[named[0], None], named[1])
        )
        return [
            fact["id"]
            for fact, value in zip(facts, values, strict=True)
            if value is not None and (value == asked) is with_it
        ]


class CrmDealStudy(models.Model):
    _inherit = "crm.deal.study"  # pylint: disable=consider-merging-classes-inherited

    def _board_row(self):
        if not self:
            return False
        return {
            "id": self.id, "name": self.name, "days": self.days, "deals": self.deals,
            "won": self.won, "tests": self.tests, "found": self.found,
            "detectable": self.detectable or None, "date": self.date and self.date.isoformat(),
        }  # fmt: skip
