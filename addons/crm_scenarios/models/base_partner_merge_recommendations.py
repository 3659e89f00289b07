"""Merging customers keeps what became of their recommendations."""

from odoo import api, models
from odoo.tools import SQL


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _segment_folds(self):
        return [
            *super()._segment_folds(), self._fold_recommendations, self._fold_scenarios,
            self._fold_advice,
        ]  # fmt: skip

    def _fold_scenarios(self, src_partners, dst_partner):
        """One open run of a scenario remains: the one that has come furthest."""
        runs = self.env["crm.scenario.run"].sudo()  # sudo: whoever may merge keeps the rule
        open_runs = runs.search(
            [("partner_id", "in", (src_partners | dst_partner).ids), ("lead_id", "=", False),
             ("is_open", "=", True)], order="position desc, id",
        )  # fmt: skip
        for same in open_runs.grouped(lambda run: (run.scenario_id, run.company_id)).values():
            same[1:]._end("cancelled", self.env._("The customers were merged"))
        self.env.flush_all()

    def _fold_advice(self, src_partners, dst_partner):
        """What was shown for several of them on one day was shown once."""
        self.env["crm.advice"].flush_model()
        self.env.execute_query(
            SQL(
                """
                DELETE FROM crm_advice WHERE id IN (
                    SELECT id FROM (
                        SELECT id, ROW_NUMBER() OVER (
                            PARTITION BY company_id, user_id, COALESCE(lead_id, 0), source, date
                            ORDER BY partner_id <> %s, id) AS place
                        FROM crm_advice WHERE kind = 'shown' AND partner_id = ANY(%s)
                    ) ranked WHERE place > 1)
                RETURNING id
                """,
                dst_partner.id,
                (src_partners | dst_partner).ids,
            )
        )
        self.env["crm.advice"].invalidate_model()

    def _fold_recommendations(self, src_partners, dst_partner):
        """Of a product shown for several of them on one day one showing remains."""
        self.env["crm.recommendation.feedback"].flush_model()
        self.env.execute_query(
            SQL(
                """
                DELETE FROM crm_recommendation_feedback WHERE id IN (
                    SELECT id FROM (
                        SELECT id, ROW_NUMBER() OVER (
                            PARTITION BY company_id, COALESCE(lead_id, 0), product_id, date, list
                            ORDER BY partner_id <> %s, id) AS place
                        FROM crm_recommendation_feedback
                        WHERE kind = 'shown' AND partner_id = ANY(%s)
                    ) ranked WHERE place > 1)
                RETURNING id
                """,
                dst_partner.id,
                (src_partners | dst_partner).ids,
            )
        )
        self.env["crm.recommendation.feedback"].invalidate_model()
