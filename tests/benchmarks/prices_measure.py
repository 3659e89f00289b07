"""Generates sales at many prices, and measures learning from them. Run in a database."""

import json
import sys

from odoo.tools import SQL

from .segments_tables import clone, last_id, seconds, without_indexes

HISTORY = "crm_sales_history"
TABLES = ("res_partner", "product_template", "product_product")
CUSTOMERS, PRODUCTS, CATEGORIES, COUNTRIES = 20_000, 2_000, 20, 20


def generate(env, lines):
    """Fill the database of ``env`` and commit."""
    cr = env.cr
    cr.execute("SELECT setseed(0.42)")
    countries = env["res.country"].search([], limit=COUNTRIES).ids
    first_category = last_id(cr, "product_category")
    env["product.category"].create([{"name": f"Category {n}"} for n in range(CATEGORIES)])
    partner = env["res.partner"].create({"name": "Template", "is_company": True})
    product = env["product.product"].create({"name": "Template", "list_price": 10})
    source = env["crm.sales.source"].create({"name": "Generated"})
    line = env["crm.sales.history"].create(
        {"source_id": source.id, "company_id": env.company.id, "partner_id": partner.id,
         "date": "2026-01-01", "document": "T", "position": 1, "product_id": product.id,
         "quantity": 1, "currency_id": env.company.currency_id.id, "amount_untaxed": 10,
         "amount_company": 10}
    )  # fmt: skip
    env.flush_all()
    first = {name: last_id(cr, name) for name in TABLES}
    _clones(cr, partner, product, first, countries, first_category)
    with without_indexes(cr, HISTORY):
        clone(
            cr, HISTORY, line, f"generate_series(1, {lines})", id=f"{line.id} + g",
            partner_id=f"{first['res_partner']} + 1 + (g % {CUSTOMERS})",
            product_id=f"{first['product_product']} + 1 + floor({PRODUCTS} * random() ^ 2)",
            date="CURRENT_DATE - floor(random() * 700)::int",
            quantity="1 + floor(random() ^ 2 * 100)", document="'D' || g",
            amount_company="round((10 + random() * 200)::numeric, 2)",
        )  # fmt: skip
    cr.commit()
    division = env["crm.segmentation"].create(
        {"name": "Countries", "method": "field",
         "field_id": env.ref("base.field_res_partner__country_id").id, "enabled": True}
    )  # fmt: skip
    env["crm.segmentation"].search([("id", "!=", division.id)]).enabled = False
    env.company.write({"crm_segments_guard": 0, "crm_reporting_segmentation_id": division.id})
    division.run()
    cr.commit()


def _clones(cr, partner, product, first, countries, first_category):
    entity = f"{first['res_partner']} + g"
    clone(cr, "res_partner", partner, f"generate_series(1, {CUSTOMERS})", id=entity,
          commercial_partner_id=entity, name="'Customer ' || g",
          country_id=f"(ARRAY{countries})[1 + (g % {len(countries)})]")  # fmt: skip
    template = f"{first['product_template']} + g"
    clone(cr, "product_template", product.product_tmpl_id, f"generate_series(1, {PRODUCTS})",
          id=template, categ_id=f"{first_category} + 1 + (g % {CATEGORIES})")  # fmt: skip
    clone(cr, "product_product", product, f"generate_series(1, {PRODUCTS})",
          id=f"{first['product_product']} + g", product_tmpl_id=template)  # fmt: skip


def _bare(env, company, today):
    """One GROUP BY over the same lines."""
    guidance = env["crm.price.guidance"]
    return SQL(
        """
        SELECT COALESCE(s.segment_id, 0), COALESCE(t.categ_id, 0), x.product,
               width_bucket(x.quantity, %s::float8[]), COUNT(*),
               percentile_cont(%s::float8[]) WITHIN GROUP (ORDER BY x.price / x.quantity)
        FROM (%s) x
        JOIN product_product pp ON pp.id = x.product
        JOIN product_template t ON t.id = pp.product_tmpl_id
        LEFT JOIN (%s) s ON s.id = x.partner
        GROUP BY 1, 2, 3, 4
        """,
        list(guidance._bands()),
        [0.25, 0.5, 0.75],
        guidance._lines_sql(company, today),
        guidance._stays_sql(company),
    )


def main(env):
    """Print the seconds of each work, in turn with the bare statement."""
    guidance, company = env["crm.price.guidance"], env.company
    today = env["crm.segmentation"]._today()
    bare = _bare(env, company, today)
    found = {"floor": [], "first": [], "again": []}
    for name in ("first", "again"):
        found["floor"].append(seconds(lambda: env.execute_query(bare)))
        found[name].append(seconds(lambda: guidance._rebuild(company)))
        env.cr.commit()
    told = {name: min(one) for name, one in found.items()}
    told |= {"cells": guidance.search_count([])}
    sys.stdout.write(json.dumps(told) + "\n")
