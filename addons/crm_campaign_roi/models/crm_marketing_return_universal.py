"""What all of marketing is worth: everybody else against the group that is never contacted."""

from datetime import timedelta

from odoo import fields, models
from odoo.addons.crm_segments.lib import experiment
from odoo.addons.crm_segments.lib.cuped import Moments
from odoo.tools import SQL

from ..lib import lift_reading

#: differences that matter most: of the share who order, and of the mean margin as a part of it
RATE_SCALE, MARGIN_SCALE = 0.02, 0.1
DAYS = 365


class CrmMarketingReturn(models.AbstractModel):
    _inherit = "crm.marketing.return"  # pylint: disable=consider-merging-classes-inherited

    def _universal(self, figures):
        """Orders and margin per customer of both groups since the group is held out.

        The group is never over and looked at on any day, so the intervals are always valid ones.

        :return: None without such a group; dict of ``since``, ``others`` and ``held`` (customers),
            ``state`` (``broken``, ``few``, ``read``), ``rate`` and ``margin`` ([difference, low,
            high], others less those held out; None where not known or seen)
        """
        company = self.env.company
        own = company.sudo()  # sudo: settings
        if not own.crm_roi_universal_share or not own.crm_roi_universal_since:
            return None
        rows = {row[0]: row[1:] for row in self._universal_rows(company, own)}
        held, others = (rows.get(one, (0, 0, 0.0, 0.0)) for one in (True, False))
        found = {
            "since": fields.Date.to_string(own.crm_roi_universal_since),
            "held": held[0],
            "others": others[0],
            "rate": None,
            "margin": None,
        }
        share = own.crm_roi_universal_share
        if min(held[0], others[0]) < lift_reading.LEAST_CUSTOMERS:
            return {**found, "state": "few"}
        ratio = experiment.sample_ratio_p([held[0], others[0]], [share, 1 - share])
        if ratio < experiment.SAMPLE_RATIO_STOP:
            return {**found, "state": "broken"}
        if held[1] + others[1] < lift_reading.LEAST_SUCCESSES:
            return {**found, "state": "few"}
        margin = _margin(others, held) if figures else None
        return {**found, "state": "read", "rate": _rate(others, held), "margin": margin}

    def _universal_rows(self, company, own):
        """(held out, customers, who ordered, margin, its squares)"""
        first = fields.Date.context_today(self) - timedelta(days=DAYS)
        results = self.env["crm.campaign.result"].sudo()  # sudo: sums of the two groups
        results._flush_results()
        self.env["crm.customer.metrics"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT %(held)s AS held, COUNT(*), COUNT(*) FILTER (WHERE s.orders > 0),
                       COALESCE(SUM(s.margin), 0)::float,
                       COALESCE(SUM(s.margin * s.margin), 0)::float
                FROM crm_customer_metrics m LEFT JOIN (
                    SELECT x.partner_id, SUM(x.orders) AS orders, SUM(x.margin)::float AS margin
                    FROM (%(results)s) x WHERE x.doc_day >= %(first)s GROUP BY 1
                ) s ON s.partner_id = m.partner_id
                WHERE m.company_id = %(company)s GROUP BY 1
                """,
                held=self.env["res.partner"]._universal_sql(company, SQL("m.partner_id")),
                results=results.with_company(company)._results_sql(company),
                first=max(own.crm_roi_universal_since, first),
                company=company.id,
            )
        )


def _rate(others, held):
    p, q = others[1] / others[0], held[1] / held[0]
    pooled = (others[1] + held[1]) / (others[0] + held[0])
    variance = pooled * (1 - pooled) * (1 / others[0] + 1 / held[0])
    return lift_reading.always_valid(p - q, variance, RATE_SCALE) if variance else None


def _margin(others, held):
    a, b = (Moments.of_sums(one[0], one[2], one[3]) for one in (others, held))
    variance = a.variance / a.n + b.variance / b.n
    scale = MARGIN_SCALE * max(abs(a.mean), abs(b.mean))
    if not variance or not scale:
        return None
    return lift_reading.always_valid(a.mean - b.mean, variance, scale)
