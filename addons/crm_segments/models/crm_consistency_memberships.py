"""Memberships against what the rules say now, by the statement of the preview."""

from odoo import models
from odoo.exceptions import UserError

from .crm_consistency import Check, Found
from .crm_segmentation_engine import RANKING

#: what moves the ranks of customers who are not touched themselves
_DOCUMENTS = ("account_move", "sale_order", "crm_lead", "crm_sales_source", "res_partner")


class CrmConsistency(models.AbstractModel):
    _inherit = "crm.consistency"  # pylint: disable=consider-merging-classes-inherited

    def _checks(self):
        check = Check(
            "memberships",
            self.env._("Members of segments against the rules"),
            "res.partner",
            self.env._("Rebuild: the rules are applied to all customers anew."),
            "crm_segments.ir_cron_rebuild",
        )
        return [*super()._checks(), check]

    def _check_memberships(self, company):
        """Customers who are not in the segments that a run would put them into."""
        wrong, waiting = set(), set()
        queued = self._queued()
        segmentations = self.env["crm.segmentation"]._enabled()._applying_to(company)
        for segmentation in segmentations:
            bad, late = self._check_division(segmentation, company)
            wrong |= bad - queued
            waiting |= late | bad & queued
        return Found(self._current_stays(company), wrong, waiting - wrong)

    def _check_division(self, segmentation, company):
        """Customers whom a run would move: (set that nothing explains, set that waits for it)."""
        scoped = segmentation.with_company(company)
        run = scoped._last_runs().get(segmentation.id)
        success = scoped._last_runs([("state", "=", "done")]).get(segmentation.id)
        key = segmentation._definition_key()
        settled = bool(success) and run == success and success.definition_key == key

        def differing(day):
            return scoped.with_context(segments_today=day)._moving(company)

        try:
            if not settled:  # never run, failed, held, or changed since: its card says so
                return set(), differing(segmentation._today())
            wrong, waiting = self._differing(success.date_start, differing)
        except (UserError, ValueError):
            if settled:
                raise
            return set(), set()
        if segmentation.method in RANKING and self._written_since(success.date_start, *_DOCUMENTS):
            return set(), wrong | waiting
        return wrong, waiting

    def _current_stays(self, company):
        stays = self.env["crm.segment.membership"]
        return stays.search_count([("company_id", "=", company.id), ("date_to", "=", False)])


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def _moving(self, company):
        """Ids of the customers whom a run would move or give another verdict; nothing is kept.

        Minimum stays, margins and pins count as in a run; pins whose time is over end in it.
        """
        self.ensure_one()
        with self._undone() as env:
            me = self.with_env(env)
            env["crm.segment.membership"]._release_pins(me, company)
            return {
                partner
                for _before, changes, ended in me._comparisons(company)
                for partner in [*(row[1] for row in changes), *(row[2] for row in ended)]
            }
