"""How a product is bought: by how many, how often, how much at a time."""

from odoo import fields, models


class CrmProductUsage(models.Model):
    """Figures of one product among all customers of a company, or among those of a segment.

    The columns are those of ``lib/product_rows.py: ItemRow``, where each is explained.
    """

    _name = "crm.product.usage"
    _inherit = "crm.learnt.mixin"
    _description = "How a Product Is Bought"
    _order = "company_id, segment_id, customers DESC, id"
    _rec_name = "product_id"
    _log_access = False

    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="cascade"
    )
    customers = fields.Integer(readonly=True, help="Customers who bought it.")
    repeaters = fields.Integer(readonly=True, help="Of them, those who bought it on several days.")
    baskets = fields.Integer(readonly=True, help="Days on which a customer bought it.")
    recent = fields.Integer(readonly=True, aggregator=None)
    repeat = fields.Float(
        "Bought Again", readonly=True, aggregator=None,
        help="Chance that a customer who has bought it takes it in the next purchase.",
    )  # fmt: skip
    interval = fields.Float(
        "Usual Interval (Days)", readonly=True, aggregator=None,
        help="Usual days until a customer buys it again. 0: not known.",
    )  # fmt: skip
    soonest = fields.Float(
        "Seldom Before (Days)", readonly=True, aggregator=None,
        help="Within so many days it is seldom bought again. 0: not known.",
    )  # fmt: skip
    intervals = fields.Integer(readonly=True, aggregator=None)
    popularity = fields.Float(readonly=True, aggregator=None)
    quantity = fields.Float("Usual Quantity", readonly=True, aggregator=None)

    _place_unique = models.UniqueIndex("(company_id, COALESCE(segment_id, 0), product_id)")
