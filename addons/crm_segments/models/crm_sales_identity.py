from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmSalesIdentity(models.Model):
    """Under which code a source knows a customer: the next import matches at once.

    Pointing an identity at another customer moves the lines at the next import.
    """

    _name = "crm.sales.identity"
    _description = "Customer Code in a Source of Sales History"
    _order = "source_id, external_id, id"
    _rec_name = "external_id"

    source_id = fields.Many2one("crm.sales.source", required=True, index=True, ondelete="cascade")
    external_id = fields.Char(
        string="Code in the Source",
        required=True,
        help="The customer's code. Where the source has none, the key that stood in for it, "
        "such as vat:BE0477472701.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    # What the source says of the customer, as it says it: see crm.sales.compare. ``email`` is
    # stored under that name so that the host's privacy look-up finds the row.
    customer_name = fields.Char(readonly=True)
    vat = fields.Char("Tax Number", readonly=True)
    reference = fields.Char("Customer Reference", readonly=True)
    email = fields.Char(
        "Email in the Source",
        readonly=True,
        help="As the source has it; the customer may have another one here.",
    )
    country = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    street = fields.Char(readonly=True)
    city = fields.Char(readonly=True)
    zip = fields.Char("Postal Code", readonly=True)
    industry = fields.Char(readonly=True)

    _external_unique = models.Constraint(
        "UNIQUE(source_id, external_id)", "The source already knows a customer under this code."
    )

    @api.constrains("partner_id", "source_id")
    def _check_partner_company(self):
        for identity in self:
            company = identity.partner_id.company_id
            if company and company not in identity.source_id.company_id.parent_ids:
                raise ValidationError(
                    self.env._(
                        "%(partner)s belongs to %(company)s and cannot be a customer of "
                        "%(origin)s, which is a source of another company.",
                        partner=identity.partner_id.display_name,
                        company=company.name,
                        origin=identity.source_id.name,
                    )
                )
