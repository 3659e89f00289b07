"""A run that would move too many customers asks first."""

import hashlib
import json

from odoo import models
from odoo.tools import SQL

from .crm_segmentation_engine import GuardStop


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def _check_guard(self, company, run, result):
        """Stop where an import gone wrong would rewrite a segment overnight.

        The first run of a definition moves whom it wants: whoever changed it has seen
        the preview. New customers who come into a segment move nowhere; those who were known
        at the last run do. Who leaves is held against the customers in segments, who joins
        against the population.

        :raises GuardStop: the caller rolls back and records it
        """
        share = company.crm_segments_guard
        accepted = self.env.context.get("segments_accepted") or ()
        if not share or company.id in accepted:
            return
        joined = {partner_id for partner_id, _segment_id in result["joined"]}
        joined -= {partner_id for partner_id, _segment_id in result["left"]}
        leaving = result["moved"] * 100 > share * result["members"]
        # who is divided are at least those in a segment: nobody is counted without need
        joining = (len(joined) + result["moved"]) * 100 > share * result["members"]
        if not (leaving or joining):
            return
        last = self._last_done(company, run.definition_key)
        if not last or not result["members"] and last.joined + last.kept:
            return  # nothing is displayed since it was switched off: a first run again
        if leaving:
            raise GuardStop(result)
        moved = result["moved"] + self._known_before(joined, last.date_start)
        divided = self._count_divided(company)
        if moved * 100 > share * divided:
            raise GuardStop({**result, "moved": moved, "members": divided})

    def _last_done(self, company, definition_key):
        """The last time that this definition was run to its end in the company."""
        return self.env["crm.segmentation.run"].search(
            [
                ("segmentation_id", "=", self.id),
                ("company_id", "=", company.id),
                ("state", "=", "done"),
                ("definition_key", "=", definition_key),
                ("origin", "!=", "backfill"),
            ],
            order="id desc",
            limit=1,
        )

    def _known_before(self, partner_ids, moment):
        """How many of the customers were entered before the moment."""
        [[count]] = self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FROM res_partner WHERE id = ANY(%s) AND create_date < %s",
                list(partner_ids),
                moment,
            )
        )
        return count

    def _count_divided(self, company):
        scoped = self.with_env(self._rule_env(company))
        return scoped.env["res.partner"].search_count(scoped._divided_domain(company))

    def _definition_key(self):
        """A short text that changes with who belongs where by definition.

        Segments that a method creates for new values, and the day, don't change it.
        """
        own = self.sudo()  # sudo: a digest tells nothing of the rules
        names = sorted(own._definition_fields() & set(own._fields))
        segments = [
            [one.id, one.domain, one.threshold, one.rfm_codes, one.is_rest, one.sequence,
             one.include_segment_ids.ids, one.exclude_segment_ids.ids]
            for one in own.segment_ids.sorted("id")
            if not one.value_key
        ]  # fmt: skip
        values = [str(own[name]) for name in names]
        text = json.dumps([own.method, own.minimum_stay_days, values, segments])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def action_accept(self):
        """Let the run that was held back go through."""
        self.ensure_one()
        # for the companies that the user works in, not for others that wait as well
        return self.with_context(segments_accepted=self.env.companies.ids).action_run()
