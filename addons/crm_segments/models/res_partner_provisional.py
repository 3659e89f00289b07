"""The badge of a customer, and whether it is provisional: nothing has been bought yet."""

from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    segments_provisional = fields.Boolean(
        "Segments Are Provisional",
        compute="_compute_leading_segment_id",
        groups="crm_segments.group_segments_user",
        help="Nothing has been bought yet: the first purchase decides where the customer belongs.",
    )

    @api.depends("commercial_partner_id")
    def _compute_leading_segment_id(self):
        """Both at once: lists of the host show them on each card.

        Whether somebody has bought is no figure: the lifecycle segment (Prospect)
        tells it to everybody who sees segments. So it does not follow who may see
        the number of purchases.
        """
        badges = self._badges()

        def badge(partner):
            return badges.get(partner.commercial_partner_id._origin.id, (False, False))

        for (leading, bought), partners in self.grouped(badge).items():
            partners.leading_segment_id = leading
            partners.segments_provisional = not bought

    def _badges(self):
        """One query: id of the entity → (id of its leading segment, whether it has bought)."""
        entities = self.commercial_partner_id._origin.ids
        if not entities:
            return {}
        query = SQL(
            """
            SELECT c.id, s.id, f.purchase_count > 0
            FROM unnest(%(entities)s) c (id)
            LEFT JOIN (
                crm_segment_membership m JOIN crm_segment s ON s.id = m.segment_id AND s.active
            ) ON m.partner_id = c.id AND m.company_id = %(company)s AND m.date_to IS NULL
             AND m.pinned IS DISTINCT FROM 'out' AND m.segmentation_id = %(leading)s
            LEFT JOIN crm_customer_metrics f
              ON f.partner_id = c.id AND f.company_id = %(company)s
            ORDER BY s.sequence DESC
            """,
            entities=entities,
            company=self.env.company.id,
            leading=self.env.company._leading_segmentation().id or 0,
            to_flush=[
                self.env[model]._fields[name]
                for model, names in _BADGE.items() for name in names
            ],
        )  # fmt: skip
        return {entity: tuple(badge) for entity, *badge in self.env.execute_query(query)}


#: what a badge is read from
_BADGE = {
    "crm.segment.membership": ("partner_id", "segment_id", "date_to", "pinned"),
    "crm.segment": ("active", "sequence"),
    "crm.customer.metrics": ("purchase_count",),
}
