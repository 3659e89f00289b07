"""Merging customers keeps the history of both."""

from odoo import api, fields, models
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
        """Of current stays in one segment one remains, from the earliest start; none is lost.

        A pin decides, that of the customer who stays first. Stays that contradict it
        end today: a member who is now kept out, or one pinned to two segments of an
        exclusive division.
        """
        self.env["crm.segment.membership"].flush_model()
        self.env.execute_query(
            SQL(
                """
                WITH %(ranked)s,
                decided AS (
                    UPDATE crm_segment_membership m
                    SET date_from = r.earliest,
                        date_to = CASE WHEN r.pinned_elsewhere THEN %(today)s::date END
                    FROM ranked r WHERE m.id = r.id AND r.id = r.decides
                ),
                ended AS (
                    UPDATE crm_segment_membership m SET date_to = %(today)s
                    FROM ranked r
                    WHERE m.id = r.id AND r.contradicts AND r.date_from < %(today)s
                )
                DELETE FROM crm_segment_membership m USING ranked r
                WHERE m.id = r.id AND r.id <> r.decides
                  AND (NOT r.contradicts OR r.date_from >= %(today)s)
                RETURNING m.id
                """,
                ranked=self._ranked_stays_sql(src_partners, dst_partner),
                today=fields.Date.context_today(self),
            )
        )
        self.env["crm.segment.membership"].invalidate_model()

    def _ranked_stays_sql(self, src_partners, dst_partner):
        """Common table expressions that end with ``ranked``: current stays of all, compared."""
        return SQL(
            """
            stays AS (
                SELECT m.*, COALESCE(m.pinned = 'out', FALSE) AS is_out, s.exclusive,
                       m.partner_id <> %(dst)s AS merged
                FROM crm_segment_membership m JOIN crm_segmentation s ON s.id = m.segmentation_id
                WHERE m.partner_id = ANY(%(all)s) AND m.date_to IS NULL
            ),
            ranked AS (
                SELECT id, date_from, first_value(id) OVER segment AS decides,
                    is_out <> first_value(is_out) OVER segment AS contradicts,
                    MIN(date_from) OVER (PARTITION BY segment_id, company_id, is_out) AS earliest,
                    COALESCE(exclusive AND pinned = 'in'
                        AND segment_id <> first_value(segment_id) OVER division, FALSE)
                        AS pinned_elsewhere
                FROM stays
                WINDOW segment AS (PARTITION BY segment_id, company_id
                                   ORDER BY pinned IS NULL, merged, id),
                       division AS (PARTITION BY segmentation_id, company_id, pinned
                                    ORDER BY merged, id)
            )
            """,
            dst=dst_partner.id,
            all=(src_partners | dst_partner).ids,
        )
