"""Pricelists by segment: who is in it gets its pricelist, as long as they stay.

Nothing is written on customers: the host asks which pricelist applies, and a customer's own one
goes before.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class CrmSegment(models.Model):
    _inherit = "crm.segment"

    pricelist_id = fields.Many2one(
        "product.pricelist", company_dependent=True, readonly=True,
        groups="sales_team.group_sale_salesman",
        help="For its customers in this company, unless they have one of their own. Assigned when "
        "a pricelist drafted from the guidance is applied.",
    )  # fmt: skip

    def _check_prices(self):
        """:raises AccessError: for users who are no sales managers"""
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("sales_team.group_sale_manager")):
            raise AccessError(self.env._("Only sales managers decide on pricelists of segments."))

    def action_draft_pricelist(self):
        """Draft a pricelist from the guidance of this segment, and compare it.

        :return: action that opens the comparison
        :raises AccessError: for users who are no sales managers
        :raises UserError: where nothing is known of the segment's prices
        """
        self.ensure_one()
        self._check_prices()
        proposal = self.env["crm.price.proposal"]._draft(self)
        return proposal._open()

    def action_assign_pricelist(self, pricelist_id=False):
        """Assign a pricelist to the segment in the current company, or take it away.

        :param int pricelist_id: id of a product.pricelist; False: none
        :raises AccessError: for users who are no sales managers
        """
        self._check_prices()
        pricelist = self.env["product.pricelist"].browse(pricelist_id or [])
        pricelist.check_access("read")
        # sudo: sales managers decide on prices, not on who belongs to a segment
        self.sudo().pricelist_id = pricelist


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    crm_segment_only = fields.Boolean(
        "For Segments Only", readonly=True, copy=False,
        help="Drafted for a segment: never the first one there is for everybody else.",
    )  # fmt: skip

    def _get_partner_pricelist_multi_search_domain_hook(self, company_id):
        """Without another pricelist the host would give everybody the only one there is."""
        domain = super()._get_partner_pricelist_multi_search_domain_hook(company_id)
        return [*domain, ("crm_segment_only", "=", False)]

    @api.model
    def _get_partner_pricelist_multi(self, partner_ids):
        """The pricelist of the segment goes before that of the country."""
        found = super()._get_partner_pricelist_multi(partner_ids)
        ids = [id_ for id_ in partner_ids if isinstance(id_, int)]
        if not found or not ids:
            return found
        assigned = self._by_segment(ids)
        Partner = self.env["res.partner"].with_context(active_test=False)
        for partner in Partner.browse(assigned):
            own = partner.specific_property_product_pricelist
            if not own._get_partner_pricelist_multi_filter_hook():
                found[partner.id] = assigned[partner.id]
        return found

    def _by_segment(self, partner_ids):
        """Partner id → pricelist of the first of its segments that has one."""
        company = self.env.company
        # sudo: the price is the customer's, whoever asks for it, also on the website
        segments = self.env["crm.segment"].sudo().search([("pricelist_id", "!=", False)])
        lists = {one.id: one.pricelist_id.sudo(self.env.su) for one in segments
                 if one.pricelist_id.active
                 and one.pricelist_id.company_id in (company, company.browse())}  # fmt: skip
        if not lists:
            return {}
        self.env["crm.segment.membership"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (p.id) p.id, m.segment_id
                FROM res_partner p
                JOIN crm_segment_membership m ON m.partner_id = p.commercial_partner_id
                JOIN crm_segmentation n ON n.id = m.segmentation_id AND n.enabled AND n.active
                JOIN crm_segment s ON s.id = m.segment_id AND s.active
                WHERE p.id = ANY(%s) AND m.company_id = %s AND m.segment_id = ANY(%s)
                  AND m.date_to IS NULL AND m.pinned IS DISTINCT FROM 'out'
                ORDER BY p.id, n.sequence, s.sequence, s.id
                """,
                list(partner_ids), company.id, list(lists),
            )
        )  # fmt: skip
        return {partner_id: lists[segment_id] for partner_id, segment_id in rows}
