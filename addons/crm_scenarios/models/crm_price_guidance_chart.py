"""What the chart of a cell shows: the distribution of discounts, and how often they win."""

from odoo import models

from .crm_price_rebuild import BINS


class CrmPriceGuidance(models.Model):
    _inherit = "crm.price.guidance"  # pylint: disable=consider-merging-classes-inherited

    def chart(self):
        """The numbers behind the light of a line; shares only, prices for who may see them.

        :return: dict ``cell`` (name, stretch, target, floor, floor_kind, low, high, n, rests,
            reference_kind, date_from, date_to, bins of {low, high, count}; prices of floor, target
            and stretch or None) and ``curve``, see ``crm.price.curve``
        :raises AccessError: for users who may not read it
        """
        self.ensure_one()
        self.check_access("read")
        curve = self.env["crm.price.curve"]
        return {
            "cell": self._chart_cell(),
            "curve": curve._told(self.company_id, self.segment_id, self.categ_id),
        }

    def _chart_cell(self):
        labels = self.fields_get(["shrunk_to", "reference_kind", "floor_kind"], ["selection"])
        texts = {name: dict(one["selection"]).get(self[name], "") for name, one in labels.items()}
        return {
            "name": self.display_name, "stretch": self.discount_stretch,
            "target": self.discount_target, "floor": self.discount_floor,
            "floor_kind": self.floor_kind, "floor_text": texts["floor_kind"],
            "low": self.target_low if self.has_interval else None,
            "high": self.target_high if self.has_interval else None,
            "n": self.sample_count, "rests": texts["shrunk_to"],
            "reference_kind": texts["reference_kind"], "date_from": self.date_from,
            "date_to": self.date_to, "bins": self._chart_bins(), "prices": self._chart_prices(),
        }  # fmt: skip

    def _chart_bins(self):
        """Bins with lines and those between them; open ends reach as far as the next bin would."""
        start, width, _number = BINS
        counts = self.histogram or []
        filled = [place for place, count in enumerate(counts) if count]
        if not filled:
            return []
        return [
            {"low": start + width * (place - 1), "high": start + width * place,
             "count": counts[place], "open": place in (0, len(counts) - 1)}
            for place in range(filled[0], filled[-1] + 1)
        ]  # fmt: skip

    def _chart_prices(self):
        names = ("stretch", "target", "floor")
        field = self._fields["price_target"]
        if not self.product_id or not self._has_field_access(field, "read"):
            return None
        prices = [self[f"price_{name}"] or None for name in names]
        return dict(zip(names, prices, strict=True)) | {"currency_id": self.currency_id.id}
