"""Each return carries its grade of evidence: a filter and a grouping of the report."""

from odoo import fields, models
from odoo.tools import SQL

from ..lib.budget_planner import GRADES
from ..models.utm_campaign import FIGURES


class CrmCampaignRoiReport(models.Model):
    _inherit = "crm.campaign.roi.report"  # pylint: disable=consider-merging-classes-inherited

    evidence = fields.Selection(
        [
            ("experiment", "Experiment"),
            ("matched", "Matched comparison"),
            ("small", "Experiment, too small to tell"),
            ("attribution", "Attribution"),
            ("platform", "Platform's own claim"),
            ("none", "Nothing known"),
        ],
        readonly=True,
        groups=FIGURES,
        help="The best that is known of what the campaign has caused, the strongest first: a "
        "hold-out drawn at random; customers alike who were not addressed; a hold-out too small "
        "to tell; credit for orders after a touch; what the platform reports of itself.",
    )

    def _evidence_sql(self):
        """The grade of the campaign of a row ``t``, empty without a campaign."""
        if not self._asks("evidence"):
            return SQL("NULL::text")
        by_grade = {grade: [] for grade in GRADES}
        for campaign, grade in self.env["utm.campaign"]._evidence(self.env.companies).items():
            by_grade[grade].append(campaign)
        cases = SQL(" ").join(
            SQL("WHEN t.campaign_id = ANY(%s) THEN %s", ids, grade)
            for grade, ids in by_grade.items()
        )
        return SQL("CASE WHEN t.campaign_id IS NULL THEN NULL %s ELSE 'none' END", cases)
