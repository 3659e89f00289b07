"""Looks for patterns in the deals of a company, by the nightly cron or on demand."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..lib import deal_patterns
from .nightly import rebuild_companies

#: first number of the advisory lock of a rebuild; the second one is the company
LOCK = 737_100_002


class CrmDealPattern(models.Model):
    _inherit = "crm.deal.pattern"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def action_rebuild(self):
        """Look for patterns again in the current company, now.

        :raises AccessError: for users who lead neither sales nor segments
        :raises UserError: while the same is under way
        """
        if not (self.env.su or self._may_rebuild()):
            raise AccessError(self.env._("Only sales managers may compare the deals anew."))
        # sudo: all deals of the company are compared, whoever starts it; rows are read only
        if not self.sudo()._rebuild(self.env.company):
            raise UserError(self.env._("The deals of this company are being compared just now."))

    def _may_rebuild(self):
        groups = ("crm_segments.group_segments_manager", "sales_team.group_sale_manager")
        return any(self.env.user.has_group(group) for group in groups)

    @api.model
    def _rebuild_all(self):
        """Cron, nightly: a company after the other."""
        rebuild_companies(self)

    @api.model
    def _rebuild(self, company):
        """Compare all deals, and those of each segment that has enough of them.

        :return: the studies; None where another rebuild holds the company
        """
        lock = SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK, company.id)
        if not self.env.execute_query(lock)[0][0]:
            return None
        days = company.crm_pattern_days
        facts = self._facts(company, days)
        groups = self._groups(facts)
        Study = self.env["crm.deal.study"].with_context(active_test=False)
        studies = Study.search([("company_id", "=", company.id)])
        kept = Study
        for segment_id, inside in groups.items():
            study = studies.filtered(lambda one: one.segment_id.id == segment_id)  # noqa: B023
            study = study or Study.create({"company_id": company.id, "segment_id": segment_id})
            self._study(study, inside, days)
            kept |= study
        (studies - kept).unlink()
        return kept

    @staticmethod
    def _groups(facts):
        """Deals by segment, False for all; a segment below two arms of deals says nothing."""
        groups = {}
        for fact in facts:
            for segment_id in fact["segments"] or ():
                groups.setdefault(segment_id, []).append(fact)
        enough = 2 * deal_patterns.LEAST_DEALS
        return {False: facts} | {key: one for key, one in groups.items() if len(one) >= enough}

    def _study(self, study, facts, days):
        won = [fact["won"] for fact in facts]
        rows = deal_patterns.study(won, self._features(facts))
        tests = sum(row.p is not None for row in rows)
        detectable = deal_patterns.detectable(len(won), sum(won), tests)
        study.write(
            {
                "days": days, "deals": len(won), "won": sum(won), "tests": tests,
                "found": sum(row.verdict in ("more", "less") for row in rows),
                "detectable": detectable or 0, "date": fields.Datetime.now(),
            }
        )  # fmt: skip
        self._store(study, rows)

    def _store(self, study, rows):
        """Write what differs; a pattern keeps its row as long as it is looked at."""
        known = {(one.feature, one.value): one for one in study.pattern_ids}
        made = []
        for sequence, row in enumerate(rows):
            feature, value = row.feature
            vals = self._vals(row) | {"sequence": sequence}
            if one := known.pop((feature, value or str(row.value)), None):
                changed = {name: new for name, new in vals.items() if one[name] != new}
                if changed:
                    one.write(changed)
                continue
            made.append(
                vals | {"study_id": study.id, "feature": feature, "value": value or str(row.value)}
            )
        self.create(made)
        self.browse(one.id for one in known.values()).unlink()

    @staticmethod
    def _vals(row):
        return {
            "with_count": row.with_, "with_won": row.won_with,
            "without_count": row.without, "without_won": row.won_without,
            "ratio": row.ratio or 0, "ratio_low": row.low or 0, "ratio_high": row.high or 0,
            "p": row.p or 0, "q": row.q or 0, "verdict": row.verdict,
        }  # fmt: skip
