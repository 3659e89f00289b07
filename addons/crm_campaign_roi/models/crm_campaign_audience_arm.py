"""Arms of an audience, and who is in them."""

from odoo import api, fields, models
from odoo.addons.crm_segments.models.own_call import is_marked
from odoo.exceptions import UserError

from .crm_campaign_audience import NOTED
from .crm_campaign_credit import DOCUMENTS
from .stored_empty import StoredMonetary


class CrmCampaignAudienceArm(models.Model):
    """A treatment, or the hold-out."""

    _name = "crm.campaign.audience.arm"
    _description = "Arm of an Audience"
    _order = "is_control desc, sequence, id"

    audience_id = fields.Many2one(
        "crm.campaign.audience", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char("Treatment", required=True)
    sequence = fields.Integer(default=10)
    weight = fields.Float(default=1, help="Parts of those who are not held out.")
    is_control = fields.Boolean("Hold-Out", readonly=True)
    customer_count = fields.Integer("Customers", readonly=True, copy=False)
    contact_count = fields.Integer("Contacts", readonly=True, copy=False)
    mailing_ids = fields.One2many("mailing.mailing", "crm_audience_arm_id", "Mailings")

    _weight_positive = models.Constraint(
        "CHECK (weight > 0)", "A treatment needs a weight above 0."
    )

    @api.depends("name", "audience_id")
    def _compute_display_name(self):
        for arm in self:
            arm.display_name = f"{arm.audience_id.name}: {arm.name}"

    @api.model_create_multi
    def create(self, vals_list):
        """No arm comes to an audience that is drawn."""
        arms = super().create(vals_list)
        arms._check_draft()
        return arms

    def write(self, vals):
        """Names may change, what was drawn may not."""
        if not vals.keys() <= {"name", "sequence", "mailing_ids"}:
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_drawn(self):
        if not is_marked(self.env, NOTED):
            self._check_draft()

    def _check_draft(self):
        drawing = is_marked(self.env, NOTED)
        if not drawing and any(arm.audience_id.state != "draft" for arm in self):
            raise UserError(self.env._("The audience is drawn: its arms can't change any more."))


class CrmCampaignAudienceMember(models.Model):
    """A customer of a drawn audience: its arm, or why it is left out. Nobody edits it."""

    _name = "crm.campaign.audience.member"
    _description = "Customer of an Audience"
    _log_access = False
    _rec_name = "partner_id"

    audience_id = fields.Many2one(
        "crm.campaign.audience", required=True, readonly=True, index=True, ondelete="cascade"
    )
    arm_id = fields.Many2one(
        "crm.campaign.audience.arm", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        readonly=True,
        index=True,
        ondelete="set null",
        help="Empty where the customer was deleted since: it counts as it was assigned.",
    )
    unit = fields.Integer(
        "Drawn Together As",
        readonly=True,
        aggregator=None,
        help="Customers with an address in common have the same number, and the same arm.",
    )
    reason = fields.Selection(
        [("universal", "In the group that is never contacted"), ("no_contact", "No such contact"),
         ("unreachable", "No address or number"), ("blacklisted", "Blacklisted"),
         ("opted_out", "Opted out"), ("no_consent", "Without consent"),
         ("cap", "Held back by the contact cap")],
        "Left Out",
        readonly=True,
    )  # fmt: skip
    stratum = fields.Char(
        "Drawn Within", readonly=True, help="Segment and value tier at the draw, for its audit."
    )
    segment_id = fields.Many2one(
        "crm.segment",
        readonly=True,
        ondelete="set null",
        groups="crm_segments.group_segments_user",
    )
    tier = fields.Integer(
        "Value Tier", readonly=True, aggregator=None,
        help="By the sales of 12 months: 0 none, 3 the highest third.",
    )  # fmt: skip
    currency_id = fields.Many2one(related="audience_id.currency_id")
    revenue = StoredMonetary("Sales of 12 Months", readonly=True, groups=DOCUMENTS)
    contacts_30d = fields.Integer("Contacts (30 Days)", readonly=True, aggregator=None)

    _once = models.UniqueIndex("(audience_id, partner_id)")


class CrmCampaignAudienceRecipient(models.Model):
    """A contact that gets the campaign, or would have without the hold-out."""

    _name = "crm.campaign.audience.recipient"
    _description = "Contact of an Audience"
    _log_access = False
    _rec_name = "partner_id"

    arm_id = fields.Many2one(
        "crm.campaign.audience.arm", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, readonly=True, index=True, ondelete="cascade"
    )
    customer_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="cascade"
    )

    _once = models.UniqueIndex("(arm_id, partner_id)")
