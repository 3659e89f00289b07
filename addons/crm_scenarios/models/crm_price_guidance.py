"""What customers of a segment pay against the reference price, as an advice by quantity."""

from odoo import api, fields, models

#: discounts are shares: 0.1 = 10 %
_SHARE = {"readonly": True, "aggregator": None, "digits": (16, 4)}


class CrmPriceGuidance(models.Model):
    """A cell: segment (or all) × category or product × band of quantity.

    Written by the rebuild only (``crm_price_rebuild.py``); formulas: ``lib/price_guidance.py``.
    """

    _name = "crm.price.guidance"
    _description = "Price Guidance"
    _order = "company_id, segment_id, categ_id, product_id, quantity_min"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    segment_id = fields.Many2one(
        "crm.segment", readonly=True, index=True, ondelete="cascade", help="Empty: all customers."
    )
    categ_id = fields.Many2one(
        "product.category", "Category", required=True, readonly=True, ondelete="cascade"
    )
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
            ("category", "And those of the category"),
            ("all", "And those of all customers"),
        ],
        "Rests On",
        readonly=True,
        help="With few lines the advice is pulled towards that of the wider cell.",
    )
    reference = fields.Float(
        "Reference Price", readonly=True, aggregator=None, digits="Product Price",
        help="Untaxed, per unit of the product, in the currency of the company.",
    )  # fmt: skip
    reference_kind = fields.Selection(
        [("kept", "List price of the day"), ("estimated", "Estimated")],
        readonly=True,
        help="Estimated: 90th percentile of the unit price in the lowest band of quantity, of "
        "lines whose list price nobody kept.",
    )
    price_target = fields.Float(
        "Net Price (Target)", compute="_compute_price_target", digits="Product Price"
    )
    date_from = fields.Date("First Line", readonly=True)
    date_to = fields.Date("Last Line", readonly=True)

    _cell_unique = models.UniqueIndex(
        "(company_id, COALESCE(segment_id, 0), categ_id, COALESCE(product_id, 0), quantity_min)"
    )

    @api.depends("reference", "discount_target")
    def _compute_price_target(self):
        for guidance in self:
            guidance.price_target = guidance.reference * (1 - guidance.discount_target)

    @api.depends("segment_id", "product_id", "categ_id", "quantity_min")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for guidance in self:
            what = guidance.product_id or guidance.categ_id
            whose = guidance.segment_id.name or self.env._("All customers")
            guidance.display_name = f"{whose}: {what.display_name}, {guidance.quantity_min:g}+"
