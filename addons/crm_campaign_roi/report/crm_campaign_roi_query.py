"""The query behind the report: parts, put together and added up."""

from odoo import models
from odoo.addons.crm_segments.models.books import sees_books
from odoo.tools import SQL

from ..models.roi_sql import columns
from .crm_campaign_roi_report import COUNTS, DIMENSIONS, MONEY


class CrmCampaignRoiReport(models.Model):
    _inherit = "crm.campaign.roi.report"  # pylint: disable=consider-merging-classes-inherited

    @property
    def _table_query(self):
        self._flush()
        keys, figures = columns(["company_id", *DIMENSIONS]), [*COUNTS, *MONEY]
        sums = SQL(", ").join(
            SQL("SUM(%(n)s) AS %(n)s", n=SQL.identifier(name)) for name in figures
        )
        return SQL(
            """
            SELECT ('x' || substr(md5(ROW(%(keys)s)::text), 1, 13))::bit(52)::bigint AS id,
                   %(currency)s::int AS currency_id, t.*, %(evidence)s AS evidence, %(ratios)s
            FROM (SELECT %(keys)s, %(sums)s FROM (%(rows)s) parts GROUP BY %(keys)s) t
            """,
            keys=keys,
            currency=self.env.company.currency_id.id,
            sums=sums,
            evidence=self._evidence_sql(),
            ratios=self._row_ratios(),
            rows=self._rows() if sees_books(self.env) else self._coarse_rows(),
        )

    def _flush(self):
        self.env["crm.campaign.result"]._flush_results()
        self.env["crm.campaign.cost"]._flush_cost()
        for model in (
            "crm.lead", "crm.segment.membership", "mailing.trace", "crm.campaign.credit",
            "crm.campaign.markov", "crm.campaign.audience", "crm.campaign.audience.arm",
            "crm.campaign.audience.member",
        ):  # fmt: skip
            self.env[model].flush_model()

    def _rows(self):
        """Rows of all parts, with the same columns."""
        names = columns(["company_id", *DIMENSIONS, *COUNTS, *MONEY])
        return SQL(" UNION ALL ").join(
            SQL("SELECT %s FROM (%s) x", names, part) for part in self._parts()
        )

    def _coarse_rows(self):
        """Counts as they are; money by campaign and month only, for who may not see more."""
        kept = ("campaign_id", "month", "cohort_month", "model")
        nothing = {name: SQL("NULL::%s", SQL(_TYPES[name])) for name in DIMENSIONS}
        fine = [
            *(SQL.identifier(name) for name in ["company_id", *DIMENSIONS, *COUNTS]),
            *(SQL("NULL::numeric AS %s", SQL.identifier(name)) for name in MONEY),
        ]
        coarse = [
            SQL("company_id"),
            *(
                SQL.identifier(name)
                if name in kept
                else SQL("%s AS %s", nothing[name], SQL.identifier(name))
                for name in DIMENSIONS
            ),
            *(SQL("NULL::numeric AS %s", SQL.identifier(name)) for name in COUNTS),
            *(SQL.identifier(name) for name in MONEY),
        ]
        return SQL(
            "SELECT %(fine)s FROM (%(rows)s) f UNION ALL SELECT %(coarse)s FROM (%(rows)s) c",
            fine=SQL(", ").join(fine),
            coarse=SQL(", ").join(coarse),
            rows=self._rows(),
        )

    def _parts(self):
        """SELECTs of rows; each names its columns, the others come from :meth:`_part`."""
        companies = self.env.companies
        parts = [
            *self._result_parts(companies),
            self._lead_part(companies), self._cost_part(companies),
        ]
        if self._asks("marketing_cost"):
            parts.append(self._unallocated_part(companies))
        if self._asks("incremental_margin"):
            parts.append(self._tested_part(companies))
        return parts

    def _result_parts(self, companies):
        """SELECTs of credited results, path models and removal effect apart."""
        parts = []
        for names, some in self._models_by_company(companies):
            paths = [name for name in names if name != "markov"]
            parts += [self._result_part(paths, some)] if paths else []
            parts += [self._markov_part(some)] if "markov" in names else []
        return parts

    def _models_by_company(self, companies):
        """Lists of models with the companies that show them."""
        names = [name for name, _label in self._fields["model"].selection]
        if self.env.context.get("roi_all_models"):
            return [(names, companies)]
        shown = companies.sudo()  # sudo: a setting that decides how is counted
        found = {name: shown.filtered(lambda one: one.crm_roi_model == name)  # noqa: B023
                 for name in names}  # fmt: skip
        return [([name], some) for name, some in found.items() if some]

    def _models_join(self, companies):
        """The models that rows without credit stand under: each that the read shows."""
        pairs = [
            SQL("(%s, %s)", company.id, name)
            for names, some in self._models_by_company(companies)
            for name in names
            for company in some
        ]
        return SQL(
            "JOIN (VALUES %s) k (company_id, model) ON k.company_id = x.company_id",
            SQL(", ").join(pairs),
        )

    def _part(self, select, **given):
        """SELECT of all columns FROM something; those that aren't given are empty."""
        nothing = {
            **{name: SQL("NULL::%s", SQL(_TYPES[name])) for name in DIMENSIONS},
            **{name: SQL("NULL::numeric") for name in [*COUNTS, *MONEY]},
            "is_expected": SQL("FALSE"),
            "is_history": SQL("FALSE"),
        }
        return SQL(
            "SELECT x.company_id, %s FROM %s",
            SQL(", ").join(
                SQL("%s AS %s", value, SQL.identifier(name))
                for name, value in (nothing | given).items()
            ),
            select,
        )


_TYPES = {
    **dict.fromkeys(("campaign_id", "medium_id", "source_id", "segment_id"), "int"),
    **dict.fromkeys(("month", "cohort_month"), "date"),
    **dict.fromkeys(("model", "customer_kind"), "text"),
    **dict.fromkeys(("is_expected", "is_history"), "bool"),
}
