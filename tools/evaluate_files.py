"""Files of sales history for evaluations, read by the product's own readers.

What is kept is what the product learns from: sales of goods to known customers. Left out, and
counted: rows that the import would reject, credit notes, quantities or amounts that are not
above zero, charges such as postage, exact repetitions of a line of the same document.

Runs in the host's interpreter (``tools/evaluate_runner.py``).
"""

import argparse
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from odoo.addons.crm_segments.lib import history_charges, history_file, tabular

from .console import Failure
from .load import mapping

#: Where so many of the lines have a code with a digit, a code without one sells no goods.
CODED = 0.95


@dataclass(frozen=True)
class Sales:
    """Lines in the order of the file, as columns of equal length.

    :ivar customer: str keys
    :ivar item: str keys: the code, where there is none the name
    :ivar day: int, ``datetime.date.toordinal()``
    :ivar quantity: float, 1 where the file tells none
    :ivar amount: float, untaxed, in the currency of the line
    :ivar document: str numbers
    :ivar country: str, '' where the file tells none
    :ivar dict left_out: reason → number of lines
    """

    customer: np.ndarray
    item: np.ndarray
    day: np.ndarray
    quantity: np.ndarray
    amount: np.ndarray
    document: np.ndarray
    country: np.ndarray
    left_out: dict


def parser(kind, description):
    """Return a parser with what evaluations of a sales file have in common."""
    made = argparse.ArgumentParser(prog=f"./dev evaluate {kind}", description=description)
    made.add_argument("file", type=Path, help="sales history: CSV or XLSX, gzipped or not")
    made.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="ROLE=COLUMN",
        help="what a column holds, as for ./dev load",
    )
    made.add_argument(
        "--item-pattern",
        metavar="REGEX",
        help="codes of goods begin so, such as '[0-9]{5}' (default: any code that is no charge; "
        "where nearly all codes have a digit, those with a digit)",
    )
    made.add_argument("--json", action="store_true", help="print JSON, a line each")
    return made


def read(options, until=None):
    """Read the file that the options name.

    :param options: ``file``, ``map``, ``item_pattern`` as :func:`parser` reads them
    :param date until: what codes of goods look like is told by the lines until this day
    :return: Sales
    :raise Failure: no such file, or it can't be read; in words for whoever typed the command
    """
    if not options.file.is_file():
        raise Failure(f"There is no file {options.file}")
    try:
        file = history_file.HistoryFile(str(options.file), mapping(options.map))
        return _sales(file, options.item_pattern, until)
    except tabular.TabularError as error:
        told = ", ".join(f"{name} {value}" for name, value in error.params.items())
        raise Failure(f"{options.file}: {error.code.replace('_', ' ')}; {told}") from None


def _sales(file, pattern, until):
    left_out, seen, rows = Counter(), set(), []
    for line in file.lines():
        reason = _unfit(line)
        # the row and its place in the document are what an exact repetition differs in
        if not reason and (same := line._replace(row=0, position=0)) in seen:
            reason = "repeated"
        if reason:
            left_out[reason] += 1
            continue
        seen.add(same)
        quantity = 1.0 if line.quantity is None else float(line.quantity)
        item = line.product_ref or line.product_name
        day = line.date.toordinal()
        rows.append(
            (line.customer, item, day, quantity, float(line.amount), line.document, line.country)
        )
    if not rows:
        raise Failure("No sales of goods to known customers in this file")
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    known = columns[2] <= (until.toordinal() if until else columns[2].max())
    goods = _goods(columns[1], pattern, known)
    left_out["other codes"] += int((~goods).sum())
    return Sales(*(column[goods] for column in columns), dict(left_out))


def _unfit(line):
    """:return: why a line is no sale of goods, None if it is one"""
    if hasattr(line, "reason"):
        return line.reason
    if line.is_refund:
        return "credit note"
    if line.amount <= 0 or (line.quantity is not None and line.quantity <= 0):
        return "not above zero"
    if not (line.product_ref or line.product_name):
        return "no product"
    if history_charges.is_charge(line.product_ref, line.product_name):
        return "charge"
    return None


def _goods(item, pattern, known):
    """:return: bool array: whose code is one of goods, as far as the ``known`` lines tell"""
    codes, at = np.unique(item, return_inverse=True)
    count = np.bincount(at[known], minlength=len(codes))
    if pattern:
        fits = np.array([bool(re.match(pattern, code)) for code in codes])
    else:
        fits = np.array([any(char.isdigit() for char in code) for code in codes])
        if count[fits].sum() < CODED * count.sum():
            fits[:] = True
    return fits[at]
