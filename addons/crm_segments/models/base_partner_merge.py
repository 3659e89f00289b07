"""Merging customers keeps the history of both."""

from odoo import api, models
from odoo.tools import SQL


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Fold what is unique by customer before the host re-points the rows.

        With a unique index in the way the host's wizard dies or deletes the
        merged customer's rows, so overlaps are resolved first.
        """
        for fold in self._segment_folds():
            fold(src_partners, dst_partner)
        # after the merge the documents of all belong to the customer that stays
        self.env["crm.segment.queue"]._push(dst_partner.ids)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _segment_folds(self):
        """Methods ``(src_partners, dst_partner)`` run before rows are re-pointed."""
        return [self._fold_metrics, self._fold_memberships]

    def _fold_metrics(self, src_partners, dst_partner):
        """Figures are rebuilt, so those of the merged customers just go."""
        self.env.execute_query(
            SQL(
                "DELETE FROM crm_customer_metrics WHERE partner_id = ANY(%s) RETURNING id",
                src_partners.ids,
            )
        )

    def _fold_memberships(self, src_partners, dst_partner):
        """Of overlapping current stays one remains: the earliest start, and a pin if any."""
        self.env["crm.segment.membership"].flush_model()
        self.env.execute_query(
            SQL(
                """
                WITH overlap AS (
                    SELECT id, partner_id,
                        first_value(id) OVER stay AS keep,
                        MIN(date_from) OVER (PARTITION BY segment_id, company_id) AS date_from,
                        first_value(pinned) OVER (
                            PARTITION BY segment_id, company_id
                            ORDER BY pinned IS NULL, partner_id <> %(dst)s, id) AS pinned
                    FROM crm_segment_membership
                    WHERE partner_id = ANY(%(all)s) AND date_to IS NULL
                    WINDOW stay AS (PARTITION BY segment_id, company_id
                                    ORDER BY partner_id <> %(dst)s, id)
                ),
                kept AS (
                    UPDATE crm_segment_membership m
                    SET date_from = o.date_from, pinned = o.pinned,
                        origin = CASE WHEN o.pinned IS NULL THEN m.origin ELSE 'manual' END
                    FROM overlap o WHERE m.id = o.id AND o.id = o.keep
                    RETURNING m.id
                )
                DELETE FROM crm_segment_membership m USING overlap o
                WHERE m.id = o.id AND o.id <> o.keep RETURNING m.id
                """,
                dst=dst_partner.id,
                all=(src_partners | dst_partner).ids,
            )
        )
        self.env["crm.segment.membership"].invalidate_model()
