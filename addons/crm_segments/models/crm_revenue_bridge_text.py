"""The parts of the revenue bridge in the user's words."""

from odoo import models


class CrmRevenueBridge(models.AbstractModel):
    _inherit = "crm.revenue.bridge"  # pylint: disable=consider-merging-classes-inherited

    def _texts(self):
        """Key → ``name`` and ``help`` of the two ends and of each part."""
        names, helps = self._part_names(), self._part_helps()
        return {key: {"name": name, "help": helps[key]} for key, name in names.items()}

    def _part_names(self):
        return {
            "start": self.env._("First period"),
            "lost": self.env._("Lost customers"),
            "new": self.env._("New customers"),
            "reactivated": self.env._("Reactivated customers"),
            "frequency": self.env._("Frequency"),
            "basket": self.env._("Basket"),
            "price": self.env._("Price"),
            "mix": self.env._("Product mix"),
            "refunds": self.env._("Credit notes"),
            "currency": self.env._("Exchange rates"),
            "end": self.env._("Second period"),
        }

    def _part_helps(self):
        return {
            "start": self.env._("Revenue of the first period: untaxed, net of credit notes."),
            "lost": self.env._("Bought in the first period and not in the second."),
            "new": self.env._("Bought for the first time ever after the first period."),
            "reactivated": self.env._(
                "Bought before the first period and in the second, but not in the first."
            ),
            "frequency": self.env._(
                "More or fewer purchases by customers who bought in both periods."
            ),
            "basket": self.env._(
                "More or fewer pieces in a purchase; more or less money for what has no product."
            ),
            "price": self.env._("The same products at other unit prices."),
            "mix": self.env._("Other products, dearer or cheaper ones than before."),
            "refunds": self.env._(
                "Credit notes of customers who bought in both periods, or in neither."
            ),
            "currency": self.env._(
                "The same foreign amounts at other rates than those of the first period."
            ),
            "end": self.env._("Revenue of the second period: untaxed, net of credit notes."),
        }

    def _title(self, part, segment_id):
        """Name of the list that a bar, or a cell of a segment, opens."""
        title = self._part_names()[part]
        if segment_id is None:
            return title
        segment = self.env["crm.segment"].browse(segment_id).exists()
        return f"{title}: {segment.name or self.env._('No segment')}"
