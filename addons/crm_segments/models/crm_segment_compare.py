"""Two to four segments side by side: their figures, and what each buys more than others."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..lib import contrast, lift
from .crm_segment_profile import STRIP

#: segments that are compared at most
MOST = 4
#: figures beside those of the strip, SQL over metrics ``m``
_MORE = {
    "timed": "COUNT(*) FILTER (WHERE m.interval_count > 0)",
    "deals": "COALESCE(SUM(m.won_count + m.lost_count), 0)",
    "won": "COALESCE(SUM(m.won_count), 0)",
}


class CrmSegment(models.Model):
    _inherit = "crm.segment"  # pylint: disable=consider-merging-classes-inherited

    @api.readonly
    def compare_profiles(self):
        """Figures and products of two to four segments, each beside all customers.

        All customers are those of the segments' segmentations in the current company, each
        counted once. Whoever may not see the figures of all customers gets their numbers only.

        :return: dict of ``segments`` (id, name, segmentation), ``base`` (names of the
            segmentations), ``figures`` (key, label, kind, reference, ``values``: one per
            segment, of value, n and of ``lib.contrast.contrast``), ``products`` (product_id,
            name, category, ``values``: one per segment, see ``lib.contrast.bought``; by
            category), ``visible`` and ``currency_id``
        :raises AccessError: for users who may not read segments
        :raises UserError: for fewer than two, or more than four segments
        """
        self._check_compared()
        visible = self.env["res.partner"]._sees_all_figures()
        return {
            "segments": [
                {"id": one.id, "name": one.name, "segmentation": one.segmentation_id.name}
                for one in self
            ],
            "base": self.segmentation_id.mapped("name"),
            "figures": self._compared_figures(visible),
            "products": self._compared_products() if visible else [],
            "visible": visible,
            "currency_id": self.env.company.currency_id.id,
        }

    def action_compare(self):
        """Open the selected segments side by side.

        :return: action
        :raises UserError: for fewer than two, or more than four segments
        """
        self._check_compared()
        return self._comparison_action()

    def action_compare_with(self):
        """Open the comparison with this segment, to choose the others there."""
        self.ensure_one()
        self.check_access("read")
        return self._comparison_action()

    def _comparison_action(self):
        actions = self.env["ir.actions.client"]
        action = actions._for_xml_id("crm_segments.crm_segment_compare_action")
        return {**action, "params": {"segment_ids": self.ids}}

    def _check_compared(self):
        self.check_access("read")
        if len(self) < 2:
            raise UserError(self.env._("Choose at least two segments to compare."))
        if len(self) > MOST:
            raise UserError(
                self.env._(
                    "You chose %(count)s segments: at most %(most)s fit side by side.",
                    count=len(self),
                    most=MOST,
                )
            )

    def _compared_labels(self):
        """(key, label, kind, key of what the figure rests on), in order; money from the second."""
        return [
            ("customers", self.env._("Customers"), "count", "customers"),
            ("revenue", self.env._("Revenue (12 Months)"), "money", "customers"),
            ("revenue_each", self.env._("Revenue per customer"), "money", "customers"),
            ("average", self.env._("Average purchase"), "money", "buyers"),
            ("interval", self.env._("Days between purchases"), "days", "timed"),
            ("recency", self.env._("Days since the last purchase"), "days", "buyers"),
            ("refunds", self.env._("Refund rate"), "share", "buyers"),
            ("win_rate", self.env._("Win rate"), "share", "deals"),
        ]

    def _compared_figures(self, visible):
        key, figures = SQL.identifier("s", "segment_id"), STRIP | self._more_figures()
        by_segment = self._figures_by(key, SQL("%s = ANY(%s)", key, self.ids), figures)
        anywhere = SQL("s.segmentation_id = ANY(%s)", self.segmentation_id.ids)
        everybody = self._figures_by(SQL("0"), anywhere, figures).get(0, {})
        own = [self._with_ratios(by_segment.get(one.id, {})) for one in self]
        all_ = self._with_ratios(everybody)
        labels = self._compared_labels() if visible else self._compared_labels()[:1]
        return [
            {
                "key": key,
                "label": label,
                "kind": kind,
                "reference": all_.get(key),
                "values": [self._contrasted(key, one, all_, basis) for one in own],
            }
            for key, label, kind, basis in labels
        ]

    def _more_figures(self):
        """Figures that only the comparison has, as ``_figures_by`` takes them."""
        recency = SQL(
            "percentile_cont(0.5) WITHIN GROUP (ORDER BY %s - m.last_purchase_date)"
            " FILTER (WHERE m.last_purchase_date IS NOT NULL)",
            self.env["crm.segmentation"]._today(),
        )
        return {**_MORE, "recency": recency}

    @api.model
    def _with_ratios(self, figures):
        """Add what follows from the sums; figures as floats, a missing one None."""
        known = {key: None if value is None else float(value) for key, value in figures.items()}
        for count in ("customers", "buyers", "timed", "deals", "won"):
            known[count] = int(known.get(count) or 0)
        known["revenue_each"] = lift.ratio(known.get("revenue"), known["customers"])
        known["win_rate"] = lift.ratio(known["won"], known["deals"])
        return known

    @api.model
    def _contrasted(self, key, own, all_, basis):
        """A figure of a segment, with what may be said of it beside all customers."""
        sure = None
        if key == "win_rate":
            sure = contrast.share_differs(own["won"], own["deals"], all_["win_rate"])
        value = own.get(key)
        told = contrast.contrast(value, all_.get(key), own[basis], sure)
        if key in ("customers", "revenue"):  # a part of all is no difference
            told["verdict"] = "part" if told["factor"] is not None else "unknown"
        return {"value": value, "n": own[basis], **told}

    def _compared_products(self, limit=10):
        """Products that one of the segments surely buys more often, by category."""
        found = {}
        for segment_id, product_id, *counts in self.env.execute_query(self._product_counts_sql()):
            found.setdefault(product_id, {})[segment_id] = contrast.bought(*counts)
        chosen = set()
        for segment in self:
            ranked = [
                (-cells[segment.id]["low"], product_id)
                for product_id, cells in found.items()
                if cells[segment.id]["verdict"] == "more"
            ]
            chosen |= {product_id for _low, product_id in sorted(ranked)[:limit]}
        # sudo: names of products in sales the user may see
        products = self.env["product.product"].sudo().browse(chosen)
        rows = [
            {
                "product_id": product.id,
                "name": product.display_name,
                "category": product.categ_id.display_name or self.env._("No category"),
                "values": [found[product.id][segment.id] for segment in self],
            }
            for product in products
        ]
        return sorted(rows, key=lambda row: (row["category"], -max(
            one["lift"] or 0 for one in row["values"]), row["product_id"]))  # fmt: skip
