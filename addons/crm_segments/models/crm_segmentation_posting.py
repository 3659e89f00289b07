"""Nothing is placed, and no action runs, while the host posts."""

from odoo import api, models


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _place_touched(self, place, figures, names=None):
        """Posting a customer's first invoice writes its rank: that goes to the queue too."""
        if self.env.context.get("segments_posting"):
            return self.env["crm.segment.queue"]._push(place | figures)
        return super()._place_touched(place, figures, names)
