"""What a telephone number, a promotion code or an answer stands for."""

from odoo import api, fields, models


class CrmTouchpointCode(models.Model):
    """A number that a campaign advertises, a code that it gives, an answer that names it."""

    _name = "crm.touchpoint.code"
    _description = "Number, Code or Answer of a Campaign"
    _order = "kind_id, name"
    _check_company_auto = True

    name = fields.Char("Number, Code or Answer", required=True)
    normalized = fields.Char(compute="_compute_normalized", store=True, readonly=True)
    kind_id = fields.Many2one(
        "crm.touchpoint.kind", required=True, ondelete="cascade", string="Of Touchpoints"
    )
    company_id = fields.Many2one("res.company", ondelete="cascade")
    campaign_id = fields.Many2one("utm.campaign", ondelete="cascade", index=True)
    medium_id = fields.Many2one("utm.medium", ondelete="set null")
    source_id = fields.Many2one("utm.source", ondelete="set null")

    _code_unique = models.UniqueIndex(
        "(kind_id, normalized, COALESCE(company_id, 0))",
        "This number, code or answer stands for a campaign already.",
    )

    @api.depends("name", "kind_id.code")
    def _compute_normalized(self):
        """Compared without case and blanks, numbers by their digits."""
        for code in self:
            code.normalized = self._normalize(code.name, code.kind_id.code)

    @api.model
    def _normalize(self, text, kind):
        text = "".join((text or "").split()).lower()
        if kind != "call":
            return text
        return "".join(one for one in text if one.isdigit()).removeprefix("00")


class CrmTouchpoint(models.Model):
    _inherit = "crm.touchpoint"  # pylint: disable=consider-merging-classes-inherited

    def _fill_from_code(self):
        """Touches whose number or code is known are about its campaign."""
        coded = self.filtered(lambda touch: touch.code and not touch.campaign_id)
        if not coded:
            return
        # sudo: what a number stands for is no secret of whoever keeps the list
        Code = self.env["crm.touchpoint.code"].sudo()
        known = Code.search([("kind_id", "in", coded.kind_id.ids)])
        found = {(one.kind_id, one.normalized, one.company_id): one for one in known}
        for touch in coded:
            key = touch.kind_id, Code._normalize(touch.code, touch.kind_id.code)
            code = found.get((*key, touch.company_id)) or found.get((*key, Code.company_id))
            if code:
                touch.update(
                    {name: code[name].id for name in ("campaign_id", "medium_id", "source_id")}
                )
