"""A segment's rules are written by those who may read what they use."""

from odoo import api, models
from odoo.exceptions import AccessError

from .rule_rights import check_rule_rights


class CrmSegment(models.Model):
    _inherit = "crm.segment"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        """No rule on what its author may not read."""
        segments = super().create(vals_list)
        for segment, vals in zip(segments, vals_list, strict=True):
            segment._check_rules_readable(vals)
        return segments

    def write(self, vals):
        """No rule on what its author may not read, and no way into other companies."""
        if not self.env.su:
            self._check_target(vals)
        res = super().write(vals)
        for segment in self:
            segment._check_rules_readable(vals)
        return res

    def _check_target(self, vals):
        """The host's rules look at where a segment comes from, not at where it goes."""
        if "company_id" in vals:
            raise AccessError(self.env._("The company of a segment is that of its segmentation."))
        if target := vals.get("segmentation_id"):
            self.env["crm.segmentation"].browse(target).check_access("write")

    def _check_rules_readable(self, vals):
        # not a constraint: those run with all rights
        if self.env.su:
            return
        if vals.get("domain") and self.method == "rule" and not self.is_rest:
            check_rule_rights(self.env, self._rule_domain(), "res.partner", self.name)
        if vals.get("lead_domain"):
            check_rule_rights(self.env, self._lead_rule(), "crm.lead", self.name)
