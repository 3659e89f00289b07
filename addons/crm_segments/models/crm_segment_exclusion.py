"""Customers whom no segmentation of a company divides, such as 'Walk-in customer'."""

from odoo import api, fields, models
from odoo.tools import SQL


class CrmSegmentExclusion(models.Model):
    """One customer that stays out of all segmentations of one company.

    Its documents still count in the company's totals; it is only placed nowhere and ranked
    against nobody.
    """

    _name = "crm.segment.exclusion"
    _description = "Customer Left Out of Segments"
    _order = "id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('is_crm_customer', '=', True)]",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    reason = fields.Selection(
        [("catch_all", "Stands for many customers"), ("other", "Other")],
        required=True,
        default="other",
    )
    note = fields.Char()

    _partner_company_uniq = models.UniqueIndex(
        "(partner_id, company_id)", "This customer is left out already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever is left out leaves the segments at once."""
        exclusions = super().create(vals_list)
        exclusions._place_again(exclusions.partner_id)
        return exclusions

    def unlink(self):
        """Whoever is taken in again is placed at once."""
        partners = self.partner_id
        res = super().unlink()
        self._place_again(partners)
        return res

    def _place_again(self, partners):
        if partners and not self.env.context.get("segments_defer"):
            self.env["crm.segmentation"]._place_touched(set(partners.ids), set())

    @api.model
    def _excluded_sql(self, partner, company):
        """Condition: the customer is left out in this company.

        :param SQL partner: column with the id of a customer
        :param company: res.company record
        """
        return SQL(
            """EXISTS (SELECT FROM crm_segment_exclusion e
                       WHERE e.partner_id = %s AND e.company_id = %s)""",
            partner,
            company.id,
        )
