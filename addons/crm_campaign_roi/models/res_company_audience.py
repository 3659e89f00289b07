"""What a company asks of its audiences: consent, a cap on contacts, a group left alone."""

import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError

CONSENT = [
    ("none", "None: everybody who has not opted out"),
    ("category", "A tag on the contact"),
    ("list", "A subscription to a mailing list"),
]


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    crm_roi_consent = fields.Selection(
        CONSENT,
        "Consent Required",
        required=True,
        default="none",
        help="Who lacks it counts like somebody who opted out.",
    )
    crm_roi_consent_category_id = fields.Many2one(
        "res.partner.category", "Tag of Consent", ondelete="restrict"
    )
    crm_roi_consent_list_ids = fields.Many2many(
        "mailing.list", "crm_roi_consent_list_rel", "company_id", "list_id", "Lists of Consent"
    )
    crm_roi_contact_cap = fields.Integer(
        "Contact Cap",
        default=4,
        help="Customers with so many mailings, e-mails, calls and meetings in 30 days are held "
        "back. 0: no limit.",
    )
    crm_roi_universal_share = fields.Float(
        "Never Contacted Group",
        help="Share of the customers that no audience and no mailing reaches: against them all of "
        "marketing is measured.",
    )
    crm_roi_universal_seed = fields.Char(
        default=lambda self: secrets.token_hex(8),
        copy=False,
        groups="base.group_system",
        export_string_translation=False,
    )

    crm_roi_universal_since = fields.Date("Never Contacted Since", readonly=True, copy=False)
    crm_roi_keep_results = fields.Boolean(
        "Keep Results",
        help="For large databases: results of campaigns are added up every night, so that the "
        "report reads in a second or two. By segment, and lifetime margins, are always live. "
        "Switched on by itself where a great many touches of orders are credited, unless somebody "
        "has switched it off.",
    )
    crm_roi_keep_decided = fields.Boolean(copy=False, export_string_translation=False)
    crm_roi_kept_date = fields.Datetime("Results As Of", readonly=True, copy=False)
    crm_roi_kept_segmentation_id = fields.Many2one(
        "crm.segmentation",
        readonly=True,
        copy=False,
        ondelete="set null",
        export_string_translation=False,
    )

    _crm_roi_universal_range = models.Constraint(
        "CHECK (COALESCE(crm_roi_universal_share, 0) BETWEEN 0 AND 0.5)",
        "The group that is never contacted has between 0 and 50 % of the customers.",
    )
    _crm_roi_contact_cap_positive = models.Constraint(
        "CHECK (crm_roi_contact_cap >= 0)", "The contact cap can't be negative."
    )

    def write(self, vals):
        """Results are kept from the next night on; until then they are read live."""
        keep = vals.get("crm_roi_keep_results")
        if keep is not None and any(one.crm_roi_keep_results != bool(keep) for one in self):
            vals = {"crm_roi_kept_date": False, "crm_roi_keep_decided": True, **vals}
        if "crm_roi_universal_share" in vals and any(
            one.crm_roi_universal_share != vals["crm_roi_universal_share"] for one in self
        ):
            # another share is another group: what was measured before isn't of it
            vals = {**vals, "crm_roi_universal_since": fields.Date.context_today(self)}
        return super().write(vals)

    @api.constrains("crm_roi_consent", "crm_roi_consent_category_id", "crm_roi_consent_list_ids")
    def _check_crm_roi_consent(self):
        for company in self:
            given = {
                "category": company.crm_roi_consent_category_id,
                "list": company.crm_roi_consent_list_ids,
            }
            if company.crm_roi_consent != "none" and not given[company.crm_roi_consent]:
                raise ValidationError(
                    self.env._("Choose the tag or the mailing lists that stand for consent.")
                )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    crm_roi_consent = fields.Selection(related="company_id.crm_roi_consent", readonly=False)
    crm_roi_consent_category_id = fields.Many2one(
        related="company_id.crm_roi_consent_category_id", readonly=False
    )
    crm_roi_consent_list_ids = fields.Many2many(
        related="company_id.crm_roi_consent_list_ids",
        readonly=False,
        # an administrator without mailing lists can save the other settings all the same
        groups="mass_mailing.group_mass_mailing_user",
    )
    crm_roi_contact_cap = fields.Integer(related="company_id.crm_roi_contact_cap", readonly=False)
    crm_roi_universal_share = fields.Float(
        related="company_id.crm_roi_universal_share", readonly=False
    )
    crm_roi_keep_results = fields.Boolean(related="company_id.crm_roi_keep_results", readonly=False)
