"""One part of a segmentation."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib import rfm
from .metric_fields import DEFINITION_GROUPS
from .own_call import IN_PARENT, is_marked
from .stored_domain import check_query, parse_domain

#: fields that decide who is in the segment
_DEFINITION = {
    "domain", "threshold", "rfm_codes", "value_key", "is_rest", "sequence", "active",
    "include_segment_ids", "exclude_segment_ids",
}  # fmt: skip


class CrmSegment(models.Model):
    """A segment: what it takes to be in, by the method of its segmentation."""

    _name = "crm.segment"
    _description = "Customer Segment"
    _order = "segmentation_id, sequence, id"
    _rec_names_search = ["name"]

    name = fields.Char(required=True, translate=True)
    segmentation_id = fields.Many2one(
        "crm.segmentation", required=True, index=True, ondelete="cascade"
    )
    method = fields.Selection(related="segmentation_id.method")
    company_id = fields.Many2one(related="segmentation_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10, help="The first segment that fits wins.")
    active = fields.Boolean(default=True)
    color = fields.Integer()
    domain = fields.Char(
        "Rule",
        default="[]",
        groups=DEFINITION_GROUPS,
        help="Customers who satisfy this rule are in the segment.",
    )
    include_segment_ids = fields.Many2many(
        "crm.segment",
        "crm_segment_include_rel",
        "segment_id",
        "included_id",
        "Also Customers Of",
        help="Customers of these segments belong here too. Without a rule, only they do.",
    )
    exclude_segment_ids = fields.Many2many(
        "crm.segment",
        "crm_segment_exclude_rel",
        "segment_id",
        "excluded_id",
        "Never Customers Of",
        help="Customers of these segments never belong here.",
    )
    lead_domain = fields.Char(
        "Rule for Leads",
        groups=DEFINITION_GROUPS,
        help="Leads without a customer that satisfy this rule are shown in the segment, "
        "provisionally. Empty: none.",
    )
    threshold = fields.Float(
        "Limit",
        groups=DEFINITION_GROUPS,
        help="Tiers: the least value of the figure. ABC: the share of the total, in %, "
        "up to which customers belong here.",
    )
    rfm_codes = fields.Char(
        "RFM Scores", help="Three digits each: recency, frequency, monetary value, 5 = best."
    )
    value_key = fields.Char("Value", readonly=True, copy=True)
    is_rest = fields.Boolean(
        "Everybody Else", help="Customers of the population who fit no other segment."
    )
    description = fields.Char(translate=True)
    member_count = fields.Integer("Customers", compute="_compute_member_count")
    membership_ids = fields.One2many("crm.segment.membership", "segment_id", "Memberships")

    _value_uniq = models.UniqueIndex("(segmentation_id, value_key) WHERE value_key IS NOT NULL")

    @api.depends("membership_ids")
    @api.depends_context("company")
    def _compute_member_count(self):
        Membership = self.env["crm.segment.membership"]
        counts = dict(
            Membership._read_group(
                Membership._current_domain(self.env.company)
                & fields.Domain("segment_id", "in", self.ids)
                & fields.Domain("partner_id.active", "=", True),
                ["segment_id"],
                ["__count"],
            )
        )
        for segment in self:
            segment.member_count = counts.get(segment._origin, 0)

    @api.constrains("domain")
    def _check_domain(self):
        for segment in self.filtered(lambda one: one.method == "rule" and not one.is_rest):
            env = segment.segmentation_id._rule_env()
            check_query(env, segment._rule_domain(), "res.partner", segment.name)

    @api.constrains("rfm_codes")
    def _check_rfm_codes(self):
        for segment in self.filtered("rfm_codes"):
            try:
                rfm.parse_codes(segment.rfm_codes)
            except ValueError as error:
                raise ValidationError(
                    self.env._("“%s” is no RFM score: three digits from 1 to 5.", error)
                ) from error
        if not is_marked(self.env, IN_PARENT):
            self.segmentation_id._check_grid()

    @api.constrains("threshold", "is_rest")
    def _check_threshold(self):
        if not is_marked(self.env, IN_PARENT):
            self.segmentation_id._check_thresholds()
            self.segmentation_id._check_segments()

    def _rule_domain(self):
        """The segment's rule as a domain on customers.

        :raises ValidationError: with the reason in the user's words
        """
        self.ensure_one()
        env = self.segmentation_id._rule_env()
        return parse_domain(env, self.sudo().domain, "res.partner", self.name)

    @api.model_create_multi
    def create(self, vals_list):
        """What the rules read is looked up anew."""
        for index, vals in enumerate(vals_list, 1):
            # neighbours differ in colour; grey is for everybody else
            vals.setdefault("color", 0 if vals.get("is_rest") else self._next_color(vals, index))
        segments = super().create(vals_list)
        segments._rules_changed()
        return segments

    def _next_color(self, vals, index):
        segmentation = self.env["crm.segmentation"].browse(vals.get("segmentation_id"))
        return (len(segmentation.segment_ids) + index - 1) % 11 + 1

    def write(self, vals):
        """A changed rule is looked up anew, and followed soon."""
        res = super().write(vals)
        if not vals.get("active", True):
            self.env["crm.segment.membership"]._end_stays("segment_id", self.ids)
        if not vals.keys().isdisjoint(_DEFINITION):
            self._rules_changed()
        return res

    def unlink(self):
        """The customers of a deleted segment find another one soon."""
        segmentations = self.segmentation_id
        res = super().unlink()
        self.env.registry.clear_cache()
        segmentations._definition_changed()
        return res

    def _rules_changed(self):
        self.env.registry.clear_cache()
        self.segmentation_id._definition_changed()

    @api.depends("name", "segmentation_id")
    @api.depends_context("segmentation_in_name")
    def _compute_display_name(self):
        """With the segmentation in front where segments of several stand side by side."""
        long = self.env.context.get("segmentation_in_name")
        # of a segment's thirty fields the host's lists show the name alone
        self.fetch(["name", "segmentation_id"] if long else ["name"])
        for segment in self:
            name = segment.name
            segment.display_name = f"{segment.segmentation_id.name}: {name}" if long else name

    def action_open_memberships(self):
        """The stays in this segment, each with its reason."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segments.crm_segment_membership_action"
        )
        action.update(
            display_name=self.name,
            domain=[("segment_id", "=", self.id)],
            context={"search_default_current": 1},
        )
        return action

    def action_open_members(self):
        """The customers in this segment now."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("base.action_partner_form")
        domain = [("segment_ids", "in", self.ids), ("is_crm_customer", "=", True)]
        action.update(display_name=self.name, domain=domain, context={})
        return action
