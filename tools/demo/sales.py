"""Sale orders: confirmed ones from the sample, and the quotations that are still open."""

from datetime import timedelta

from odoo import Command, fields

from .quiet import backdate, generator, settle

BATCH = 100
QUOTATIONS = 24


def create_orders(env, sample, customers, products, contacts):
    """Create and confirm the orders in batches; return {number in the source: order}."""
    choice = generator("orders")
    orders = {}
    for start in range(0, len(sample.orders), BATCH):
        documents = sample.orders[start : start + BATCH]
        batch = env["sale.order"].create(
            [
                {
                    **_header(env, customers[document.customer], contacts, choice),
                    "date_order": document.date,
                    "client_order_ref": document.number,
                    "order_line": [_line(line, products) for line in document.lines],
                }
                for document in documents
            ]
        )
        batch.action_confirm()
        for document, order in zip(documents, batch, strict=True):
            # Confirmation has set the date of the order to now.
            order.date_order = document.date
            orders[document.number] = order
        backdate(batch, [document.date for document in documents])
        settle(env)
    return orders


def create_quotations(env, products, partners):
    """Draft and sent quotations of the last weeks."""
    choice = generator("quotations")
    goods = list(products.values())
    now = fields.Datetime.now().replace(microsecond=0)
    values = []
    for partner in choice.sample(partners, QUOTATIONS):
        lines = choice.sample(goods, choice.randint(1, 5))
        values.append(
            {
                **_header(env, partner, {}, choice),
                "date_order": now
                - timedelta(days=choice.randint(1, 30), hours=choice.randint(0, 8)),
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "product_uom_qty": choice.choice([6, 12, 24])}
                    )
                    for product in lines
                ],
            }
        )
    quotations = env["sale.order"].create(values)
    quotations[::2].action_quotation_sent()
    backdate(quotations, [quotation.date_order for quotation in quotations])
    return quotations


def _header(env, partner, contacts, choice):
    """Who orders, and whose order it is."""
    people = contacts.get(partner, env["res.partner"]).filtered(
        lambda contact: contact.type == "contact"
    )
    buyer = choice.choice(people) if people and choice.random() < 0.5 else partner
    return {"partner_id": buyer.id, "user_id": partner.user_id.id}


def _line(line, products):
    return Command.create(
        {
            "product_id": products[line.code].id,
            "product_uom_qty": line.quantity,
            "price_unit": line.price,
            "analytic_distribution": False,  # or the host looks for a rule for each line
        }
    )
