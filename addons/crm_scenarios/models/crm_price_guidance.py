"""What customers of a segment pay against the reference price, as an advice by quantity."""

from odoo import api, fields, models

#: discounts are shares: 0.1 = 10 %
_SHARE = {"readonly": True, "aggregator": None, "digits": (16, 4)}
#: who sees what all customers together pay; others see shares only
MONEY_GROUPS = (
    "sales_team.group_sale_salesman_all_leads,"
    "account.group_account_invoice,account.group_account_readonly"
)
_PRICE = {"compute": "_compute_prices", "digits": "Product Price", "groups": MONEY_GROUPS}


class CrmPriceGuidance(models.Model):
    """A cell: segment (or all) × category or product × band of quantity.

    Written by the rebuild only (``crm_price_rebuild.py``); formulas: ``lib/price_guidance.py``.
    """

    _name = "crm.price.guidance"
    _inherit = ["crm.price.chart"]
    _description = "Price Guidance"
    _order = "company_id, segment_id, categ_id, product_id, quantity_min"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    segment_id = fields.Many2one(
        "crm.segment", readonly=True, index=True, ondelete="cascade", help="Empty: all customers."
    )
    categ_id = fields.Many2one(
        "product.category", "Category", readonly=True, ondelete="cascade",
        help="Empty: products without a category.",
    )  # fmt: skip
    product_id = fields.Many2one(
        "product.product", readonly=True, index=True, ondelete="cascade",
        help="Empty: the whole category.",
    )  # fmt: skip
    quantity_min = fields.Float("From Quantity", readonly=True, aggregator=None)
    quantity_max = fields.Float(
        "Below Quantity", readonly=True, aggregator=None, help="0: no upper end."
    )
    discount_floor = fields.Float(
        "Floor",
        help="Three in four lines had no more discount: the lowest advisable price.",
        **_SHARE,
    )
    discount_target = fields.Float("Target", help="The middle of the lines.", **_SHARE)
    discount_stretch = fields.Float(
        "Stretch", help="One in four lines had no more discount: the best price.", **_SHARE
    )
    target_low = fields.Float("Target at Least", **_SHARE)
    target_high = fields.Float("Target at Most", **_SHARE)
    has_interval = fields.Boolean(
        readonly=True, help="So many lines that the middle is known within an interval of 95 %."
    )
    sample_count = fields.Integer("Lines", readonly=True, aggregator=None)
    shrunk_to = fields.Selection(
        [
            ("none", "Own lines"),
            ("category", "Own lines and those of the category"),
            ("all", "Own lines and those of all customers"),
        ],
        "Rests On",
        readonly=True,
        help="With few lines the advice is pulled towards that of the wider cell.",
    )
    reference = fields.Float(
        "Reference Price", readonly=True, aggregator=None, digits="Product Price",
        help="Untaxed, per unit of the product, in the currency of the company.",
        groups=MONEY_GROUPS,
    )  # fmt: skip
    reference_kind = fields.Selection(
        [("kept", "List price of the day"), ("estimated", "Estimated")],
        readonly=True,
        help="Estimated: 90th percentile of the unit price in the lowest band of quantity, of "
        "lines whose list price nobody kept.",
    )
    pocket_target = fields.Float(
        "Target after Rebates",
        help="The middle after credit notes without product and cash discounts that were taken, "
        "spread over the customer's lines of the period.",
        **_SHARE,
    )
    margin_target = fields.Float(
        "Margin", help="The middle of the lines whose cost is known.", **_SHARE, groups=MONEY_GROUPS
    )
    margin_count = fields.Integer(
        "Lines with Cost", readonly=True, aggregator=None, groups=MONEY_GROUPS
    )
    cost = fields.Float(
        "Present Cost", readonly=True, aggregator=None, digits="Product Price",
        help="Of the product in the company, else the last one kept on a line. 0: unknown.",
        groups=MONEY_GROUPS,
    )  # fmt: skip
    floor_kind = fields.Selection(
        [
            ("discount", "Usual discount"),
            ("cost", "Cost and minimum margin"),
            ("none", "n/a: no cost known"),
            ("product", "By product"),
        ],
        "Floor Rests On",
        readonly=True,
        help="Without a cost there is no lowest price. In a category each product has its own.",
    )
    price_stretch = fields.Float("Net Price (Stretch)", **_PRICE)
    price_target = fields.Float("Net Price (Target)", **_PRICE)
    price_floor = fields.Float("Lowest Price", **_PRICE)
    histogram = fields.Json(readonly=True, help="Lines by discount, see BINS of the rebuild.")
    date_from = fields.Date("First Line", readonly=True)
    date_to = fields.Date("Last Line", readonly=True)

    _cell_unique = models.UniqueIndex(
        "(company_id, COALESCE(segment_id, 0), COALESCE(categ_id, 0), COALESCE(product_id, 0),"
        " quantity_min)"
    )

    @api.depends("reference", "discount_stretch", "discount_target", "discount_floor")
    def _compute_prices(self):
        for guidance in self:
            for name in ("stretch", "target", "floor"):
                net = guidance.reference * (1 - guidance[f"discount_{name}"])
                guidance[f"price_{name}"] = net
            if guidance.floor_kind not in ("discount", "cost"):
                guidance.price_floor = 0

    @api.depends("segment_id", "product_id", "categ_id", "quantity_min")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for guidance in self:
            what = (guidance.product_id or guidance.categ_id).display_name
            what = what or self.env._("Products without category")
            whose = guidance.segment_id.name or self.env._("All customers")
            guidance.display_name = f"{whose}: {what}, {guidance.quantity_min:g}+"
