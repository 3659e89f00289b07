"""Quotations that were lost, and one with every light: something for prices to be learnt from.

Lost quotations gave hardly any discount, because they are drawn so, and only in one category;
elsewhere there are too few of them, and the win curve says so. Won are the orders of the sample.
"""

from datetime import timedelta

from odoo import Command, fields

from .quiet import backdate, generator

LOST = 70
CATEGORY = "Kitchen & Baking"


def create_lost_quotations(env, products, partners):
    """Quotations of the past year that were cancelled, or expired."""
    choice = generator("lost quotations")
    goods = [one for one in products.values() if one.categ_id.name == CATEGORY]
    now = fields.Datetime.now().replace(microsecond=0)
    drawn = [
        (choice.choice((0, 0, 0, 0, 0, 0, 0, 5)), choice.randint(45, 340)) for _n in range(LOST)
    ]
    quotations = env["sale.order"].create(
        [_values(choice, one, choice.choice(partners), goods, now) for one in drawn]
    )
    quotations[::2]._action_cancel()  # the others expired
    backdate(quotations, [now - timedelta(days=age) for _discount, age in drawn])
    return quotations


def _values(choice, drawn, partner, goods, now):
    discount, age = drawn
    return {
        "partner_id": partner.id,
        "user_id": partner.user_id.id,
        "date_order": now - timedelta(days=age),
        "validity_date": (now - timedelta(days=age - 30)).date(),
        "order_line": [
            Command.create(
                {
                    "product_id": product.id, "product_uom_qty": choice.choice([2, 6, 12]),
                    "discount": discount, "analytic_distribution": False,
                }
            )
            for product in choice.sample(goods, 2)
        ],
    }  # fmt: skip


def learn_prices(env, products, orders):
    """Learn the prices, and make a quotation that shows every light."""
    if "crm.price.guidance" not in env:
        return
    env["crm.price.guidance"]._rebuild(env.company)
    best = max(orders, key=lambda order: (order.partner_id.sale_order_count, order.id)).partner_id
    cells = env["crm.price.guidance"].search(
        [("product_id", "!=", False), ("segment_id", "in", best.segment_ids.ids)]
    )
    # where most discount is usual, if any is
    cells = cells.sorted(lambda one: (-one.discount_floor, one.id))[:4]
    env["sale.order"].create(
        {
            "partner_id": best.id, "user_id": best.user_id.id, "client_order_ref": "Prices",
            "order_line": [Command.create(one) for one in _lights(cells)],
        }
    )  # fmt: skip


def _lights(cells):
    """Values of lines: as good as the best, between target and floor, beyond it, far beyond."""
    for place, cell in enumerate(cells):
        between = (cell.discount_target + cell.discount_floor) / 2
        given = (max(0, cell.discount_stretch), between, cell.discount_floor + 0.05, 0.45)[place]
        yield {
            "product_id": cell.product_id.id,
            "product_uom_qty": max(4, cell.quantity_min),
            "price_unit": cell.reference,
            "discount": round(100 * given, 1),
        }
