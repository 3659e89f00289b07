"""Predictions of a customer: fields that filter, sort and sum like the other figures."""

from odoo import api, fields, models
from odoo.addons.crm_segments.models.metric_fields import MetricDate, MetricFloat, MetricMonetary

from .crm_customer_metrics_value import PREDICTIONS


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    expected_purchases_12m = MetricFloat("Expected Purchases (12 Months)")
    alive_probability = MetricFloat("Still a Customer", aggregator="avg")
    expected_revenue_12m = MetricMonetary(
        "Expected Revenue (12 Months)", currency_field="metrics_currency_id"
    )
    next_purchase_date = MetricDate("Next Purchase Expected")
    prediction_date = MetricDate("Predicted On")
    prediction_note = fields.Text(
        "On These Predictions",
        compute="_compute_prediction_note",
        help="How well they did on months that they were not learnt from, or why there are none.",
    )

    @api.model
    def _customer_metrics(self):
        """Predictions are not known of everybody: empty is not 0."""
        return {**super()._customer_metrics(), **dict.fromkeys((*PREDICTIONS, "prediction_date"))}

    @api.depends("metrics_visible")
    @api.depends_context("company", "uid", "su")
    def _compute_prediction_note(self):
        # sudo: how well the model does is told in proportions, to whoever sees the predictions
        model = self.env["crm.value.model"].sudo()._latest(self.env.company)
        general = model._note_text()
        for partner in self:
            texts = [general] if partner.metrics_visible else []
            if texts and partner._bought_on_one_day():
                texts.append(
                    self.env._(
                        "A customer who bought on one day only counts as a customer for "
                        "certain: go by the expected purchases."
                    )
                )
            partner.prediction_note = "\n".join(texts)

    def _bought_on_one_day(self):
        # a gap between two days lasts a day at least
        return self.prediction_date and self.purchase_count and not self.interval_median
