"""Return on campaigns: cost and credited results, by campaign, month and more."""

from odoo import api, fields, models
from odoo.addons.crm_segments.models.metric_fields import EmptyFloat, EmptyMonetary
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..models.attribution_models import ATTRIBUTION_MODELS
from ..models.utm_campaign import FIGURES

_lt = LazyTranslate(__name__)
#: in place of no campaign, no segment; Odoo translates it, but exports it only where it is marked
UNATTRIBUTED, NOT_ALLOCATED = _lt("Unattributed"), _lt("Not Allocated")

#: every dimension but the company, which each row has
DIMENSIONS = [
    "campaign_id", "medium_id", "source_id", "segment_id", "month", "cohort_month", "model",
    "customer_kind", "is_expected", "is_history",
]  # fmt: skip
COUNTS = ["leads", "opportunities", "orders", "new_customers"]
MONEY = [
    "cost", "pipeline", "ordered", "invoiced", "paid", "margin", "margin_base", "return_margin",
    "expected_margin", "lifetime_margin", "lifetime_expected", "attributed", "credited",
    "attributed_cost", "marketing_cost", "incremental_margin", "incremental_below",
    "incremental_above", "tested_cost",
]  # fmt: skip
#: context: names that a read asks for; None for all of them
ASKED = "roi_asked"


class CrmCampaignRoiReport(models.Model):
    """One row per campaign, medium, source, segment, month and model that has something.

    A read that neither filters nor groups by ``model`` gets the company's default model, so no
    total is multiplied. ``month`` is that of the entry, order or invoice; ``cohort_month`` that
    of the cost and of the touch which a result is credited to. The segment is that of the
    company's leading segmentation, exclusive, as it was on the day of the order. What no
    campaign gets stands in rows without one, so results add up to the books and the sales
    history. Money is in the currency of the current company, at the rate of its day.

    Users without accounting rights get money by campaign and month only: its rows have no
    medium, source and segment, and the rows that have them have counts.

    How it is made: ``crm_campaign_roi_query.py``, ``crm_campaign_roi_parts.py``.
    """

    _name = "crm.campaign.roi.report"
    _description = "Return on Campaigns"
    _auto = False
    _order = "month desc, campaign_id, id"
    _rec_name = "campaign_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True, falsy_value_label=UNATTRIBUTED)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    segment_id = fields.Many2one(
        "crm.segment",
        readonly=True,
        falsy_value_label=NOT_ALLOCATED,
        help="Of the leading segmentation, on the day of the order.",
    )
    month = fields.Date(readonly=True, help="Of the cost, the order or the invoice.")
    cohort_month = fields.Date(
        "Cost Month", readonly=True, help="Of the cost, or of the touch that led to the result."
    )
    model = fields.Selection(ATTRIBUTION_MODELS, "Attribution Model", readonly=True)
    customer_kind = fields.Selection(
        [("new", "New"), ("reactivated", "Reactivated"), ("repeat", "Repeat")],
        "Customer Is",
        readonly=True,
    )
    is_expected = fields.Boolean(
        "Expected Anyway",
        readonly=True,
        help="Repeat order within the usual interval of the customer.",
    )
    is_history = fields.Boolean("Sales History", readonly=True)

    leads = fields.Integer(readonly=True)
    opportunities = fields.Integer(readonly=True)
    orders = EmptyFloat(readonly=True, help="Credited: an order of two touches is half of each.")
    new_customers = EmptyFloat(readonly=True)
    pipeline = EmptyMonetary(
        "Expected Revenue", readonly=True, help="Of the opportunities of the campaign."
    )
    cost = EmptyMonetary(readonly=True, groups=FIGURES)
    ordered = EmptyMonetary(readonly=True)
    invoiced = EmptyMonetary(readonly=True, help="Untaxed, net of credit notes.")
    paid = EmptyMonetary(readonly=True, help="Invoiced × (1 − residual / total).")
    margin = EmptyMonetary(readonly=True, groups=FIGURES, help="Invoiced less cost of goods.")
    margin_base = EmptyMonetary(
        "Invoiced with a Known Cost", readonly=True, groups=FIGURES
    )
    return_margin = EmptyMonetary(
        "Margin That Counts",
        readonly=True,
        groups=FIGURES,
        help="Of campaigns, without orders that were expected anyway unless the settings count "
        "them.",
    )
    expected_margin = EmptyMonetary("Margin Expected Anyway", readonly=True, groups=FIGURES)
    lifetime_margin = EmptyMonetary(
        "Lifetime Margin",
        readonly=True,
        groups=FIGURES,
        help="All margin so far of the customers that were won.",
    )
    lifetime_expected = EmptyMonetary(
        "Lifetime Margin, Expected",
        readonly=True,
        groups=FIGURES,
        help="Lifetime margin so far, and that of the revenue to expect in the next twelve "
        "months; empty where nothing is predicted.",
    )
    attributed = EmptyMonetary("Ordered With a Campaign", readonly=True)
    credited = EmptyMonetary("Invoiced With a Campaign", readonly=True)
    attributed_cost = EmptyMonetary("Cost With a Campaign", readonly=True, groups=FIGURES)
    marketing_cost = EmptyMonetary(
        "Cost With Unallocated",
        readonly=True,
        groups=FIGURES,
        help="Cost of campaigns, and what is booked on the accounts, vendors and products of "
        "marketing without one.",
    )

    roi = EmptyFloat("ROI", readonly=True, aggregator="avg", groups=FIGURES,
                     help="(Margin that counts − cost) / cost; empty without cost.")  # fmt: skip
    roas = EmptyFloat("ROAS", readonly=True, aggregator="avg", groups=FIGURES,
                      help="Invoiced with a campaign / cost; empty without cost.")  # fmt: skip
    cost_per_lead = EmptyMonetary(readonly=True, aggregator="avg", groups=FIGURES)
    cost_per_opportunity = EmptyMonetary(readonly=True, aggregator="avg", groups=FIGURES)
    cac = EmptyMonetary("CAC", readonly=True, aggregator="avg", groups=FIGURES,
                        help="Cost / new customers.")  # fmt: skip
    ltv_cac = EmptyFloat("LTV : CAC", readonly=True, aggregator="avg", groups=FIGURES,
                         help="Lifetime margin so far of the new customers / cost.")  # fmt: skip
    ltv_cac_expected = EmptyFloat(
        "LTV : CAC, Expected", readonly=True, aggregator="avg", groups=FIGURES,
        help="Lifetime margin of the new customers, that of the next twelve months included, "
        "/ cost; empty where nothing is predicted.",
    )  # fmt: skip

    incremental_margin = EmptyMonetary(
        readonly=True,
        groups=FIGURES,
        help="What campaigns with a hold-out brought more than without them, in the month of the "
        "launch.",
    )
    incremental_below = EmptyFloat(
        readonly=True, aggregator=None, groups=FIGURES, export_string_translation=False
    )
    incremental_above = EmptyFloat(
        readonly=True, aggregator=None, groups=FIGURES, export_string_translation=False
    )
    tested_cost = EmptyMonetary(
        "Cost of Tested Campaigns",
        readonly=True,
        groups=FIGURES,
        help="Of campaigns whose margin is measured against a hold-out.",
    )
    romi = EmptyFloat(
        "ROMI", readonly=True, aggregator="avg", groups=FIGURES,
        help="(Incremental margin − cost) / cost, of campaigns with a hold-out only; those too "
        "small to tell are left out.",
    )  # fmt: skip
    romi_low = EmptyFloat(
        "ROMI, Low", readonly=True, aggregator="avg", groups=FIGURES,
        help="Lower limit of ROMI: its interval of 95 %.",
    )  # fmt: skip
    romi_high = EmptyFloat(
        "ROMI, High", readonly=True, aggregator="avg", groups=FIGURES,
        help="Upper limit of ROMI: its interval of 95 %.",
    )  # fmt: skip

    order_coverage = EmptyFloat(
        "Coverage of Orders", readonly=True, aggregator="avg",
        help="Share of the ordered money that has a campaign.",
    )  # fmt: skip
    cost_coverage = EmptyFloat(
        "Coverage of Cost", readonly=True, aggregator="avg", groups=FIGURES,
        help="Share of the marketing cost that has a campaign.",
    )  # fmt: skip

    def _asking(self, names):
        """The report for a read of these names: what nobody asks for needn't be computed."""
        return self.with_context(**{ASKED: sorted(names)})

    def _asks(self, name):
        asked = self.env.context.get(ASKED)
        return asked is None or name in asked

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Without a condition on the model, or on rows, that of the company."""
        names = {leaf.field_expr.split(".")[0] for leaf in Domain(domain).iter_conditions()}
        asked = self.env.context.get(ASKED)
        self = self.with_context(roi_all_models=bool({"model", "id"} & {*names, *(asked or ())}))
        if asked is not None:
            self = self._asking({*asked, *names})
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), *args, **kwargs):
        self = self._asking(self._names_of([*groupby, *aggregates]))
        return super()._read_group(
            domain, groupby, aggregates, *args, **kwargs
        )

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), *args, **kwargs):
        groupings = [spec for grouping in grouping_sets for spec in grouping]
        self = self._asking(self._names_of([*groupings, *aggregates]))
        return super()._read_grouping_sets(
            domain, grouping_sets, aggregates, *args, **kwargs
        )

    def action_open_campaign(self):
        """Open the campaign of a row, where each amount opens what it is made of."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "utm.campaign",
            "res_id": self.campaign_id.id,
            "views": [(False, "form")],
        }

    def _names_of(self, specs):
        return {spec.split(":")[0].split(".")[0] for spec in specs}
