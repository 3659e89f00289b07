"""Credited results: what each document brought, by the weights of one model or of all."""

from odoo import models
from odoo.tools import SQL

from .crm_campaign_roi_parts import month_of

_PLAIN = ("orders", "ordered", "invoiced", "paid", "margin", "margin_base")


class CrmCampaignRoiReport(models.Model):
    _inherit = "crm.campaign.roi.report"  # pylint: disable=consider-merging-classes-inherited

    def _result_part(self, names, companies):
        """Results by the credit of their document; without credit they have no campaign."""
        source, keys, figures = self._credited_results(companies)
        if len(names) > 1:
            return self._unfolded_part(names, source, keys, figures)
        weight = self._weight(names[0])
        return self._part(
            # what a model gives nothing of is no row
            SQL("%s WHERE %s <> 0", source, weight),
            **keys,
            model=SQL("%s", names[0]),
            **{name: SQL("(%s) * %s", value, weight) for name, value in figures.items()},
        )

    def _credited_results(self, companies):
        """Rows of results ``x`` beside their credit ``c``, before any weight.

        :return: SQL of the tables, {dimension: SQL}, {figure: SQL}
        """
        segment, segment_join = self._segment_of("x.partner_id", "x.doc_day")
        lifetime, lifetime_join = self._lifetime_join(companies)
        source = SQL(
            "(%s) x LEFT JOIN (%s) c ON %s %s %s",
            self.env["crm.campaign.result"]._results_sql(companies),
            self._credits_sql(companies),
            self._same_document(),
            segment_join,
            lifetime_join,
        )
        keys = {
            "campaign_id": SQL("c.campaign_id"),
            "medium_id": SQL("c.medium_id"),
            "source_id": SQL("c.source_id"),
            "segment_id": segment,
            "month": month_of(SQL("x.day")),
            "cohort_month": month_of(SQL("COALESCE(c.touch_day, x.doc_day)")),
            "customer_kind": SQL("c.kind"),
            "is_expected": SQL("COALESCE(c.expected, FALSE)"),
            "is_history": SQL("x.history_key IS NOT NULL"),
        }
        counted = self._counted(companies, "c", "c")
        figures = {
            **{name: SQL("x.%s", SQL.identifier(name)) for name in _PLAIN},
            "new_customers": SQL("CASE WHEN c.kind = 'new' THEN x.orders END"),
            "return_margin": SQL("CASE WHEN %s THEN x.margin END", counted),
            "attributed": SQL("CASE WHEN c.campaign_id IS NOT NULL THEN x.ordered END"),
            "credited": SQL("CASE WHEN c.campaign_id IS NOT NULL THEN x.invoiced END"),
            "expected_margin": SQL("CASE WHEN c.expected THEN x.margin END"),
            **lifetime,
        }
        return source, keys, figures

    def _unfolded_part(self, names, source, keys, figures):
        """The same under several models: added up once, a column per model, and then unfolded.

        A row per document and model would be read, sorted and added up as often as there are
        models.
        """
        weights = {name: self._weight(name) for name in names}
        sums = SQL(", ").join(
            SQL("SUM((%(value)s) * %(weight)s) FILTER (WHERE %(weight)s <> 0) AS %(name)s",
                value=value, weight=weight, name=SQL.identifier(f"{figure}_{model}"))
            for model, weight in weights.items()
            for figure, value in figures.items()
        )  # fmt: skip
        known = SQL(", ").join(
            SQL("bool_or(%s <> 0) AS %s", weight, SQL.identifier(f"known_{model}"))
            for model, weight in weights.items()
        )
        plain = SQL(", ").join(
            SQL("%s AS %s", value, SQL.identifier(name)) for name, value in keys.items()
        )
        unfolded = SQL(", ").join(
            SQL("(%s, %s, %s)", model, SQL.identifier("x", f"known_{model}"), SQL(", ").join(
                SQL.identifier("x", f"{figure}_{model}") for figure in figures))
            for model in names
        )  # fmt: skip
        places = SQL(", ").join(SQL(str(place)) for place in range(1, len(keys) + 2))  # pylint: disable=sql-injection
        return self._part(
            SQL(
                "(SELECT x.company_id, %s, %s, %s FROM %s GROUP BY %s) x"
                " CROSS JOIN LATERAL (VALUES %s) k (model, known, %s) WHERE k.known",
                plain, sums, known, source, places,
                unfolded,
                SQL(", ").join(SQL.identifier(figure) for figure in figures),
            ),
            **{name: SQL("x.%s", SQL.identifier(name)) for name in keys},
            model=SQL("k.model"),
            **{figure: SQL("k.%s", SQL.identifier(figure)) for figure in figures},
        )  # fmt: skip
