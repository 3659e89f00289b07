"""Whom a campaign addresses: customers of segments, frozen, with a hold-out."""

from odoo import api, fields, models
from odoo.addons.crm_segments.models.own_call import OwnCall, is_marked
from odoo.addons.crm_segments.models.stored_domain import parse_domain
from odoo.exceptions import AccessError, UserError, ValidationError

from .stored_empty import StoredFloat, StoredMonetary
from .utm_campaign import FIGURES

#: context of the draw, the launch and the reading: they alone note what happened
NOTED = {"audience_noted": OwnCall()}
#: what may change once the audience is drawn: all else decided who got what
OPEN_LATER = {
    "name", "state", "launch_date", "reading", "reading_date", "verdict", "incremental_margin",
    "incremental_low", "incremental_high", "message_follower_ids", "arm_ids",
}  # fmt: skip


class CrmCampaignAudience(models.Model):
    """An audience, from its definition to what it was worth.

    *Draft*: who it would be, how many, and which effect they could show. *Drawn*: each customer
    has its arm, and nothing changes any more. *Launched*: the window runs; it is read once, when
    the window is over, so no correction for repeated looks is needed.
    """

    _name = "crm.campaign.audience"
    _description = "Audience of a Campaign"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, default=lambda self: self.env._("Audience"))
    campaign_id = fields.Many2one("utm.campaign", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [("draft", "Draft"), ("drawn", "Drawn"), ("launched", "Launched")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )

    segment_ids = fields.Many2many(
        "crm.segment", "crm_audience_segment_rel", "audience_id", "segment_id", "In Segments",
        groups="crm_segments.group_segments_user",
        help="Customers in any of them; all customers if empty.",
    )  # fmt: skip
    excluded_segment_ids = fields.Many2many(
        "crm.segment", "crm_audience_excluded_segment_rel", "audience_id", "segment_id",
        "Not in Segments", groups="crm_segments.group_segments_user",
    )  # fmt: skip
    domain = fields.Char("Condition", help="On the customers, beside their segments.")
    channel = fields.Selection(
        [("mailing", "Mailing"), ("activity", "Activities for Salespeople"),
         ("export", "List to Export")],
        required=True,
        default="mailing",
        help="A mailing needs an address, an export an address or a number.",
    )  # fmt: skip
    contacts = fields.Selection(
        [("main", "The customer itself, else its most active contact"),
         ("function", "Contacts with a job position"), ("tag", "Contacts with a tag"),
         ("all", "All contacts")],
        "Which Contacts",
        required=True,
        default="main",
    )  # fmt: skip
    function = fields.Char("Job Position", help="Part of the position, such as 'purchas'.")
    category_ids = fields.Many2many("res.partner.category", string="Contact Tags")
    contacts_most = fields.Integer(
        "At Most per Customer", default=1, help="Most recently active first. 0: no limit."
    )

    holdout = fields.Selection(
        [("share", "A share of the customers"), ("effect", "As many as an effect needs"),
         ("none", "Nobody")],
        "Hold-Out",
        required=True,
        default="share",
    )  # fmt: skip
    control_share = fields.Float("Share Held Out", default=0.1)
    effect = fields.Float(
        "Smallest Effect of Interest",
        default=0.02,
        help="Rise of the share of customers who order, in points: the verdict 'no effect' is only "
        "given where so much would have been seen.",
    )
    arm_ids = fields.One2many(
        "crm.campaign.audience.arm",
        "audience_id",
        "Treatments",
        default=lambda self: [(0, 0, {"name": self.env._("Campaign")})],
        copy=True,
        help="Several treatments share one hold-out.",
    )
    window_days = fields.Integer(
        "Window (Days)", default=30, help="Outcomes count from the launch on for so many days."
    )
    settle_days = fields.Integer(
        "Days to Wait", default=7, help="After the window, for invoices to be written."
    )
    outcome = fields.Selection(
        [("conversion", "Customers who order"), ("response", "Customers who respond"),
         ("orders", "Orders per customer"), ("revenue", "Revenue per customer"),
         ("margin", "Margin per customer")],
        "The Verdict Is About",
        required=True,
        default="conversion",
    )  # fmt: skip

    seed = fields.Char(readonly=True, copy=False, help="With it the draw can be repeated.")
    drawn_date = fields.Datetime("Drawn On", readonly=True, copy=False)
    drawn_share = fields.Float("Planned Share of the Hold-Out", readonly=True, copy=False)
    cap = fields.Integer(readonly=True, copy=False, help="Contacts in 30 days, 0: no limit.")
    consent = fields.Char("Consent Required", readonly=True, copy=False)
    launch_date = fields.Date(readonly=True, copy=False)
    end_date = fields.Date("Read On", compute="_compute_end_date")
    reading = fields.Json(
        readonly=True, copy=False, groups="base.group_system", export_string_translation=False
    )
    reading_date = fields.Datetime("Read At", readonly=True, copy=False)
    verdict = fields.Selection(
        [("better", "Works"), ("worse", "Does Harm"), ("nothing", "No Effect Seen"),
         ("small", "Too Small to Tell"), ("broken", "Groups Not as Drawn"),
         ("none", "No Hold-Out")],
        readonly=True,
        copy=False,
    )  # fmt: skip
    incremental_margin = StoredMonetary(readonly=True, copy=False, groups=FIGURES)
    incremental_low = StoredMonetary("Lower Limit", readonly=True, copy=False, groups=FIGURES)
    incremental_high = StoredMonetary("Upper Limit", readonly=True, copy=False, groups=FIGURES)

    checked_date = fields.Datetime("Sizes As Of", readonly=True, copy=False)
    customer_count = fields.Integer("Customers", readonly=True, copy=False)
    contact_count = fields.Integer("Contacts", readonly=True, copy=False)
    merged_count = fields.Integer("Merged Duplicates", readonly=True, copy=False)
    left_universal = fields.Integer("Never Contacted Group", readonly=True, copy=False)
    left_no_contact = fields.Integer("No Such Contact", readonly=True, copy=False)
    left_unreachable = fields.Integer("No Address or Number", readonly=True, copy=False)
    left_blacklisted = fields.Integer("Blacklisted", readonly=True, copy=False)
    left_opted_out = fields.Integer("Opted Out", readonly=True, copy=False)
    left_no_consent = fields.Integer("Without Consent", readonly=True, copy=False)
    left_cap = fields.Integer("Held Back by the Cap", readonly=True, copy=False)
    revenue_12m = StoredMonetary(
        "Sales of 12 Months", readonly=True, copy=False, groups=FIGURES,
        help="Of all of these customers; not told of fewer than ten.",
    )  # fmt: skip
    baseline_rate = StoredFloat("Order Anyway", readonly=True, copy=False, aggregator=None)
    detectable_rate = StoredFloat(
        "Smallest Visible Effect", readonly=True, copy=False, aggregator=None,
        help="Rise in points that is seen with a probability of 80 %.",
    )  # fmt: skip
    detectable_revenue = StoredMonetary(
        "Smallest Visible Difference in Sales", readonly=True, copy=False, groups=FIGURES,
        help="Per customer, seen with a probability of 80 %.",
    )  # fmt: skip
    advice = fields.Text(readonly=True, copy=False)
    overlap = fields.Text("Also in Running Campaigns", readonly=True, copy=False)
    member_ids = fields.One2many("crm.campaign.audience.member", "audience_id", copy=False)

    _shares = models.Constraint(
        "CHECK (control_share > 0 AND control_share < 1 AND effect > 0 AND effect < 1)",
        "The share held out and the effect lie between 0 and 100 %.",
    )
    _days = models.Constraint(
        "CHECK (window_days BETWEEN 1 AND 366 AND settle_days BETWEEN 0 AND 366"
        " AND contacts_most >= 0)",
        "The window has between 1 and 366 days; contacts per customer can't be negative.",
    )

    @api.depends("launch_date", "window_days", "settle_days")
    def _compute_end_date(self):
        for one in self:
            days = one.window_days + one.settle_days
            one.end_date = one.launch_date and fields.Date.add(one.launch_date, days=days)

    @api.constrains("domain")
    def _check_domain(self):
        for one in self:
            parse_domain(self.env, one.domain, "res.partner", one.name)

    @api.constrains("contacts", "function", "category_ids")
    def _check_contacts(self):
        for one in self:
            if one.contacts == "function" and not (one.function or "").strip():
                raise ValidationError(self.env._("Which job position has to have it?"))
            if one.contacts == "tag" and not one.category_ids:
                raise ValidationError(self.env._("Which tag has to be on the contacts?"))

    @api.model_create_multi
    def create(self, vals_list):
        """A new audience is a draft: nobody writes its result by hand.

        :raises AccessError: if the values tell of a draw, a launch or a reading
        """
        for vals in vals_list:
            self._check_noted(vals)
        return super().create(vals_list)

    def write(self, vals):
        """What is drawn stays as it was drawn.

        :raises AccessError: if the values tell of a draw, a launch or a reading
        :raises UserError: if the definition of a drawn audience would change
        """
        self._check_noted(vals)
        frozen = self.filtered(lambda one: one.state != "draft")
        if frozen and not vals.keys() <= OPEN_LATER and not is_marked(self.env, NOTED):
            raise UserError(
                self.env._(
                    "“%s” is drawn: who gets what can't change any more. Duplicate it instead.",
                    frozen[0].name,
                )
            )
        return super().write(vals)

    def _check_noted(self, vals):
        """What is read only on the form is written by the draw, the launch and the reading."""
        if self.env.su or is_marked(self.env, NOTED):
            return
        fields_ = [self._fields[name] for name in vals if name in self._fields]
        if noted := [one for one in fields_ if one.readonly and one.store]:
            label = noted[0].get_description(self.env, ["string"])["string"]
            raise AccessError(self.env._("“%s” is noted by the audience itself.", label))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_launched(self):
        """An experiment that ran isn't made undone."""
        if launched := self.filtered(lambda one: one.state == "launched"):
            raise UserError(
                self.env._("“%s” was launched: its result stays on record.", launched[0].name)
            )

    def _treatments(self):
        """Arms that get something, in their order."""
        return self.arm_ids.filtered(lambda arm: not arm.is_control)

    def action_open(self):
        """Open the audience itself."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
