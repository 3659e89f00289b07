"""Learns what is paid, by the nightly cron: one reading of the lines, then numpy."""

from datetime import date

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..lib.price_cells import Groups, coded, looked_up, pocket_factors, references
from ..lib.price_guidance import BANDS, Guide, cap_at_cost, shrink
from .nightly import rebuild_companies

#: fewer lines than this are an anecdote
LEAST_LINES = 5
#: months of lines that a reference is estimated from
REFERENCE_MONTHS = 12
#: quantile of the unit price in the lowest band that stands for a list price nobody kept
REFERENCE = 0.9
#: bins of the distribution that is shown: from −20 % to 60 %, and what lies beyond
BINS = (-0.2, 0.025, 32)


class CrmPriceGuidance(models.Model):
    _inherit = "crm.price.guidance"  # pylint: disable=consider-merging-classes-inherited

    def action_rebuild(self):
        """Learn again in the current company, now.

        :raises AccessError: for users who lead neither sales nor segments
        """
        groups = ("crm_segments.group_segments_manager", "sales_team.group_sale_manager")
        if not (self.env.su or any(self.env.user.has_group(group) for group in groups)):
            raise AccessError(self.env._("Only sales managers may learn the prices anew."))
        # sudo: learnt from all lines, whoever starts it
        self.sudo()._rebuild(self.env.company)

    @api.model
    def _rebuild_all(self):
        """Cron, nightly: a company after the other."""
        rebuild_companies(self)

    @api.model
    def _rebuild(self, company):
        """Learn the cells of a company, write what differs."""
        self = self.with_company(company)  # whose settings count
        self.env.flush_all()
        today = self.env["crm.segmentation"]._today()
        lines = self._priced(company, self._read_lines(company, today), today)
        cells = self._cells(lines)
        by_key = {self._key(cell): cell for cell in cells}
        known = self._products(company, lines)
        self._store(company, [self._row(cell, by_key, known, company) for cell in cells])
        self.env["crm.price.dispersion"]._store_far(company, lines)
        self.env["crm.price.curve"]._rebuild(
            company, today, {id_: reference for id_, (reference, *_rest) in known.items()}
        )
        self.invalidate_model()

    @api.model
    def _priced(self, company, lines, today):
        """Lines with a reference, with the columns ``discount``, ``pocket`` and ``kept`` added."""
        since = fields.Date.subtract(today, months=REFERENCE_MONTHS).toordinal()
        lines["estimated"] = looked_up(lines["product"], *references(lines, since, REFERENCE))
        lines["kept"] = ~np.isnan(lines["list_price"])
        reference = np.where(lines["kept"], lines["list_price"], lines["estimated"])
        rebates = self._rebates(company, today)
        amount = lines["price"] * lines["quantity"]
        factor = pocket_factors(lines["partner"], amount, rebates)
        lines["discount"] = 1 - lines["price"] / reference
        lines["pocket"] = 1 - lines["price"] * factor / reference
        lines["rebates"] = np.broadcast_to(bool(rebates), len(amount))
        known = reference > 0
        if known.all():
            return lines
        return {name: column[known] for name, column in lines.items()}

    @api.model
    def _cells(self, lines):
        """Cells of five lines or more: all customers and by segment, categories and products."""
        cells, by_value = [], np.argsort(lines["discount"])
        products, product = coded(lines["product"])
        category = np.zeros(len(products), int)
        category[product] = lines["categ"]
        categories = dict(zip(products.tolist(), category.tolist(), strict=True))
        segments, segment = coded(lines["segment"])
        for what in ("categ", "product"):
            ids, place = coded(lines[what])
            key = place * len(BANDS) + lines["band"]
            cells += self._grouped(lines, categories, what, ids, key, by_value)
            mine = lines["segment"][by_value] > 0
            key = (segment * max(1, len(ids)) + place) * len(BANDS) + lines["band"]
            cells += self._grouped(lines, categories, what, ids, key, by_value[mine], segments)
        return cells

    def _grouped(self, lines, categories, what, ids, key, chosen, segments=None):
        """Cells of one grouping.

        :param categories: product → category
        :param chosen: places of the lines in the order of discount
        """
        key = key[chosen]
        groups = Groups(key, lines["discount"][chosen], LEAST_LINES, np.arange(len(chosen)))
        day = lines["day"][chosen]
        levels = [groups.quantile(level) for level in self._levels()]
        place = groups.keys // len(BANDS) % len(ids)
        columns = {
            **dict(zip(("stretch", "target", "floor"), levels, strict=True)),
            **dict(zip(("low", "high"), groups.interval(self._levels()[1]), strict=True)),
            "n": groups.counts, "kept": groups.of(lines["kept"][chosen], np.minimum),
            "from": groups.of(day, np.minimum), "to": groups.of(day, np.maximum),
            "histogram": groups.histogram(*BINS), "id": ids[place],
            "band": groups.keys % len(BANDS), "segment": groups.keys // len(BANDS) // len(ids),
            **self._margins(key, lines, chosen, groups.keys),
            **self._pockets(key, lines, chosen, levels[1]),
        }  # fmt: skip
        names = list(columns)
        rows = zip(*(column.tolist() for column in columns.values()), strict=True)
        cells = [dict(zip(names, row, strict=True)) for row in rows]
        for cell in cells:
            cell["segment_id"] = int(segments[cell["segment"]]) if segments is not None else None
            cell["product_id"] = cell["id"] if what == "product" else None
            # products without a category stand together
            categ = categories[cell["id"]] if cell["product_id"] else cell["id"]
            cell["categ_id"] = categ or None
        return cells

    def _margins(self, key, lines, chosen, keys):
        """Median margin and number of the lines whose cost is known; zeros where none is."""
        cost = lines["cost"][chosen]
        known = ~np.isnan(cost)
        if not known.any():
            return {"margin": np.zeros(len(keys)), "margin_n": np.zeros(len(keys), int)}
        groups = Groups(key[known], 1 - cost[known] / lines["price"][chosen][known])
        return {
            "margin": looked_up(keys, groups.keys, groups.quantile(0.5), 0),
            "margin_n": looked_up(keys, groups.keys, groups.counts, 0).astype(int),
        }

    def _pockets(self, key, lines, chosen, target):
        """The middle after rebates and cash discounts: the same where nobody got any."""
        if not lines["rebates"].any():
            return {"pocket": target}
        pockets = Groups(key, lines["pocket"][chosen], LEAST_LINES)
        return {"pocket": pockets.quantile(self._levels()[1])}

    def _levels(self):
        """Quantiles of the discount for stretch, target, floor: settings of the company."""
        company = self.env.company
        return [company[f"crm_price_{name}"] / 100 for name in ("stretch", "target", "floor")]

    def _products(self, company, lines):
        """Product → (reference, kept?, cost or None), as of now."""
        ids, _place = coded(lines["product"])
        found = {}
        newest = Groups(lines["product"].astype(np.int64), lines["day"])
        costs = self._costs(company, ids.tolist())
        known = ~np.isnan(lines["cost"])
        dated = Groups(lines["product"][known].astype(np.int64), lines["day"][known])
        old = dict(zip(dated.keys.tolist(), dated.last(lines["cost"][known]).tolist(), strict=True))
        listed = newest.last(lines["list_price"]).tolist()
        guessed = newest.last(lines["estimated"]).tolist()
        for id_, list_price, estimate in zip(newest.keys.tolist(), listed, guessed, strict=True):
            kept = list_price == list_price  # noqa: PLR0124  NaN is not itself
            reference = list_price if kept else estimate
            found[id_] = reference, kept, costs.get(id_) or old.get(id_)
        return found

    @staticmethod
    def _key(cell, **other):
        cell = {**cell, **other}
        return cell["segment_id"], cell["categ_id"], cell["product_id"], cell["band"]

    @api.model
    def _row(self, cell, by_key, products, company):
        """A cell as it is stored: pulled to the category, then to all, never under the cost."""
        guide, name = self._shrunk(cell, by_key)
        reference, _kept, cost = products.get(cell["product_id"], (0, False, None))
        kind = "product"
        if cell["product_id"]:
            capped = cap_at_cost(guide, reference, cost, company.crm_price_margin / 100)
            kind = "none" if not cost else "cost" if capped.floor < guide.floor else "discount"
            guide = capped
        low, high = (None if value != value else value for value in (cell["low"], cell["high"]))
        edges = (*BANDS, 0)
        return {
            "segment_id": cell["segment_id"], "categ_id": cell["categ_id"],
            "product_id": cell["product_id"], "quantity_min": BANDS[cell["band"]],
            "quantity_max": edges[cell["band"] + 1], "discount_stretch": guide.stretch,
            "discount_target": guide.target, "discount_floor": guide.floor,
            "target_low": low or 0, "target_high": high or 0, "has_interval": low is not None,
            "sample_count": cell["n"], "shrunk_to": name, "reference": reference or 0,
            "reference_kind": "kept" if cell["kept"] else "estimated",
            "pocket_target": cell["pocket"], "margin_target": cell["margin"],
            "margin_count": cell["margin_n"], "cost": cost or 0, "floor_kind": kind,
            "histogram": str(cell["histogram"]), "date_from": date.fromordinal(cell["from"]),
            "date_to": date.fromordinal(cell["to"]),
        }  # fmt: skip

    @api.model
    def _shrunk(self, cell, by_key):
        """(Guide, what it rests on) after shrinking to the wider cell that there is."""
        if "shrunk" not in cell:  # a wide cell is looked at by each narrow one
            cell["shrunk"] = self._shrink(cell, by_key)
        return cell["shrunk"]

    def _shrink(self, cell, by_key):
        guide = self._guide(cell)
        if cell["product_id"]:
            wider, name = by_key.get(self._key(cell, product_id=None)), "category"
        elif cell["segment_id"]:
            wider, name = by_key.get(self._key(cell, segment_id=None)), "all"
        else:
            return guide, "none"
        if not wider:
            return guide, "none"
        if wider["n"] == cell["n"]:
            return self._shrunk(wider, by_key)
        return shrink(guide, self._shrunk(wider, by_key)[0]), name

    @staticmethod
    def _guide(cell):
        return Guide(
            cell["stretch"], cell["target"], cell["floor"], cell["low"], cell["high"], cell["n"]
        )
