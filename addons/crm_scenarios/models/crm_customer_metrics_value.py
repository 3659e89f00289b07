"""What a customer is expected to buy, beside what they bought."""

from odoo import fields, models
from odoo.addons.crm_segments.models.metric_fields import EmptyFloat, EmptyMonetary

#: name of the prediction → type of its column
PREDICTIONS = {
    "expected_purchases_12m": "float8",
    "alive_probability": "float8",
    "expected_revenue_12m": "numeric",
    "next_purchase_date": "date",
}


class CrmCustomerMetrics(models.Model):
    """Predictions are written by ``crm.value.model`` only, and empty where it shows none.

    The nightly statement of the figures neither reads nor writes these columns.
    """

    _inherit = "crm.customer.metrics"  # pylint: disable=consider-merging-classes-inherited

    expected_purchases_12m = EmptyFloat(
        "Expected Purchases (12 Months)",
        readonly=True,
        help="Days with a purchase to expect in the next twelve months (BG/NBD).",
    )
    alive_probability = EmptyFloat(
        "Still a Customer",
        readonly=True,
        aggregator="avg",
        help="Probability that the customer has not left for good (BG/NBD). Whoever bought on "
        "one day only counts as a customer for certain: look at the expected purchases.",
    )
    expected_revenue_12m = EmptyMonetary(
        "Expected Revenue (12 Months)",
        readonly=True,
        help="Expected purchases times the money to expect of each (Gamma-Gamma), less the share "
        "of credit notes of all customers.",
    )
    next_purchase_date = fields.Date(
        "Next Purchase Expected",
        readonly=True,
        help="If still a customer: one over the expected rate after the day of the prediction. "
        "Empty where that is more than a year away, or where the customer has rather left.",
    )
    prediction_date = fields.Date(
        "Predicted On", readonly=True, help="The day up to which purchases are known to it."
    )
