"""The lists themselves: what the customer has, what belongs to it, who may have it."""

from odoo import models

from ..lib.product_choice import LEAST_CASES, SPARE, first_of_each
from ..lib.product_rows import Purchase
from ..lib.product_scoring import anchors, buy_again, likely
from ..lib.product_segments import starters

#: buyers that a segment needs for its best sellers to be shown rather than those of all
ENOUGH = 20


class CrmRecommendation(models.AbstractModel):
    _inherit = "crm.recommendation"  # pylint: disable=consider-merging-classes-inherited

    def _lists(self, case, limit):
        """Lines of the lists, without texts and prices.

        :return: dict ``lists`` (name → lines), ``everybody`` (model of all customers), ``own``
            (those of the segments), ``learnt`` (the one that the pairs come from), ``history``
            (whether there is one), ``sellers_of`` (segment of the best sellers)
        """
        everybody, own = self._models_of(case)
        learnt = own.filtered("own").sorted("difference_low", reverse=True)[:1] or everybody
        history, hidden = self._history(case)
        lists = {"again": [], "new": [], "sellers": []}
        if everybody.parameters:
            wide = limit * SPARE
            scores, best = self._pairs(case, everybody, learnt, history, hidden)
            products = {one.item for one in history} | best.keys()
            items = self._items(case, everybody | learnt, products)
            again = self._again(case, everybody, history, items[0], wide)
            of_segment = items[learnt.segment_id.id or 0]
            new = self._new(everybody, learnt, history, scores, best, of_segment, wide)
            if len(new) < limit:
                new += self._starters(case, everybody, own, history, hidden, wide)
            lists |= self._kept(case, again, new, history, hidden, limit)
            if not lists["new"]:
                sellers = self._sellers(case, everybody, own, history, hidden, wide)
                lists |= self._kept(case, [], sellers, history, hidden, limit, "sellers")
        sellers_of = self._seller_model(everybody, own).segment_id
        return {
            "lists": lists, "everybody": everybody, "own": own, "learnt": learnt,
            "history": bool(history), "sellers_of": sellers_of,
        }  # fmt: skip

    def _models_of(self, case):
        """:return: (model of all customers, those of the segments of the case, in their order)"""
        # sudo: what was learnt is counts; the lists tell of it what they rest on
        found = case.env["crm.recommendation.model"].sudo().search_fetch(
            [
                ("company_id", "=", case.company.id),
                ("segment_id", "in", [False, *case.segments.ids]),
            ],
            ["segment_id", "own", "difference_low", "parameters", "customers", "date"],
            order="id",
        )
        everybody = found.filtered(lambda model: not model.segment_id)
        places = {segment_id: place for place, segment_id in enumerate(case.segments.ids)}
        return everybody, (found - everybody).sorted(lambda model: places[model.segment_id.id])

    def _again(self, case, everybody, history, items, limit):
        """What is likely to be bought again, of what may be sold.

        :param dict items: product → (ItemRow, whether it may be sold)
        """
        saleable = {item: row for item, (row, sold) in items.items() if sold}
        rows = buy_again(history, saleable, everybody.parameters, case.ordinal, limit)
        return [
            {
                "list": "again", "product_id": row.item, "quantity": row.quantity,
                "support": row.times, "cases": None, "lift": None, "chance": row.score,
                "row": row,
            }
            for row in rows
        ]  # fmt: skip

    def _pairs(self, case, everybody, learnt, history, hidden):
        """What the products that say most of what comes next speak for; see :meth:`_neighbours`"""
        parameters = learnt.parameters or everybody.parameters
        weights = anchors(history, parameters, case.ordinal)
        return self._neighbours(case, learnt, weights, {one.item for one in history} | hidden)

    def _new(self, everybody, learnt, history, scores, best, items, limit):
        """Products that customers with the same ones buy, at least a few of them."""
        parameters = learnt.parameters or everybody.parameters
        own = {one.item for one in history}
        # of the own ones only how they are bought counts, whether they may still be sold or not
        known = {item: row for item, (row, sold) in items.items() if sold or item in own}
        scores = {item: score for item, score in scores.items() if item in known}
        rows = likely(history, known, scores, best, parameters, limit)
        return [
            {
                "list": "new", "product_id": row.item, "quantity": row.quantity,
                "support": row.both, "cases": row.item_customers, "lift": row.lift,
                "chance": row.score, "row": row, "segment": learnt.segment_id,
            }
            for row in rows
            if row.both >= LEAST_CASES
        ]  # fmt: skip

    def _starters(self, case, everybody, own, history, hidden, limit):
        """What the customer's segments buy more than others, of all its segments together."""
        bought = {one.item for one in history} | hidden
        found = []
        for model in own:
            counts, quantities = self._counts(case, model, bought)
            rows = starters(counts, model.customers, everybody.customers, limit)
            found += [
                {
                    "list": "new", "product_id": row.item, "quantity": quantities[row.item],
                    "support": row.buyers, "cases": row.members, "lift": row.lift,
                    "chance": None, "row": row, "segment": model.segment_id,
                }
                for row in rows
            ]  # fmt: skip
        return sorted(found, key=lambda line: -line["row"].score)

    def _seller_model(self, everybody, own):
        """The smallest segment with enough buyers: it says most of the customer."""
        enough = own.filtered(lambda model: model.customers >= ENOUGH)
        return enough.sorted("customers")[:1] or everybody

    def _sellers(self, case, everybody, own, history, hidden, limit):
        """What most customers buy, of the segment if there is one, else of all."""
        model = self._seller_model(everybody, own)
        bought = {one.item for one in history} | hidden
        return [
            {
                "list": "sellers", "product_id": product_id, "quantity": quantity,
                "support": customers, "cases": model.customers, "lift": None, "chance": None,
                "row": None, "segment": model.segment_id,
            }
            for product_id, customers, quantity in self._most_bought(case, model, bought, limit)
        ]  # fmt: skip

    def _kept(self, case, again, new, history, hidden, limit, name="new"):
        """The first lines whose product the user may sell; of a template's variants one is new.

        A variant of what the customer has already is nothing new either.
        """
        ids = {line["product_id"] for line in again + new}
        bought = {one.item for one in history} | hidden
        products = self._readable_products(case, ids | bought)
        case.readable |= products
        kept = {"again": [line for line in again if line["product_id"] in products][:limit]}
        taken = {products[product_id] for product_id in bought if product_id in products}
        by_product = {}
        for line in new:
            by_product.setdefault(line["product_id"], line)
        chosen = first_of_each(by_product, products.get, taken, limit)
        kept[name] = [by_product[product_id] for product_id in chosen]
        return kept if name == "new" else {name: kept[name]}

    def _history_of(self, rows):
        """:return: (list of Purchase that the reader may see, set of other products)"""
        history = [Purchase(item, day, quantity) for item, day, quantity, seen in rows if seen]
        shown = {one.item for one in history}
        return history, {item for item, *_rest in rows} - shown
