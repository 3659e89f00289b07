"""The position in the markets: shares, growth, quadrants, rivals; on screen and on paper."""

from collections import defaultdict

from odoo import api, models
from odoo.addons.crm_segments.lib.proportions import wilson_interval
from odoo.exceptions import AccessError

from ..lib import market_position as position


class CrmMarket(models.Model):
    _inherit = "crm.market"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @api.readonly
    def board(self, year=None):
        """The position in all markets of a year, in the currency of the current company.

        :param int year: the year; None for the latest one
        :return: dict ``year``, ``years``, ``currency_id``, ``money_visible``, ``cuts``, ``chart``
            (see ``lib/market_position.py: bubbles``) and ``rows``: dicts ``id``, ``name``,
            ``size``, ``own``, ``share``, ``relative``, ``growth``, ``market_growth``,
            ``penetration``, ``customers``, ``companies``, ``quadrant``, ``source``, ``as_of``,
            ``sure``, ``stale``, ``trend`` (list of (year, share)), ``rivals``; None: not known
        :raises AccessError: for users who may not read markets
        """
        self.check_access("read")
        markets = self.search([("company_id", "=", self.env.company.id)])
        years = sorted(set(markets.mapped("year")), reverse=True)
        if year not in years:
            year = years[0] if years else None
        rows = markets._rows()
        shown = [rows[market.id] for market in markets if market.year == year]
        # sudo: two settings
        company = self.env.company.sudo()
        cuts = (company.crm_market_share_cut, company.crm_market_growth_cut / 100)
        return {
            "year": year, "years": years, "currency_id": company.currency_id.id,
            "money_visible": self.env["res.partner"]._sees_all_figures(),
            "cuts": {"share": cuts[0], "growth": cuts[1]},
            "rows": shown,
            "chart": position.bubbles(
                [{"id": row["id"], "relative": row["relative"], "growth": row["market_growth"],
                  "revenue": row["own"]} for row in shown], *cuts,
            ),
        }  # fmt: skip

    def _rows(self):
        """Market id → its row of the board."""
        if not self:
            return {}
        today = self.env["crm.segmentation"]._today()
        company = self.env.company.sudo()  # sudo: settings and currency
        seen = self.env["res.partner"]._sees_all_figures()
        # sudo: a total of all documents, for those who see all of them
        own = self.sudo()._own_figures(company, today) if seen else {}
        deals = self.sudo()._deal_counts(today) if seen else {}
        rates = {
            key: self._average_rate(*key, today)
            for key in {(one.currency_id, company, one.year) for one in self}
        }
        sizes = {
            one.id: one.size * rates[one.currency_id, company, one.year] if one.size else None
            for one in self
        }
        before = {(one._slice_key(), one.year): sizes[one.id] for one in self}
        rows = {}
        for market in self:
            rate = rates[market.currency_id, company, market.year]
            figures = own.get(market.id, (None, None, None, False))
            last = before.get((market._slice_key(), market.year - 1))
            rows[market.id] = market._row(today, rate, sizes[market.id], last, figures)
            rows[market.id]["rivals"] = market._rivals(
                today, rate, sizes[market.id], deals.get(market.id)
            )
        self._add_trends(rows)
        return rows

    def _row(self, today, rate, size, size_before, figures):
        own, own_before, customers, whole = figures
        company = self.env.company.sudo()  # sudo: settings
        revenues = [
            position.competitor_revenue(one.revenue * rate, one.share, size)
            for one in self.competitor_ids
        ]
        relative = position.relative_share(own, revenues)
        market_growth = position.growth(size, size_before)
        sure = dict(self._fields["confidence"]._description_selection(self.env))
        return {
            "id": self.id, "name": self._slice().display_name, "year": self.year, "size": size,
            "own": own, "customers": customers, "companies": self.companies or None,
            "share": position.share(own, size), "whole_year": whole, "relative": relative,
            "growth": position.growth(own, own_before), "market_growth": market_growth,
            "penetration": position.share(customers, self.companies),
            "quadrant": position.quadrant(
                relative, market_growth, company.crm_market_share_cut,
                company.crm_market_growth_cut / 100,
            ) or False,
            "source": self.source or "", "as_of": self.source_date or False,
            "sure": sure[self.confidence],
            "stale": position.is_stale(self.source_date or None, today),
        }  # fmt: skip

    def _rivals(self, today, rate, size, deals):
        """What is known of each competitor; how often we win against it.

        Who else was asked is known of lost deals only, so the rate is that of deals won among
        those won and those lost to it.
        """
        won, lost = deals or (None, {})
        found = []
        for one in self.competitor_ids:
            losses = sum(lost.get(reason, 0) for reason in one.lost_reason_ids.ids)
            total = losses + (won or 0)
            known = deals is not None and one.lost_reason_ids and losses
            low, high = wilson_interval(won, total) if known else (None, None)
            revenue = position.competitor_revenue(one.revenue * rate, one.share, size)
            found.append(
                {"name": one.name, "revenue": revenue, "share": position.share(revenue, size),
                 "source": one.source or "", "as_of": one.source_date or False,
                 "stale": position.is_stale(one.source_date or None, today),
                 "won": won if known else None, "lost": losses if known else None,
                 "win_rate": won / total if known else None, "low": low, "high": high}
            )  # fmt: skip
        return found

    def _add_trends(self, rows):
        """The shares of the years; of one of which a part is known only, unknown."""
        trends = defaultdict(list)
        for market in self.sorted("year"):
            row = rows[market.id]
            share = row["share"] if row["whole_year"] else None
            trends[market._slice_key()].append((market.year, share))
        for market in self:
            rows[market.id]["trend"] = trends[market._slice_key()]

    @api.model
    @api.readonly
    def white_space(self):
        """Share of each segment's customers of twelve months that buys each category.

        :return: dict ``categories`` (dicts ``id``, ``name``), ``segments`` (dicts ``id``,
            ``name``, ``customers``, ``shares``: category id → share; what nobody buys is 0)
        :raises AccessError: for users who don't see the figures of all customers
        """
        self.check_access("read")
        if not self.env["res.partner"]._sees_all_figures():
            raise AccessError(self.env._("What segments buy is for those who see all figures."))
        # sudo: numbers of customers, for those who see all documents
        return self.sudo()._white_space(self.env.company)

    def action_print(self):
        """The board on paper.

        :return: action
        """
        return self.env.ref("crm_scenarios.action_report_market").report_action(
            self.search([("company_id", "=", self.env.company.id)])
        )

    def _printed(self):
        """The board of the latest year among the records, for the report."""
        board = self.env["crm.market"].board(max(self.mapped("year"), default=None))
        unknown = self.env._("unknown")
        return {
            **board,
            "currency": self.env["res.currency"].browse(board["currency_id"]),
            "numbers": {row["id"]: place for place, row in enumerate(board["rows"], 1)},
            "shown": lambda value: unknown if value is None else f"{value:.1%}",
        }
