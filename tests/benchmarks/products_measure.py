"""Measure learning in a process of its own: ``products_measure.py time|memory [SHARE]``."""

import json
import resource
import sys
import time
from statistics import median

import numpy as np
import odoo.addons
from scipy import sparse

from tools import paths

odoo.addons.__path__.append(str(paths.ADDONS))
from odoo.addons.crm_scenarios.lib.product_baskets import Baskets  # noqa: E402
from odoo.addons.crm_scenarios.lib.product_learning import learn  # noqa: E402

CUSTOMERS, PRODUCTS, LINES, DAYS, TODAY = 200_000, 3_000, 4_000_000, 730, 738_000
PER_BASKET = 5
ROUNDS = 3


def lines(share=1.0):
    """Baskets of five lines; few customers and products have most of them (Zipf).

    :return: customer, product, day, quantity
    """
    draw = np.random.default_rng(1)
    customers, count = int(CUSTOMERS * share), int(LINES * share)
    rank = draw.random(count // PER_BASKET)
    customer = np.repeat((customers * rank**1.5).astype(np.int64), PER_BASKET)
    day = np.repeat(TODAY - draw.integers(0, DAYS, count // PER_BASKET), PER_BASKET)
    taste = customer % 10  # who is alike buys from the same tenth more often
    product = (PRODUCTS * draw.random(len(customer)) ** 2).astype(np.int64)
    near = draw.random(len(customer)) < 0.5
    product[near] = (product[near] // 10 * 10 + taste[near]) % PRODUCTS
    return customer, product, day, np.ones(len(customer))


def floor(customer, product):
    """The distinct pairs, their Gram matrix, its inverse."""
    pairs = np.unique(customer * PRODUCTS + product)
    customer, product = pairs // PRODUCTS, pairs % PRODUCTS
    matrix = sparse.csr_matrix((np.ones(len(pairs), np.float32), (customer, product)))
    together = (matrix.T @ matrix).toarray().astype(float)
    together[np.diag_indices(len(together))] += 1000.0
    return np.linalg.inv(together)


def ours(customer, product, day, quantity):
    """Learn, to the rows that are stored."""
    learned = learn(Baskets.from_lines(customer, product, day, quantity), TODAY)
    return learned.item_rows(), learned.neighbour_rows()


def timed(function, *arguments):
    """:return: seconds"""
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


def main(what, share="1"):
    """Print a line of JSON."""
    columns = lines(float(share))
    if what == "memory":
        ours(*columns)
        answer = {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}
    else:
        rounds = [(timed(ours, *columns), timed(floor, *columns[:2])) for _i in range(ROUNDS)]
        mine, bare = zip(*rounds, strict=True)
        answer = {"ours": median(mine), "floor": median(bare)}
    sys.stdout.write(json.dumps(answer) + "\n")


main(*sys.argv[1:])
