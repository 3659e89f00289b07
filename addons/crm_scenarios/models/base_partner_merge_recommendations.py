"""Merging customers keeps what became of their recommendations."""

from odoo import api, models
from odoo.tools import SQL


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _segment_folds(self):
        return [*super()._segment_folds(), self._fold_recommendations]

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
