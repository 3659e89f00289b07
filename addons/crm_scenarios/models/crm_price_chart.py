"""What guidance and win curves share: the chart behind a row."""

from odoo import models


class CrmPriceChart(models.AbstractModel):
    """A row of prices with a chart; the model has a method ``chart()`` of what it shows."""

    _name = "crm.price.chart"
    _description = "Row with a Chart of Prices"

    def action_open_chart(self):
        """Open the chart of this row."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.client", "tag": "crm_scenarios.price_chart", "target": "new",
            "name": self.display_name, "params": {"model": self._name, "id": self.id},
        }  # fmt: skip
