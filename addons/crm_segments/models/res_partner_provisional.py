"""The badge of a customer, and whether it is provisional: nothing has been bought yet."""

from odoo import api, fields, models
from odoo.tools import SQL

_STAY = {"crm.segment.membership": ("partner_id", "segment_id", "company_id", "date_to", "pinned")}
#: fields that the segments of a customer are read from
_PLACED = {
    **_STAY,
    "crm.segment": ("active", "segmentation_id", "sequence"),
    "crm.segmentation": ("active", "enabled", "sequence"),
}
#: and its badge
_BADGE = {
    **_STAY, "crm.segment": ("active", "sequence"), "crm.customer.metrics": ("purchase_count",)
}  # fmt: skip


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

    def _placed_by_record(self, divisions=None):
        """By a plain statement: forms and advice ask for it, and a search takes longer."""
        entities = {one._origin.id: one.commercial_partner_id._origin.id for one in self}
        query = SQL(
            """
            SELECT m.partner_id, s.id, g.id FROM crm_segment_membership m
            JOIN crm_segment s ON s.id = m.segment_id AND s.active
            JOIN crm_segmentation g ON g.id = s.segmentation_id AND g.active AND g.enabled
            WHERE m.partner_id IN %(entities)s AND m.company_id = %(company)s
              AND m.date_to IS NULL AND m.pinned IS DISTINCT FROM 'out' AND %(asked)s
            ORDER BY g.sequence, g.id, s.sequence
            """,
            entities=(0, *(one for one in entities.values() if one)),
            company=self.env.company.id,
            asked=SQL("TRUE") if divisions is None else SQL("g.id IN %s", (0, *divisions)),
            to_flush=self._fields_of(_PLACED),
        )
        placed = {}
        for entity, *place in self.env.execute_query(query):
            placed.setdefault(entity, []).append(tuple(place))
        return {one: placed[entity] for one, entity in entities.items() if entity in placed}

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
            to_flush=self._fields_of(_BADGE),
        )
        return {entity: tuple(badge) for entity, *badge in self.env.execute_query(query)}

    def _fields_of(self, names):
        return [self.env[model]._fields[name] for model in names for name in names[model]]
