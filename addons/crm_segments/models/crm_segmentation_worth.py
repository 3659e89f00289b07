"""What was found when a segmentation was judged: one row per company."""

from odoo import api, fields, models


class CrmSegmentationWorth(models.Model):
    """The last judgement on a segmentation in a company.

    Kept, because it takes seconds with many customers and changes once a month. Nobody reads
    the table: amounts stand in it. ``crm.segmentation.worth()`` tells what the user may see.
    """

    _name = "crm.segmentation.worth"
    _description = "What a Segmentation Explains"
    _rec_name = "segmentation_id"

    segmentation_id = fields.Many2one("crm.segmentation", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    date = fields.Datetime("Judged", required=True)
    result = fields.Json(export_string_translation=False)
    definition_key = fields.Char(export_string_translation=False)
    ends_key = fields.Char(
        export_string_translation=False, help="Technical: month-ends that there were then."
    )

    _segmentation_uniq = models.UniqueIndex("(segmentation_id, company_id)")

    @api.model
    def _of(self, segmentations, company):
        """The judgements on these segmentations: dict of segmentation id → record."""
        found = self.search(
            [("segmentation_id", "in", segmentations.ids), ("company_id", "=", company.id)]
        )
        return {one.segmentation_id.id: one for one in found}

    @api.model
    def _keep(self, segmentation, company, result, ends_key):
        """Store a judgement in place of the former one."""
        values = {
            "date": fields.Datetime.now(),
            "result": result,
            "definition_key": segmentation._definition_key(),
            "ends_key": ends_key,
        }
        known = self._of(segmentation, company).get(segmentation.id)
        if known:
            known.write(values)
        else:
            self.create({"segmentation_id": segmentation.id, "company_id": company.id, **values})
