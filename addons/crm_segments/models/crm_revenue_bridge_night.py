"""Bridges that take long are read at night, for the periods that the page offers."""

import json
from decimal import Decimal
from functools import partial

from odoo import models

from ..lib.bridge_periods import presets
from .crm_revenue_bridge import Asked


class CrmRevenueBridge(models.AbstractModel):
    _inherit = "crm.revenue.bridge"  # pylint: disable=consider-merging-classes-inherited

    def _kept(self, asked):
        """:return: (rows as the statement gives them, when they were read), or two None"""
        # sudo: the table holds money of all customers; who asks was found to see all of them
        kept = self.env["crm.segment.kept"].sudo()._find(self._name, self._question(asked))
        if not kept:
            return None, None
        rows = [
            (segment, Decimal(first), Decimal(last), *others)
            for segment, first, last, *others in kept.rows or ()
        ]
        return rows, kept.read_at

    def _question(self, asked):
        """All that the answer depends on besides documents and stays, as text."""
        days = [str(day) for day in (asked.a_from, asked.a_to, asked.b_from, asked.b_to)]
        division = asked.segmentation
        key = division._definition_key() if division else ""
        settings = self.env["crm.segment.kept"]._settings()
        return json.dumps([self.env.company.id, settings, days, division.id, key])

    def _ask_at_night(self):
        """(question, function that reads it, as of when) of each of the offered periods."""
        division = self.env.company._leading_segmentation().with_env(self.env)
        packed_at = self._packed_at()
        # on some days two of them are the same, such as this year and twelve months in December
        for days in dict.fromkeys(self._offered()):
            asked = Asked(division, *days, packed_at)
            read_at = packed_at or self.env.cr.now()
            yield self._question(asked), partial(self._read_to_keep, asked), read_at

    def _offered(self):
        """Periods that pages ask for: first and last day of the one, and of the other."""
        return list(presets(self.env["crm.segmentation"]._today()).values())

    def _read_to_keep(self, asked):
        """Rows with money as text, so that no cent is lost."""
        return [
            [row[0], str(row[1] or 0), str(row[2] or 0), *row[3:]] for row in self._read(asked)
        ]
