"""'Marketing return': what a director asks first, on one page. Nothing is stored."""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..lib import budget_planner, lift_reading, ratios
from .utm_campaign import FIGURES

MONTHS = 12
_SUMS = ("cost", "invoiced", "margin", "return_margin", "orders", "leads", "ordered")
_SHOWN = ("cost", "invoiced", "margin", "orders", "roi")
_HIDDEN = ("cost", "margin", "return_margin")
#: share of a campaign's monthly cost that the planner moves
STEP = 0.1


class CrmMarketingReturn(models.AbstractModel):
    _name = "crm.marketing.return"
    _description = "Marketing Return"

    @api.model
    @api.readonly
    def overview(self, amount=None, source=None, target=None):
        """The figures of the last twelve months, in the companies switched on.

        Amounts are in the currency of the current company; what isn't known or may not be seen
        is None.

        :param float amount: budget to move; None for a tenth of the mean monthly cost
        :param int source: id of the campaign to move it from, ``target`` of that to move it to;
            None where nobody asks
        :return: dict of ``company_id``, ``currency_id``, ``period`` ([first, last day] as ISO
            dates), ``sees_figures``, ``totals`` (``cost``, ``invoiced``, ``margin``,
            ``return_margin``, ``roi``, ``romi``, ``incremental`` as [estimate, low, high],
            ``order_coverage``, ``cost_coverage``),
            ``campaigns`` (list of dicts, see :meth:`_campaigns`), ``grades`` (grade → number,
            cost), ``plan`` (see :meth:`_plan`), ``segments``, ``deals``, ``bridge``,
            ``universal``, ``tie`` (see :meth:`_tie`)
        :raises AccessError: for users who don't see the return
        """
        report = self.env["crm.campaign.roi.report"]
        if not report.has_access("read"):
            raise AccessError(self.env._("The return is for marketing and accounting."))
        figures = self.env.su or self.env.user.has_group(FIGURES)
        first, last = self._period()
        campaigns = self._campaigns(first, last, figures)
        return {
            "company_id": self.env.company.id,
            "currency_id": self.env.company.currency_id.id,
            "period": [fields.Date.to_string(first), fields.Date.to_string(last)],
            "sees_figures": figures,
            "totals": self._totals(first, last, campaigns, figures),
            "campaigns": campaigns,
            "grades": self._by_grade(campaigns),
            "plan": self._plan(campaigns, amount, (source, target)) if figures else None,
            "segments": self._segments(first),
            "deals": self._deals(),
            "bridge": self._bridge(first, last),
            "universal": self._universal(figures),
            "tie": self._tie(first, last),
        }

    def _grade_names(self):
        """Grade of evidence → its name."""
        evidence = self.env["crm.campaign.roi.report"]._fields["evidence"]
        return dict(evidence._description_selection(self.env))

    def _period(self):
        last = fields.Date.context_today(self)
        return (last + relativedelta(day=1, months=1 - MONTHS)), last

    def _domain(self, first, last, *more):
        return [("month", ">=", first), ("month", "<=", last), *more]

    def _totals(self, first, last, campaigns, figures):
        """Money in, money out, and how much of the money they speak of."""
        wanted = ("cost", "invoiced", "margin", "return_margin")
        names = [name for name in wanted if figures or name not in _HIDDEN]
        specs = [f"{name}:sum" for name in names]
        ratio_specs = ["order_coverage:avg", *(["roi:avg", "cost_coverage:avg"] if figures else [])]
        report = self.env["crm.campaign.roi.report"]
        with_campaign = self._domain(first, last, ("campaign_id", "!=", False))
        sums = dict(zip(names, report._read_group(with_campaign, [], specs)[0], strict=True))
        shares = dict(
            zip(
                [one.split(":")[0] for one in ratio_specs],
                report._read_group(self._domain(first, last), [], ratio_specs)[0],
                strict=True,
            )
        )
        if figures:
            shares["roi"] = report._read_group(with_campaign, [], ["roi:avg"])[0][0]
        tested = [one for one in campaigns if one["grade"] == "experiment"]
        caused = lift_reading.together([one["caused"] for one in tested if one["caused"]])
        cost = sum(one["proof_cost"] or 0 for one in tested)
        return {
            **{name: _number(sums.get(name)) for name in wanted},
            **{name: _number(shares.get(name))
               for name in ("roi", "order_coverage", "cost_coverage")},
            "incremental": caused,
            "romi": ratios.romi(caused, cost),
        }  # fmt: skip

    def _campaigns(self, first, last, figures):
        """Each campaign with its evidence, the costliest first.

        :return: list of dicts of ``id``, ``name``, ``grade`` (of ``utm.campaign._evidence``, from
            all that is known), ``caused`` ([estimate, low, high] of margin, by experiment or
            match), ``roi`` (by attribution), ``proof_cost`` (cost that stands against what was
            caused), ``proven`` (return on that, with its interval), ``cost``, ``invoiced``,
            ``margin``, ``orders``, ``medium``, ``segment``, ``median_roi`` (of ``median_of`` other
            campaigns of the medium, and of the segment where ``median_segment``), ``marginal``
            (:class:`lib.budget_planner.Slope` as a dict)
        """
        names = [name for name in _SUMS if figures or name not in _HIDDEN]
        specs = [f"{name}:sum" for name in names] + (["roi:avg"] if figures else [])
        rows = self.env["crm.campaign.roi.report"]._read_group(
            self._domain(first, last, ("campaign_id", "!=", False)), ["campaign_id"], specs
        )
        # all that is known, as on the campaign and in the report: proof doesn't lapse with a year
        campaigns = self.env["utm.campaign"].union(*(row[0] for row in rows))
        grades = campaigns._evidence(self.env.companies, campaigns)
        proofs = self._proofs(grades) if figures else {}
        months = self._by_month(first, last, proofs) if figures else {}
        costs = {row[0].id: _number(row[1]) for row in rows} if figures else {}
        against = self._proof_costs(proofs, months, costs)
        media = self._media(first, last)
        found = []
        for campaign, *values in rows:
            sums = {
                name: _number(value) for name, value in zip([*names, "roi"], values, strict=False)
            }
            proof = proofs.get(campaign.id)
            interval = proof and proof.caused
            one = {
                "id": campaign.id,
                "name": campaign.title,
                **{name: sums.get(name) for name in _SHOWN},
                "caused": interval,
                "grade": grades[campaign.id],
                "proof_cost": against.get(campaign.id),
                "proven": ratios.romi(interval, against.get(campaign.id)),
                **media.get(campaign.id, {"medium": None, "segment_id": None, "segment": None}),
            }  # fmt: skip
            one["marginal"] = self._marginal(months.get(campaign.id, {}), first, proof)
            found.append(one)
        self._benchmark(found)
        return sorted(found, key=lambda one: -(one["cost"] or 0))

    def _media(self, first, last):
        """{campaign id: dict of ``medium``, ``segment_id``, ``segment``} by most of its orders.

        The name of the segment is for those who see segments.
        """
        rows = self.env["crm.campaign.roi.report"]._read_group(
            self._domain(first, last, ("campaign_id", "!=", False)),
            ["campaign_id", "medium_id", "segment_id"],
            ["orders:sum"],
        )
        media, segments = {}, {}
        for campaign, medium, segment, orders in rows:
            for found, key in ((media, medium), (segments, segment)):
                if key:
                    counts = found.setdefault(campaign.id, {})
                    counts[key] = counts.get(key, 0) + (orders or 0)
        named = self.env["crm.segment"].has_access("read")
        result = {}
        for campaign in media.keys() | segments.keys():
            medium, segment = _most(media.get(campaign)), _most(segments.get(campaign))
            result[campaign] = {
                "medium": medium and medium.name, "segment_id": segment and segment.id,
                "segment": segment.name if segment and named else None,
            }  # fmt: skip
        return result

    def _benchmark(self, campaigns):
        """The median return of the other campaigns of the same medium and segment; of the
        medium alone where no other has both."""
        for one in campaigns:
            others = [
                other for other in campaigns
                if other["medium"] and other["medium"] == one["medium"] and other is not one
                and other["roi"] is not None
            ]  # fmt: skip
            both = [
                other for other in others
                if one["segment_id"] and other["segment_id"] == one["segment_id"]
            ]  # fmt: skip
            one["median_roi"] = budget_planner.median([other["roi"] for other in both or others])
            one["median_of"] = len(both or others)
            one["median_segment"] = bool(both)

    def _by_grade(self, campaigns):
        return [
            {
                "grade": grade,
                "campaigns": sum(one["grade"] == grade for one in campaigns),
                "cost": sum(one["cost"] or 0 for one in campaigns if one["grade"] == grade),
            }
            for grade in budget_planner.GRADES
        ]


def _most(counts):
    """The key with the most; None of nothing."""
    return max(counts, key=counts.get) if counts else None


def _number(value):
    return None if value is None or value is False else float(value)
