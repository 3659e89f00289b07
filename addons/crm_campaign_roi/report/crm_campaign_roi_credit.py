"""How the report reads credit: shares of documents, and totals by removal effect."""

from odoo import models
from odoo.tools import SQL

from ..models.attribution_models import PATH_MODELS
from .crm_campaign_roi_parts import month_of

_SHARED = ("ordered", "invoiced", "paid", "margin", "margin_base")


class CrmCampaignRoiReport(models.Model):
    _inherit = "crm.campaign.roi.report"  # pylint: disable=consider-merging-classes-inherited

    def _weight(self, name):
        """The share of a document that a row of credit has under a model; all of it without one."""
        return SQL("COALESCE(%s, 1)", SQL.identifier("c", f"weight_{name}"))

    def _same_document(self):
        """Whether a result ``x`` and a credit ``c`` are of one order document."""
        return SQL("c.key = %s", _document_key("x"))

    def _credits_sql(self, companies):
        """Whom documents are credited to: dimensions, ``touch_day``, a weight per path model."""
        touch_day = SQL("NULL::date")
        if self._asks("cohort_month"):
            touch_day = SQL("(c.date - make_interval(secs => c.days * 86400))::date")
        return SQL(
            """
            SELECT %(key)s AS key, c.touchpoint_id, c.campaign_id, c.medium_id, c.source_id,
                   %(touch_day)s AS touch_day, c.kind_of_customer AS kind,
                   c.expected_anyway AS expected, %(weights)s
            FROM crm_campaign_credit c WHERE c.company_id = ANY(%(companies)s)
            """,
            key=_document_key("c"),
            touch_day=touch_day,
            weights=SQL(", ").join(
                SQL.identifier("c", f"weight_{name}") for name, _label in PATH_MODELS
            ),
            companies=companies.ids,
        )

    def _markov_part(self, companies):
        """What followed a touch, by the shares of the channels; no order is split.

        A company whose shares are not computed yet has everything unattributed.
        """
        share = SQL("COALESCE(k.share_amount, 1)")
        of_orders = SQL("COALESCE(k.share_orders, 1)")
        counted = self._counted(companies, "x", "k")
        return self._part(
            SQL(
                "(%s) x LEFT JOIN crm_campaign_markov k"
                " ON k.company_id = x.company_id AND x.touched AND k.share_amount > 0",
                self._touched_sql(companies),
            ),
            campaign_id=SQL("k.campaign_id"),
            medium_id=SQL("k.medium_id"),
            source_id=SQL("k.source_id"),
            month=SQL("x.month"),
            cohort_month=SQL("x.month"),
            model=SQL("'markov'"),
            customer_kind=SQL("x.kind"),
            is_expected=SQL("x.expected"),
            is_history=SQL("x.is_history"),
            orders=SQL("x.orders * %s", of_orders),
            new_customers=SQL("CASE WHEN x.kind = 'new' THEN x.orders * %s END", of_orders),
            **{name: SQL("x.%s * %s", SQL.identifier(name), share) for name in _SHARED},
            return_margin=SQL("CASE WHEN %s THEN x.margin * %s END", counted, share),
            attributed=SQL("CASE WHEN k.campaign_id IS NOT NULL THEN x.ordered * %s END", share),
            credited=SQL("CASE WHEN k.campaign_id IS NOT NULL THEN x.invoiced * %s END", share),
            expected_margin=SQL("CASE WHEN x.expected THEN x.margin * %s END", share),
        )

    def _touched_sql(self, companies):
        """Results by month, whether a touch came before them or not; each document once."""
        return SQL(
            """
            SELECT x.company_id, %(month)s AS month, c.touchpoint_id IS NOT NULL AS touched, c.kind,
                   COALESCE(c.expected, FALSE) AS expected, x.history_key IS NOT NULL AS is_history,
                   SUM(x.orders * %(weight)s) AS orders, %(sums)s
            FROM (%(results)s) x LEFT JOIN (%(credits)s) c ON %(same)s
            GROUP BY 1, 2, 3, 4, 5, 6
            """,
            month=month_of(SQL("x.day")),
            weight=self._weight("last"),
            sums=SQL(", ").join(
                SQL(
                    "SUM(x.%(name)s * %(weight)s) AS %(name)s",
                    name=SQL.identifier(name),
                    weight=self._weight("last"),
                )
                for name in _SHARED
            ),
            results=self.env["crm.campaign.result"]._results_sql(companies),
            credits=self._credits_sql(companies),
            same=self._same_document(),
        )


def _document_key(alias):
    """One number per document, so that rows are joined by hash."""
    return SQL(
        "CASE WHEN %(a)s.order_id IS NOT NULL THEN %(a)s.order_id::bigint * 4"
        " WHEN %(a)s.move_id IS NOT NULL THEN %(a)s.move_id::bigint * 4 + 1"
        " ELSE hashtextextended(%(a)s.history_key, 0) END",
        a=SQL.identifier(alias),
    )
