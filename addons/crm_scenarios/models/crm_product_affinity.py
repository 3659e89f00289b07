"""What is bought by the same customers: the strongest neighbours of each product."""

from odoo import fields, models


class CrmProductAffinity(models.Model):
    """A product, another that its buyers buy as well, and on how many customers that rests.

    ``n_both`` of ``n_product`` customers who bought the product bought the neighbour too.
    One row per pair and direction; learnt from all customers of a company, or from
    those of a segment (``crm.recommendation.model`` tells why).
    """

    _name = "crm.product.affinity"
    _inherit = "crm.learnt.mixin"
    _description = "Products Bought by the Same Customers"
    _order = "company_id, segment_id, product_id, rank, id"
    _rec_name = "product_id"
    _log_access = False

    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="cascade"
    )
    neighbour_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="cascade"
    )
    n_both = fields.Integer(
        "Bought Both", readonly=True, aggregator=None, help="Customers who bought both products."
    )
    n_product = fields.Integer("Bought the Product", readonly=True, aggregator=None)
    n_neighbour = fields.Integer("Bought the Neighbour", readonly=True, aggregator=None)
    n_customers = fields.Integer("Bought Anything", readonly=True, aggregator=None)
    lift = fields.Float(
        "Times As Often",
        readonly=True,
        aggregator=None,
        help="How many times as often customers with the product buy the neighbour as customers "
        "without it. 0: nobody else buys it.",
    )
    weight = fields.Float(readonly=True, aggregator=None, help="What the order rests on.")
    rank = fields.Integer(readonly=True, aggregator=None)

    _pair_unique = models.UniqueIndex(
        "(company_id, COALESCE(segment_id, 0), product_id, neighbour_id)"
    )
