"""The file of segmentations: to download, or to read in."""

import base64

from odoo import fields, models
from odoo.exceptions import UserError


class CrmSegmentationTransfer(models.TransientModel):
    _name = "crm.segmentation.transfer"
    _description = "Segmentations as a File"

    file = fields.Binary(attachment=False)
    filename = fields.Char()

    def action_import(self):
        """Create what the file holds, switched off, and show it."""
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        imported = self.env["crm.segmentation"]._import_file(base64.b64decode(self.file))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segments.crm_segmentation_action"
        )
        if len(imported) == 1:
            return {**action, "res_id": imported.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", imported.ids)]}
