"""The check on the months kept out: what it keeps."""

from odoo import fields, models

from .crm_value_model import TOTALS


class CrmValueModel(models.Model):
    _inherit = "crm.value.model"  # pylint: disable=consider-merging-classes-inherited

    check_date = fields.Date(
        "Checked From", readonly=True, help="The check knew purchases up to this day only."
    )
    check_weeks = fields.Float("Weeks Kept Out", readonly=True, aggregator=None)
    check_customers = fields.Integer("Customers of the Check", **TOTALS)
    check_actual = fields.Float(
        "Actual Purchases", help="Of all customers in the weeks kept out.", **TOTALS
    )
    check_expected = fields.Float(
        "Expected Purchases", help="Of all customers in the weeks kept out.", **TOTALS
    )
    check_naive = fields.Float(
        "Purchases by the Own Rate",
        help="Of all customers in the weeks kept out, had each bought on as before.",
        **TOTALS,
    )
    check_surplus_low = fields.Float("Expected Too Many, from", **TOTALS)
    check_surplus_high = fields.Float("Expected Too Many, to", **TOTALS)
    check_mae = fields.Float("Mean Error", digits=(16, 3), **TOTALS)
    check_mae_naive = fields.Float("Mean Error of the Own Rate", digits=(16, 3), **TOTALS)
    check_rmse = fields.Float("Root Mean Squared Error", digits=(16, 3), **TOTALS)
    check_rmse_naive = fields.Float(
        "Root Mean Squared Error of the Own Rate", digits=(16, 3), **TOTALS
    )
    check_gain = fields.Float(
        "Error Saved",
        readonly=True,
        aggregator=None,
        help="How much smaller the weighted squared error is than that of the own rate.",
    )
    check_gain_low = fields.Float("Error Saved, from", readonly=True, aggregator=None)
    check_gain_high = fields.Float("Error Saved, to", readonly=True, aggregator=None)
    check_groups = fields.Json(readonly=True, groups=TOTALS["groups"])

    revenue_actual = fields.Monetary("Actual Revenue", **TOTALS)
    revenue_expected = fields.Monetary("Expected Revenue", **TOTALS)
    revenue_naive = fields.Monetary("Revenue by the Own Rate", **TOTALS)
    revenue_gain = fields.Float("Error of Money Saved", readonly=True, aggregator=None)
    revenue_gain_low = fields.Float("Error of Money Saved, from", readonly=True, aggregator=None)
    revenue_gain_high = fields.Float("Error of Money Saved, to", readonly=True, aggregator=None)

    def _check_values(self, check, money):
        """Values of a row from the two checks.

        :param check: ``calibration.Check`` of the purchases
        :param money: ``calibration.Check`` of the money, in units of ``unit`` as below
        """
        names = (
            "customers", "actual", "expected", "naive", "surplus_low", "surplus_high",
            "mae", "mae_naive", "rmse", "rmse_naive", "gain", "gain_low", "gain_high",
        )  # fmt: skip
        values = {f"check_{name}": getattr(check, name) for name in names}
        gains = ("gain", "gain_low", "gain_high")
        return values | {f"revenue_{name}": getattr(money, name) for name in gains}
