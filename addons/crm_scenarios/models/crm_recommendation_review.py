"""What is learnt anew each night, and what once a week: weights and the places to learn in."""

import numpy as np
from odoo import fields, models

from ..lib.product_choice import LEAST_BUYERS
from ..lib.product_segments import Choice, choose, sizes

#: nights after which weights are learnt and segments compared anew; sales of a few days move
#: neither, and it costs several times as much as the rest
REVIEW_DAYS = 7


class CrmRecommendationModel(models.Model):
    _inherit = "crm.recommendation.model"  # pylint: disable=consider-merging-classes-inherited

    reviewed = fields.Date(
        "Compared On",
        readonly=True,
        help="When the weights were learnt and the segments compared with all customers; done once "
        "a week, and by “Learn Now”. Counts and pairs of products are those of last night.",
    )

    def _review_due(self, today):
        """Whether weights and comparisons are too old or missing: of all customers."""
        fresh = self.reviewed and (today - self.reviewed).days < REVIEW_DAYS
        return not (fresh and self.parameters)

    def _choices(self, baskets, segment_of, today, review):
        """How each segment of a division is learnt: compared now, or as it was found lately.

        :param bool review: compare even where it was done lately
        :return: dict of segment id → Choice
        """
        if review:
            return choose(baskets, segment_of, today.toordinal())
        found = sizes(baskets, segment_of)
        large = {segment for segment, (customers, _n) in found.items() if customers >= LEAST_BUYERS}
        known = self._known_choices(found)
        if large - known.keys():  # a segment that was never compared
            return choose(baskets, segment_of, today.toordinal())
        return {segment: known[segment] for segment in large}

    def _known_choices(self, found):
        """:return: dict of segment id → Choice as stored, with today's sizes"""
        rows = self.search(
            [("company_id", "=", self.company_id.id), ("segment_id", "in", list(found))]
        )
        return {
            row.segment_id.id: Choice(
                row.segment_id.id, row.own, row.reason, *found[row.segment_id.id], row.tested,
                row.recall_own, row.recall_all, row.difference_low,
            )
            for row in rows
        }  # fmt: skip

    def _members(self, baskets, segment_of, segment):
        """:return: the baskets of a segment's customers"""
        members = np.flatnonzero(segment_of == segment)
        return baskets.only(np.isin(baskets.customer, members))
