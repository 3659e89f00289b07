"""Customers who have not bought yet: their segments are provisional."""

from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    segments_provisional = fields.Boolean(
        "Segments Are Provisional",
        compute="_compute_segments_provisional",
        groups="crm_segments.group_segments_user",
        help="Nothing has been bought yet: the first purchase decides where the customer belongs.",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_segments_provisional(self):
        """One query: who has no purchase in the current company.

        Whether somebody has bought is no figure: the lifecycle segment (Prospect)
        tells it to everybody who sees segments. So it does not follow who may see
        the number of purchases.
        """
        # sudo: see above; only yes or no leaves this method
        bought = self.env["crm.customer.metrics"].sudo().search_fetch(
            [
                ("company_id", "=", self.env.company.id),
                ("partner_id", "in", self.commercial_partner_id._origin.ids),
                ("purchase_count", ">", 0),
            ],
            ["partner_id"],
        )  # fmt: skip
        known = {row.partner_id.id for row in bought}
        self._set_alike(
            "segments_provisional",
            lambda partner: partner.commercial_partner_id._origin.id not in known,
        )
