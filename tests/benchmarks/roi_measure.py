"""Generates touchpoints, orders and invoices, and measures credit. Run in a database."""

import csv
import json
import sys

from .segments_tables import clone, last_id, seconds, without_indexes

CAMPAIGNS, MEDIA = 24, 5
DAYS = 365
WINDOW = """
    SELECT o.id AS order_id, p.commercial_partner_id AS partner_id, o.company_id, o.date_order,
           t.id AS touchpoint_id, t.campaign_id, t.medium_id, t.source_id,
           ROW_NUMBER() OVER w AS position, COUNT(*) OVER (PARTITION BY o.id) AS touches,
           LEAD(t.date) OVER w AS following
    FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
    LEFT JOIN crm_touchpoint t ON t.partner_id = p.commercial_partner_id
         AND t.date <= o.date_order AND t.date >= o.date_order - INTERVAL '90 days'
    WHERE o.state = 'sale'
    WINDOW w AS (PARTITION BY o.id ORDER BY t.date, t.id)
"""


def generate(env, customers, touches, orders, lines):
    """Fill the database of ``env`` and commit."""
    cr = env.cr
    cr.execute("SELECT setseed(0.42)")
    campaigns = env["utm.campaign"].create([{"title": f"Campaign {i}"} for i in range(CAMPAIGNS)])
    media = env["utm.medium"].create([{"name": f"Medium {i}"} for i in range(MEDIA)])
    partner = env["res.partner"].create({"name": "Template", "is_company": True})
    product = env["product.product"].create({"name": "Template", "list_price": 10})
    order = env["sale.order"].create(
        {"partner_id": partner.id, "order_line": [(0, 0, {"product_id": product.id})]}
    )
    order.action_confirm()
    move = order._create_invoices()
    move.action_post()
    touch = env["crm.touchpoint"].create(
        {"partner_id": partner.id, "date": "2026-01-01", "campaign_id": campaigns[0].id,
         "kind_id": env.ref("crm_campaign_roi.touchpoint_kind_fair").id}
    )  # fmt: skip
    env.flush_all()
    _customers(cr, partner, customers)
    _touches(cr, touch, touches, customers, partner.id, campaigns.ids, media.ids)
    _orders(cr, order, orders, customers, partner.id)
    _invoices(cr, move, order, orders, lines)
    env["crm.campaign.credit"].search([]).unlink()
    cr.commit()


def _customers(cr, partner, count):
    clone(cr, "res_partner", partner, f"generate_series(1, {count})", id=f"{partner.id} + g",
          commercial_partner_id=f"{partner.id} + g", name="'Customer ' || g")  # fmt: skip


def _touches(cr, touch, count, customers, first, campaigns, media):
    with without_indexes(cr, "crm_touchpoint"):
        clone(
            cr, "crm_touchpoint", touch, f"generate_series(1, {count})",
            id=f"{touch.id} + g", partner_id=f"{first} + 1 + floor({customers} * random())",
            date=f"TIMESTAMP '2026-11-01' - {DAYS} * random() * INTERVAL '1 day'",
            campaign_id=f"(ARRAY{campaigns})[1 + floor({len(campaigns) + 3} * random())]",
            medium_id=f"(ARRAY{media})[1 + floor({len(media)} * random())]",
        )  # fmt: skip


def _orders(cr, order, count, customers, first):
    with without_indexes(cr, "sale_order", "sale_order_line"):
        clone(
            cr, "sale_order", order, f"generate_series(1, {count})",
            id=f"{order.id} + g", name="'B' || g",
            partner_id=f"{first} + 1 + floor({customers} * random())",
            date_order=f"TIMESTAMP '2026-11-01' - {DAYS} * random() * INTERVAL '1 day'",
            amount_untaxed="10 + floor(100000 * random()) / 100",
        )  # fmt: skip
        line = order.order_line
        clone(cr, "sale_order_line", line, f"generate_series(1, {count})",
              id=f"{line.id} + g", order_id=f"{order.id} + g")  # fmt: skip


def _invoices(cr, move, order, orders, lines):
    first, line = last_id(cr, "account_move"), move.invoice_line_ids
    with without_indexes(cr, "account_move", "account_move_line", "sale_order_line_invoice_rel"):
        clone(cr, "account_move", move, f"generate_series(1, {orders})", id=f"{first} + g",
              name="'BINV' || g", sequence_number="g")  # fmt: skip
        last = last_id(cr, "account_move_line")
        clone(cr, "account_move_line", line, f"generate_series(1, {lines})", id=f"{last} + g",
              move_id=f"{first} + 1 + mod(g, {orders})")  # fmt: skip
        cr.execute(
            f"""
            INSERT INTO sale_order_line_invoice_rel (invoice_line_id, order_line_id)
            SELECT {last} + g, {order.order_line.id} + 1 + mod(g, {orders})
            FROM generate_series(1, {lines}) g
            """
        )


def main(env, paths):
    """Print seconds by work, and write the paths to a file."""
    cr, company = env.cr, env.company
    credit, markov = env["crm.campaign.credit"], env["crm.campaign.markov"]
    found = {"window": 0, "insert": 0}
    _floor(cr, found)
    cr.rollback()
    for name in ("first", "again"):
        found[name] = seconds(lambda: credit._refresh_company(company))
        cr.commit()
        found["markov"] = seconds(lambda: markov._rebuild_company(company))
        found[name] += found["markov"]
        cr.commit()
    cr.execute("SELECT COUNT(*), COUNT(touchpoint_id), SUM(weight_w) FROM crm_campaign_credit")
    found["rows"], found["pairs"], found["orders"] = cr.fetchone()
    _beside(cr, found, paths)
    sys.stdout.write("\n" + json.dumps(found) + "\n")


def _beside(cr, found, path):
    """Removal effects of the paths alone, and a file of them for whoever does the same."""
    from odoo.addons.crm_campaign_roi.lib.markov import Path, attribute

    cr.execute(
        """
        SELECT path, COUNT(*) FROM (
            SELECT array_agg(COALESCE('c' || campaign_id, 'direct') ORDER BY position) AS path
            FROM crm_campaign_credit WHERE touchpoint_id IS NOT NULL GROUP BY order_id
        ) p GROUP BY path
        """
    )
    rows = cr.fetchall()
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows(
            [("path", "conversions"), *((" > ".join(one), count) for one, count in rows)]
        )
    paths = [Path(tuple(one), count) for one, count in rows]
    found["on_paths"] = seconds(lambda: found.update(credits=attribute(paths).credits))
    total = sum(value for value, _money in found["credits"].values())
    found["shares"] = {name: value / total for name, (value, _m) in found.pop("credits").items()}


def _floor(cr, found):
    """The window query, and its pairs put into a table with the same keys."""
    count = f"SELECT SUM(position + touches + EXTRACT(day FROM following)) FROM ({WINDOW}) x"
    found["window"] = seconds(lambda: cr.execute(count))
    cr.execute(f"CREATE TEMP TABLE pairs AS {WINDOW}")
    cr.execute("CREATE TABLE floor_credit (LIKE crm_campaign_credit INCLUDING ALL)")
    cr.execute(
        """
        SELECT 'ALTER TABLE floor_credit ADD ' || pg_get_constraintdef(oid) FROM pg_constraint
        WHERE conrelid = 'crm_campaign_credit'::regclass AND contype = 'f'
        """
    )
    for (statement,) in cr.fetchall():
        cr.execute(statement)
    cr.execute("SELECT column_name FROM information_schema.columns"
               " WHERE table_name = 'crm_campaign_credit' AND column_name LIKE 'weight_%'")
    weights = [name for (name,) in cr.fetchall()]
    columns = (
        "company_id, partner_id, order_id, touchpoint_id, campaign_id, medium_id, source_id, date,"
        " position, touches, " + ", ".join(weights)
    )
    found["insert"] = seconds(
        lambda: cr.execute(
            f"INSERT INTO floor_credit ({columns}) SELECT company_id, partner_id, order_id,"
            " touchpoint_id, campaign_id, medium_id, source_id, date_order, position, touches"
            + ", 1.0" * len(weights) + " FROM pairs"
        )
    )  # fmt: skip


#: what the report by campaign and month can't do without: credit, orders, invoice lines by order
JOIN = """
    SELECT c.campaign_id, date_trunc('month', d.day), SUM(d.ordered * c.weight_last),
           SUM(d.invoiced * c.weight_last), SUM(d.paid * c.weight_last)
    FROM (
        SELECT o.id AS order_id, o.date_order AS day, o.amount_untaxed AS ordered,
               NULL::numeric AS invoiced, NULL::numeric AS paid
        FROM sale_order o WHERE o.state = 'sale'
        UNION ALL
        SELECT s.order_id, m.invoice_date, NULL, SUM(-l.balance),
               SUM(-l.balance * (1 - m.amount_residual / NULLIF(m.amount_total, 0)))
        FROM account_move m
        JOIN account_move_line l ON l.move_id = m.id AND l.display_type = 'product'
        JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
        JOIN sale_order_line s ON s.id = r.order_line_id
        WHERE m.state = 'posted' AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
        GROUP BY 1, 2, m.id
    ) d JOIN crm_campaign_credit c ON c.order_id = d.order_id
    GROUP BY 1, 2
"""


def report(env):
    """Print seconds of the report by campaign and month, and of the bare join, in turn."""
    model = env["crm.campaign.roi.report"]
    sums = [f"{name}:sum" for name in ("cost", "orders", "ordered", "invoiced", "paid", "margin")]
    groups = ["campaign_id", "month:month"]
    found = {"report": [], "join": [], "kept": []}
    for _turn in range(3):
        found["join"].append(seconds(lambda: env.cr.execute(JOIN)))
        found["report"].append(
            seconds(lambda: model._read_group([], groups, [*sums, "roi:avg"]))
        )
    env.company.crm_roi_keep_results = True
    adding = seconds(env["crm.campaign.roi.stored"]._rebuild)
    for _turn in range(3):
        found["kept"].append(seconds(lambda: model._read_group([], groups, [*sums, "roi:avg"])))
    found["adding"] = [adding]
    sys.stdout.write("\n" + json.dumps({name: min(all_) for name, all_ in found.items()}) + "\n")
