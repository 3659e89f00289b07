"""Touchpoints: each time a campaign, or anything else of marketing, met a customer."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: what a touch is about; a touch without campaign is a direct one
UTM = ("campaign_id", "medium_id", "source_id")


class CrmTouchpoint(models.Model):
    """One touch. Those with an origin are derived and rebuilt, the others entered or imported."""

    _name = "crm.touchpoint"
    _description = "Touchpoint"
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        index=True,
        ondelete="cascade",
        help="Without a company the touch counts in each.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty where nobody knows who it was: the touch counts for the campaign then, "
        "never for a person.",
    )
    lead_id = fields.Many2one("crm.lead", index="btree_not_null", ondelete="set null")
    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    kind_id = fields.Many2one(
        "crm.touchpoint.kind",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self.env.ref(
            "crm_campaign_roi.touchpoint_kind_manual", raise_if_not_found=False
        ),
    )
    campaign_id = fields.Many2one("utm.campaign", index="btree_not_null", ondelete="set null")
    medium_id = fields.Many2one("utm.medium", index="btree_not_null", ondelete="set null")
    source_id = fields.Many2one("utm.source", index="btree_not_null", ondelete="set null")
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary(help="What this one touch cost, where it is known.")
    note = fields.Char()
    code = fields.Char(
        "Number, Code or Answer",
        help="The number that was called, the promotion code, or the answer to “How did you hear "
        "of us?”. It stands for a campaign where one is set for it.",
    )
    reference = fields.Char(
        help="What tells touches of one kind apart where they come from, such as the number of a "
        "call. A touch that is imported again is refused.",
        copy=False,
    )
    origin = fields.Reference(
        selection="_selection_origin", compute="_compute_origin", string="Origin Document"
    )
    res_model = fields.Char(readonly=True, copy=False, string="Origin Model")
    res_id = fields.Many2oneReference(
        "Origin", model_field="res_model", readonly=True, copy=False, aggregator=None
    )
    origin_campaign_id = fields.Many2one(
        "utm.campaign",
        "Campaign of the Document",
        readonly=True,
        ondelete="set null",
        help="What the document itself is attributed to, to compare an answer with. It is never "
        "overwritten by one.",
    )

    _origin_unique = models.UniqueIndex(
        "(kind_id, res_model, res_id)", "This document has such a touchpoint already."
    )
    _reference_unique = models.UniqueIndex(
        "(kind_id, reference) WHERE reference IS NOT NULL",
        "A touchpoint of this kind and reference is there already.",
    )
    _partner_date = models.Index("(partner_id, date) WHERE partner_id IS NOT NULL")

    @api.model
    def _selection_origin(self):
        # sudo: names of models, for a field that is only shown
        known = self.env["ir.model"].sudo().search([("model", "in", self._origin_models())])
        return [(model.model, model.name) for model in known]

    @api.model
    def _origin_models(self):
        return [
            "crm.lead", "sale.order", "account.move", "mailing.trace", "link.tracker.click",
            "event.registration", "website.track", "res.partner",
        ]  # fmt: skip

    @api.depends("res_model", "res_id")
    def _compute_origin(self):
        """The document, for those who may read it."""
        for touch in self:
            model = touch.res_model
            touch.origin = False
            if model in self.env and self.env[model].has_access("read"):
                document = self.env[model].browse(touch.res_id).exists()._filtered_access("read")
                touch.origin = document and f"{model},{document.id}"

    @api.depends("kind_id", "partner_id", "campaign_id")
    def _compute_display_name(self):
        for touch in self:
            who = touch.partner_id.name or touch.campaign_id.title or touch.medium_id.name
            touch.display_name = " – ".join(filter(None, (touch.kind_id.name, who)))

    @api.model_create_multi
    def create(self, vals_list):
        """The customer is the commercial entity; a code stands for its campaign."""
        vals_list = [self._entity_values(vals) for vals in vals_list]
        touches = super().create(vals_list)
        touches._fill_from_code()
        touches._credit_changed(touches.partner_id.ids)
        return touches

    def write(self, vals):
        """Credit follows."""
        before = self.partner_id.ids
        vals = self._entity_values(vals)
        res = super().write(vals)
        if "code" in vals or "kind_id" in vals:
            self._fill_from_code()
        self._credit_changed([*before, *self.partner_id.ids])
        return res

    def unlink(self):
        """Credit goes to the touches that stay."""
        partners = self.partner_id.ids
        res = super().unlink()
        self._credit_changed(partners)
        return res

    def _entity_values(self, vals):
        if not vals.get("partner_id"):
            return vals
        partner = self.env["res.partner"].browse(vals["partner_id"])
        return {**vals, "partner_id": partner.commercial_partner_id.id}

    def _credit_changed(self, partner_ids):
        """Credit of these customers is divided anew."""
        if partner_ids and not self.env.context.get("touchpoints_rebuild"):
            # sudo: derived rows that nobody else writes
            self.env["crm.campaign.credit"].sudo()._refresh(list(set(partner_ids)))

    @api.constrains("date")
    def _check_date(self):
        """A touch of tomorrow can't have brought an order."""
        limit = fields.Datetime.add(fields.Datetime.now(), days=1)
        if late := self.filtered(lambda touch: touch.date > limit):
            raise ValidationError(
                self.env._(
                    "A touchpoint can't lie in the future: %(date)s.",
                    date=fields.Datetime.to_string(late[0].date),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_derived(self):
        """What comes from a document would be back tomorrow."""
        if any(touch.res_model for touch in self):
            raise ValidationError(
                self.env._(
                    "This touchpoint comes from a document and would be back with the next "
                    "rebuild. Change the campaign of the document, or let its kind not count."
                )
            )
