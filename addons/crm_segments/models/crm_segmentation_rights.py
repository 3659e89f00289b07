"""A population, and the field that divides it, are chosen by those who may read them."""

from odoo import api, models

from .rule_rights import check_path_rights, check_rule_rights


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        """No population or field that its author may not read."""
        segmentations = super().create(vals_list)
        for segmentation, vals in zip(segmentations, vals_list, strict=True):
            segmentation._check_rules_readable(vals)
        return segmentations

    def write(self, vals):
        """No population or field that its author may not read."""
        res = super().write(vals)
        for segmentation in self:
            segmentation._check_rules_readable(vals)
        return res

    def _check_rules_readable(self, vals):
        # not a constraint: those run with all rights
        if self.env.su:
            return
        if vals.get("domain"):
            check_rule_rights(self.env, self._population_domain(), "res.partner", self.name)
        name = vals.get("field_id") and self.sudo().field_id.name
        if name:
            check_path_rights(self.env["res.partner"], name, self.name)
