"""A run that would move too many customers asks first."""

import hashlib
import json

from odoo import models

from .crm_segmentation_engine import GuardStop


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def _check_guard(self, company, run, result):
        """Stop where an import gone wrong would rewrite a segment overnight.

        The first run of a definition moves whom it wants: whoever changed it has seen
        the preview. Customers who come into a segment for the first time move nowhere.

        :raises GuardStop: the caller rolls back and records it
        """
        share = company.crm_segments_guard
        accepted = self.env.context.get("segments_accepted") or ()
        if not share or company.id in accepted:
            return
        if result["moved"] * 100 <= share * result["members"]:
            return
        if self._ran_before(company, run.definition_key):
            raise GuardStop(result)

    def _ran_before(self, company, definition_key):
        """Whether this definition has been run to its end in the company."""
        return bool(
            self.env["crm.segmentation.run"].search_count(
                [
                    ("segmentation_id", "=", self.id),
                    ("company_id", "=", company.id),
                    ("state", "=", "done"),
                    ("definition_key", "=", definition_key),
                ],
                limit=1,
            )
        )

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
