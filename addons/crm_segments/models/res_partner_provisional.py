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

    def _segments_by_record(self):
        """By a plain statement: forms and advice ask for it, and a search takes longer."""
        entities = {one._origin.id: one.commercial_partner_id._origin.id for one in self}
        query = SQL(
            """
            SELECT m.partner_id, array_agg(s.id ORDER BY g.sequence, g.id, s.sequence)
            FROM unnest(%(entities)s) c (id)
            JOIN crm_segment_membership m ON %(stay)s
            JOIN crm_segment s ON s.id = m.segment_id AND s.active
            JOIN crm_segmentation g ON g.id = s.segmentation_id AND g.active AND g.enabled
            GROUP BY m.partner_id
            """,
            **self._stays_of(entities.values()),
            to_flush=[
                *self._fields_of("crm.segment", "active", "segmentation_id", "sequence"),
                *self._fields_of("crm.segmentation", "active", "enabled", "sequence"),
            ],
        )
        placed = dict(self.env.execute_query(query))
        return {one: placed[entity] for one, entity in entities.items() if entity in placed}

    def _badges(self):
        """One query: id of the entity → (id of its leading segment, whether it has bought)."""
        query = SQL(
            """
            SELECT c.id, s.id, f.purchase_count > 0
            FROM unnest(%(entities)s) c (id)
            LEFT JOIN (
                crm_segment_membership m JOIN crm_segment s ON s.id = m.segment_id AND s.active
            ) ON %(stay)s AND m.segmentation_id = %(leading)s
            LEFT JOIN crm_customer_metrics f
              ON f.partner_id = c.id AND f.company_id = %(company)s
            ORDER BY s.sequence DESC
            """,
            **self._stays_of(self.commercial_partner_id._origin.ids),
            company=self.env.company.id,
            leading=self.env.company._leading_segmentation().id or 0,
            to_flush=[
                *self._fields_of("crm.segment", "active", "sequence"),
                *self._fields_of("crm.customer.metrics", "purchase_count"),
            ],
        )
        return {entity: tuple(badge) for entity, *badge in self.env.execute_query(query)}

    def _stays_of(self, entities):
        """Arguments of both statements: the entities ``c``, and which stays ``m`` are theirs."""
        stay = self._current_stay_sql("m", SQL.identifier("c", "id"), self.env.company.id)
        return {"entities": SQL("%s::int[]", [one for one in entities if one]), "stay": stay}

    def _fields_of(self, model, *names):
        return [self.env[model]._fields[name] for name in names]
