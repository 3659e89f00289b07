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
        # after the merge the documents of all belong to the partner that stays; those of a
        # contact may leave the customer that it belonged to
        partners = src_partners | dst_partner
        entities = partners.commercial_partner_id - src_partners
        self.env["crm.segment.queue"]._push((entities | dst_partner).ids)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """Placed by the queue: the figures at this moment are those from before the merge."""
        return super()._update_values(src_partners, dst_partner.with_context(segments_defer=True))

    @api.model
    def _segment_folds(self):
        """Methods ``(src_partners, dst_partner)`` run before rows are re-pointed."""
        return [
            self._fold_metrics, self._fold_memberships, self._fold_exclusions,
            self._fold_duplicates,
        ]  # fmt: skip

    def _fold_exclusions(self, src_partners, dst_partner):
        """Whether the customer who stays is left out of segments is for it to say."""
        # sudo: whoever may merge; the rows of the merged customers are to go
        excluded = self.env["crm.segment.exclusion"].sudo()
        excluded.with_context(segments_defer=True).search(
            [("partner_id", "in", src_partners.ids)]
        ).unlink()

    def _fold_duplicates(self, src_partners, dst_partner):
        """The merged customers are no duplicates any more; groups of one go."""
        # sudo: derived rows that nobody else writes
        members = self.env["crm.partner.duplicate.member"].sudo()
        gone = members.search([("partner_id", "in", src_partners.ids)])
        groups = gone.duplicate_id
        gone.unlink()
        groups.filtered(lambda group: len(group.member_ids) < 2).unlink()

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
        end today: a member who is now kept out, or all but one in an exclusive division.
        """
        self.env["crm.segment.membership"].flush_model()
        self.env.execute_query(
            SQL(
                """
                WITH %(ranked)s,
                decided AS (
                    UPDATE crm_segment_membership m
                    SET date_from = r.earliest,
                        date_to = CASE WHEN r.outranked THEN %(today)s::date END
                    FROM ranked r WHERE m.id = r.id AND r.id = r.decides AND NOT r.unseen
                ),
                ended AS (
                    UPDATE crm_segment_membership m SET date_to = %(today)s
                    FROM ranked r
                    WHERE m.id = r.id AND r.contradicts AND r.date_from < %(today)s
                )
                DELETE FROM crm_segment_membership m USING ranked r
                WHERE m.id = r.id AND (r.unseen OR r.id <> r.decides
                      AND (NOT r.contradicts OR r.date_from >= %(today)s))
                RETURNING m.id
                """,
                ranked=self._ranked_stays_sql(src_partners, dst_partner),
                today=self.env["crm.segmentation"]._today(),
            )
        )
        self.env["crm.segment.membership"].invalidate_model()

    def _ranked_stays_sql(self, src_partners, dst_partner):
        """Common table expressions that end with ``ranked``: current stays of all, compared.

        ``outranked``: another segment of the same exclusive division is kept;
        ``unseen``: so, and nobody has seen the stay because it began today.
        """
        return SQL(
            """
            stays AS (
                SELECT m.id, m.segment_id, m.segmentation_id, m.company_id, m.date_from, m.pinned,
                       COALESCE(m.pinned = 'out', FALSE) AS is_out, g.exclusive AS single,
                       m.partner_id <> %(dst)s AS merged
                FROM crm_segment_membership m JOIN crm_segmentation g ON g.id = m.segmentation_id
                WHERE m.partner_id = ANY(%(all)s) AND m.date_to IS NULL
            ),
            compared AS (
                SELECT *, first_value(id) OVER segment AS decides,
                    is_out <> first_value(is_out) OVER segment AS contradicts,
                    MIN(date_from) OVER (PARTITION BY segment_id, company_id, is_out) AS earliest
                FROM stays
                WINDOW segment AS (PARTITION BY segment_id, company_id
                                   ORDER BY pinned IS NULL, merged, id)
            ),
            placed AS (
                SELECT *, single AND NOT is_out AND id = decides AND id <> first_value(id) OVER (
                    PARTITION BY segmentation_id, company_id, is_out, id = decides
                    ORDER BY pinned IS NULL, merged, id) AS outranked
                FROM compared
            ),
            ranked AS (
                SELECT *, outranked AND pinned IS NULL AND earliest >= %(today)s AS unseen
                FROM placed
            )
            """,
            dst=dst_partner.id,
            all=(src_partners | dst_partner).ids,
            today=self.env["crm.segmentation"]._today(),
        )
