"""Results of large databases: added up every night, so that the report needn't read each line."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..models.roi_sql import columns
from .crm_campaign_roi_query import _TYPES
from .crm_campaign_roi_report import COUNTS, DIMENSIONS, MONEY

#: rows of credit from which on reading every document takes longer than anybody waits
KEEP_FROM = 250_000
#: context: results are read from the documents, to be kept or compared
REBUILDING = "roi_rebuilding"
_KEYS = ["company_id", *DIMENSIONS]
_FIGURES = [
    "orders", "new_customers", "ordered", "invoiced", "paid", "margin", "margin_base",
    "return_margin", "expected_margin", "lifetime_margin", "lifetime_expected", "attributed",
    "credited",
]  # fmt: skip


class CrmCampaignRoiStored(models.Model):
    """Credited results by campaign, medium, source, segment, month and model, where they are kept.

    In the currency of the company. Cost and leads are read live. So a panel, a dashboard and the
    report read some ten thousand rows, whatever they ask for, and never the documents.
    """

    _name = "crm.campaign.roi.stored"
    _description = "Kept Results of Campaigns"
    _log_access = False

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        export_string_translation=False,
    )
    campaign_id = fields.Integer(export_string_translation=False)
    medium_id = fields.Integer(export_string_translation=False)
    source_id = fields.Integer(export_string_translation=False)
    segment_id = fields.Many2one(
        "crm.segment",
        index="btree_not_null",
        ondelete="set null",
        export_string_translation=False,
    )
    month = fields.Date(export_string_translation=False)
    cohort_month = fields.Date(export_string_translation=False)
    model = fields.Char(export_string_translation=False)
    customer_kind = fields.Char(export_string_translation=False)
    is_expected = fields.Boolean(export_string_translation=False)
    is_history = fields.Boolean(export_string_translation=False)
    for _name_ in _FIGURES:
        vars()[_name_] = fields.Float(digits=0, export_string_translation=False)
    del _name_

    _company_model = models.Index("(company_id, model)")

    @api.model
    def _rebuild(self):
        """Add up anew, in the companies that keep results."""
        companies = self.env["res.company"].search([])
        self._keep_large(companies)
        kept = companies.filtered("crm_roi_keep_results")
        gone = SQL("DELETE FROM crm_campaign_roi_stored WHERE NOT company_id = ANY(%s)", kept.ids)
        self.env.cr.execute(gone)
        for company in kept:
            self.with_company(company)._rebuild_company(company)

    def _keep_large(self, companies):
        """Begin to keep results where there is much to read and nobody has decided otherwise."""
        self.env["crm.campaign.credit"].flush_model(["company_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT company_id FROM crm_campaign_credit GROUP BY 1 HAVING COUNT(*) >= %s",
                KEEP_FROM,
            )
        )
        large = {company_id for (company_id,) in rows}
        companies.filtered(
            lambda one: (
                one.id in large
                and not one.crm_roi_keep_results
                and not one.crm_roi_keep_decided
            )
        ).write({"crm_roi_keep_results": True, "crm_roi_keep_decided": False})

    def _rebuild_company(self, company):
        report = self.env["crm.campaign.roi.report"]
        report = report.with_context(allowed_company_ids=company.ids, roi_all_models=True)
        report = report.with_context(**{REBUILDING: True})
        report = report._asking({*_KEYS, *_FIGURES, "model"})
        report._flush()
        sums = SQL(", ").join(
            SQL("SUM(%(n)s) AS %(n)s", n=SQL.identifier(name)) for name in _FIGURES
        )
        parts = SQL(" UNION ALL ").join(
            SQL("SELECT %s FROM (%s) x", columns([*_KEYS, *_FIGURES]), part)
            for part in report._result_parts(company)
        )
        # one statement after the other in one transaction: nobody reads it half
        self.env.cr.execute(
            SQL("DELETE FROM crm_campaign_roi_stored WHERE company_id = %s", company.id)
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_campaign_roi_stored (%s) SELECT %s, %s FROM (%s) p GROUP BY %s",
                columns([*_KEYS, *_FIGURES]),
                columns(_KEYS),
                sums,
                parts,
                columns(_KEYS),
            )
        )
        company.write(
            {
                "crm_roi_kept_date": fields.Datetime.now(),
                "crm_roi_kept_segmentation_id": company._leading_segmentation().id,
            }
        )
        self.invalidate_model()


class CrmCampaignRoiReport(models.Model):
    _inherit = "crm.campaign.roi.report"  # pylint: disable=consider-merging-classes-inherited

    def _result_parts(self, companies):
        """Kept results where the read asks for nothing else, else the documents themselves."""
        kept = self._kept(companies)
        parts = super()._result_parts(companies - kept) if companies - kept else []
        for names, some in self._models_by_company(kept) if kept else []:
            parts.append(self._kept_part(names, some))
        return parts

    def _kept(self, companies):
        """Companies whose kept results serve this read."""
        nothing = companies.browse()
        if self.env.context.get(REBUILDING):
            return nothing
        if companies.currency_id != self.env.company.currency_id:
            return nothing  # the rate of the day is known of documents only
        # sudo: settings, which decide how is counted
        kept = companies.sudo().filtered(
            lambda one: one.crm_roi_keep_results and one.crm_roi_kept_date
        )
        if self._asks("segment_id"):  # another division leads since
            kept = kept.filtered(
                lambda one: one.crm_roi_kept_segmentation_id == one._leading_segmentation()
            )
        return kept.sudo(False)

    def _kept_part(self, names, companies):
        own = [name for name in [*DIMENSIONS, *COUNTS, *MONEY] if name in {*_KEYS, *_FIGURES}]
        given = {
            name: SQL("x.%s::%s", SQL.identifier(name), SQL(_TYPES.get(name, "numeric")))
            for name in own
        }
        self.env["crm.campaign.roi.stored"].flush_model()
        return self._part(
            SQL(
                "(SELECT * FROM crm_campaign_roi_stored WHERE company_id = ANY(%s)"
                " AND model = ANY(%s)) x",
                companies.ids,
                names,
            ),
            **given,
        )


class CrmTouchpoint(models.Model):
    _inherit = "crm.touchpoint"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _rebuild(self):
        """Kept results follow the credit, every night."""
        res = super()._rebuild()
        self.env["crm.campaign.roi.stored"]._rebuild()
        return res
