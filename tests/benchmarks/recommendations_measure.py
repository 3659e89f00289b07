"""Generates sales of many products, and measures learning and reading. Run in a database."""

import io
import json
import random
import resource
import sys
import time
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np
from odoo.addons.crm_scenarios.lib import product_pairs
from scipy import sparse

from .segments_tables import clone, last_id, without_indexes

HISTORY = "crm_sales_history"
ASKED = 200  # customers whose lists are read
PAIRS = """
    COPY (
        SELECT DISTINCT p.commercial_partner_id, h.product_id
        FROM crm_sales_history h JOIN crm_sales_source s ON s.id = h.source_id
        JOIN res_partner p ON p.id = h.partner_id
        WHERE h.company_id = {company} AND h.product_id IS NOT NULL AND h.amount_company > 0
          AND (s.cutover_date IS NULL OR h.date < s.cutover_date)
    ) TO STDOUT
"""


def generate(env, customers, products, lines):
    """Fill the database of ``env`` and commit."""
    cr = env.cr
    cr.execute("SELECT setseed(0.42)")
    country = env["res.country"].search([], limit=20).ids
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
    first = {name: last_id(cr, name) for name in ("res_partner", "product_template")}
    first["product_product"] = last_id(cr, "product_product")
    _clones(cr, partner, product, first, customers, products, country)
    with without_indexes(cr, HISTORY):
        clone(
            cr, HISTORY, line, f"generate_series(1, {lines})",
            id=f"{line.id} + g",
            partner_id=f"{first['res_partner']} + 1 + (g % {customers})",
            product_id=f"{first['product_product']} + 1 + floor({products} * random() ^ 2.5)",
            date="DATE '2026-11-01' - floor(random() * 700)::int",
            quantity="1 + floor(random() * 10)", document="'D' || g",
        )  # fmt: skip
    cr.commit()
    division = env["crm.segmentation"].create(
        {"name": "Countries", "method": "field",
         "field_id": env.ref("base.field_res_partner__country_id").id}
    )  # fmt: skip
    env["crm.segmentation"].search([("id", "!=", division.id)]).enabled = False
    env["res.company"].search([]).crm_segments_guard = 0
    division.run()
    cr.commit()


def _clones(cr, partner, product, first, customers, products, countries):
    entity = f"{first['res_partner']} + g"
    clone(cr, "res_partner", partner, f"generate_series(1, {customers})", id=entity,
          commercial_partner_id=entity, name="'Customer ' || g",
          country_id=f"(ARRAY{countries})[1 + (g % {len(countries)})]")  # fmt: skip
    template = f"{first['product_template']} + g"
    clone(cr, "product_template", product.product_tmpl_id, f"generate_series(1, {products})",
          id=template)  # fmt: skip
    clone(cr, "product_product", product, f"generate_series(1, {products})",
          id=f"{first['product_product']} + g", product_tmpl_id=template)  # fmt: skip


def main(env):
    """Print seconds and bytes by work."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    Model = env["crm.recommendation.model"]
    found = {}
    for name in ("review", "night"):
        start = time.perf_counter()
        with _inverses() as used:
            Model._rebuild(env.company)
        found[name] = time.perf_counter() - start
        found[f"{name}_inverses"] = len(used)
        env.cr.commit()
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    found["memory_before"] = before * 1024
    found["floor"], found["inverse"] = _floor(env)
    found["p95"] = _on_demand(env)
    sys.stdout.write("\n" + json.dumps(found) + "\n")


@contextmanager
def _inverses():
    """A list that grows by one with every inverse; a mock would keep the matrices."""
    used, plain = [], product_pairs.ease

    def ease(*args):
        used.append(True)
        return plain(*args)

    with patch.object(product_pairs, "ease", ease):
        yield used


def _floor(env):
    """Seconds in which the pairs are read, multiplied and inverted, and those of the inverse."""
    start = time.perf_counter()
    stream = io.BytesIO()
    env.cr._obj.copy_expert(PAIRS.format(company=env.company.id), stream)
    pairs = np.fromstring(stream.getvalue().decode(), dtype=np.int64, sep=" ").reshape(-1, 2)
    customers, customer = np.unique(pairs[:, 0], return_inverse=True)
    items, item = np.unique(pairs[:, 1], return_inverse=True)
    bought = sparse.csr_matrix(
        (np.ones(len(pairs), np.float32), (customer, item)), (len(customers), len(items))
    )
    both = (bought.T @ bought).toarray()
    both[np.diag_indices(len(both))] += 1000
    begun = time.perf_counter()
    assert np.linalg.inv(both).shape == (len(items), len(items))
    end = time.perf_counter()
    return end - start, end - begun


def _on_demand(env):
    """Seconds within which 95 of 100 lists come, each with nothing remembered of the one before."""
    draw = random.Random(42)
    ids = env["crm.sales.history"].search([], limit=20000).partner_id.ids
    # as the web client asks: with the zone of its user
    service = env["crm.recommendation"].with_context(tz="Europe/Berlin", lang="en_US")
    times = []
    for partner_id in draw.sample(ids, ASKED + 5):
        env.invalidate_all()
        start = time.perf_counter()
        service.recommend(partner_id=partner_id)
        times.append(time.perf_counter() - start)
    return float(np.quantile(times[5:], 0.95))
