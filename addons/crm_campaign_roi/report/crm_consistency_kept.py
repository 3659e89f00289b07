"""Kept results of campaigns against the documents that they were added up from."""

from odoo import models
from odoo.addons.crm_segments.models.crm_consistency import Found

from .crm_campaign_roi_stored import REBUILDING

_SUMS = ("orders", "ordered", "invoiced", "paid", "margin", "lifetime_margin")
#: half a cent of rounding on either side
_NEAR = 0.01
#: what a result is made of; an import of the sales history writes its source
_SOURCES = (
    "account_move", "account_move_line", "sale_order", "crm_lead", "crm_touchpoint",
    "crm_sales_source",
)  # fmt: skip


class CrmConsistency(models.AbstractModel):
    _inherit = "crm.consistency"  # pylint: disable=consider-merging-classes-inherited

    def _checks(self):
        kept = self._derived(
            "kept_results", self.env._("Kept results of campaigns against the documents"),
            "utm.campaign",
        )  # fmt: skip
        return [*super()._checks(), kept]

    def _check_kept_results(self, company):
        """Campaigns whose kept results, by month and segment, aren't those of the documents.

        Whatever was written since they were added up explains them: they follow at night.
        """
        if not company.crm_roi_keep_results or not company.crm_roi_kept_date:
            return Found(0)
        kept, fresh = (self._results_of(company, live) for live in (False, True))
        nothing = (0,) * len(_SUMS)
        off = {
            place[0]
            for place in kept.keys() | fresh.keys()
            if any(
                abs(one - other) > _NEAR
                for one, other in zip(
                    kept.get(place, nothing), fresh.get(place, nothing), strict=True
                )
            )
        }
        if off and self._written_since(company.crm_roi_kept_date, *_SOURCES):
            return Found(len(kept), (), off)
        return Found(len(kept), off)

    def _results_of(self, company, live):
        """(id of the campaign, month, id of the segment) → sums, kept or from the documents."""
        report = self.env["crm.campaign.roi.report"].with_company(company)
        report = report.with_context(allowed_company_ids=company.ids, **{REBUILDING: live})
        rows = report._read_group(
            [], ["campaign_id", "month:month", "segment_id"], [f"{name}:sum" for name in _SUMS]
        )
        return {
            (campaign.id or 0, month, segment.id): [value or 0 for value in sums]
            for campaign, month, segment, *sums in rows
            if any(sums)
        }
