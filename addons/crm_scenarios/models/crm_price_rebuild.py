"""Learns what is paid, by the nightly cron: one reading of the lines, then numpy."""

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..lib.price_cells import Groups, coded, looked_up, pocket_factors, references
from ..lib.price_guidance import BANDS
from ..lib.price_table import capped, joined, shrunk
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
        known = self._products(company, lines)
        self._store(company, self._advised(company, self._cells(lines), known))
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
        """Cells of five lines or more: all customers and by segment, categories and products.

        :return: dict of columns; ``segment``, ``categ`` and ``product`` are 0 for none
        """
        tables, by_value = [], np.argsort(lines["discount"])
        products, product = coded(lines["product"])
        category = np.zeros(len(products), np.int64)
        category[product] = lines["categ"]
        segments, segment = coded(lines["segment"])
        for what in ("categ", "product"):
            ids, place = coded(lines[what])
            categ = category if what == "product" else ids
            key = place * len(BANDS) + lines["band"]
            common = self._grouped(lines, what, ids, categ, key, by_value)
            mine = lines["segment"][by_value] > 0
            key = (segment * max(1, len(ids)) + place) * len(BANDS) + lines["band"]
            own = self._grouped(lines, what, ids, categ, key, by_value[mine])
            own["segment"] = segments[own["segment"]]
            tables += [common, own]
        return joined(tables)

    def _grouped(self, lines, what, ids, categ, key, chosen):
        """Cells of one grouping.

        :param ids: categories or products
        :param categ: the category of each
        :param chosen: places of the lines in the order of discount
        """
        key = key[chosen]
        groups = Groups(key, lines["discount"][chosen], LEAST_LINES, np.arange(len(chosen)))
        day = lines["day"][chosen]
        levels = [groups.quantile(level) for level in self._levels()]
        place = groups.keys // len(BANDS) % max(1, len(ids))
        return {
            **dict(zip(("stretch", "target", "floor"), levels, strict=True)),
            **dict(zip(("low", "high"), groups.interval(self._levels()[1]), strict=True)),
            "n": groups.counts, "kept": groups.of(lines["kept"][chosen], np.minimum),
            "from": groups.of(day, np.minimum), "to": groups.of(day, np.maximum),
            "histogram": groups.histogram(*BINS), "categ": categ[place],
            "product": ids[place] if what == "product" else np.zeros(len(place), np.int64),
            "band": groups.keys % len(BANDS),
            "segment": groups.keys // len(BANDS) // max(1, len(ids)),
            **self._margins(key, lines, chosen, groups.keys),
            **self._pockets(key, lines, chosen, levels[1]),
        }  # fmt: skip

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
        ids, place = coded(lines["product"])
        estimates = np.empty(len(ids))
        estimates[place] = lines["estimated"]
        listed, old = self._newest(lines, "list_price"), self._newest(lines, "cost")
        costs = self._costs(company, ids.tolist())
        return {
            id_: (listed.get(id_, estimate), id_ in listed, costs.get(id_) or old.get(id_))
            for id_, estimate in zip(ids.tolist(), estimates.tolist(), strict=True)
        }

    def _newest(self, lines, name):
        """Product → what its newest line has that has any."""
        known = ~np.isnan(lines[name])
        groups = Groups(lines["product"][known].astype(np.int64), lines["day"][known])
        values = groups.last(lines[name][known])
        return dict(zip(groups.keys.tolist(), values.tolist(), strict=True))

    def _advised(self, company, cells, products):
        """The cells with their advice: pulled to the wider cell, never under the cost.

        :param products: as of :meth:`_products`
        """
        ids = np.array(sorted(products), np.int64)
        facts = np.array(
            [(products[one][0] or 0, products[one][2] or 0) for one in ids.tolist()], float
        ).reshape(-1, 2)
        reference, cost = (looked_up(cells["product"], ids, column, 0) for column in facts.T)
        levels, rests = shrunk(cells)
        margin = company.crm_price_margin / 100
        levels, floors = capped(levels, cells["product"], reference, cost, margin)
        return {
            **cells, **dict(zip(("stretch", "target", "floor"), levels, strict=True)),
            "rests": rests, "floors": floors, "reference": reference, "cost": cost,
        }  # fmt: skip
