"""Read the sample and move its dates so that it ends yesterday."""

import csv
import gzip
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

SAMPLE = Path(__file__).resolve().parent / "data" / "online_retail_sample.csv.gz"


@dataclass
class Line:
    """A line of a document; credit notes have positive quantities too."""

    code: str
    quantity: int
    price: float


@dataclass
class Document:
    """An order or a credit note of the source."""

    number: str
    customer: str
    date: datetime
    lines: list[Line] = field(default_factory=list)


@dataclass
class Sample:
    """What the demonstration database is made of."""

    customers: dict[str, str]  # number -> country as the source writes it
    products: dict[str, tuple[str, float]]  # stock code -> (name, list price)
    orders: list[Document]
    refunds: list[tuple[Document, Document]]  # (credit note, order that it refers to)


def read_sample(today: date, path: Path = SAMPLE) -> Sample:
    """Read the sample, shifted by whole days so that its last order is of yesterday."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    last = max(row["InvoiceDate"] for row in rows if not row["InvoiceNo"].startswith("C"))
    shift = today - timedelta(days=1) - datetime.fromisoformat(last).date()
    documents = _documents(rows, timedelta(days=shift.days))
    orders = [doc for doc in documents if not doc.number.startswith("C")]
    credits = [doc for doc in documents if doc.number.startswith("C")]
    return Sample(
        customers={row["CustomerID"]: row["Country"] for row in rows},
        products=_products(rows),
        orders=orders,
        refunds=_match_refunds(credits, orders),
    )


def _documents(rows, shift):
    documents = {}
    for row in rows:
        number = row["InvoiceNo"]
        if number not in documents:
            when = datetime.fromisoformat(row["InvoiceDate"]) + shift
            documents[number] = Document(number, row["CustomerID"], when)
        line = Line(row["StockCode"], abs(int(row["Quantity"])), float(row["UnitPrice"]))
        documents[number].lines.append(line)
    return list(documents.values())


def _products(rows):
    """Map a stock code to its usual name and price; the source varies both."""
    names, prices = defaultdict(Counter), defaultdict(Counter)
    for row in rows:
        names[row["StockCode"]][" ".join(row["Description"].split())] += 1
        prices[row["StockCode"]][float(row["UnitPrice"])] += 1
    return {
        code: (names[code].most_common(1)[0][0].capitalize(), prices[code].most_common(1)[0][0])
        for code in sorted(names)
    }


def _match_refunds(credits, orders):
    """Give each credit note the latest earlier order that has most of its products.

    The source doesn't say what a credit note refers to. An order is credited once: a second credit
    note on it could exceed what was sold.
    """
    matched, taken = [], set()
    for credit in credits:
        codes = {line.code for line in credit.lines}
        candidates = [
            order
            for order in orders
            if order.customer == credit.customer
            and order.date < credit.date
            and order.number not in taken
        ]
        best = max(
            candidates,
            key=lambda order: (len(codes & {line.code for line in order.lines}), order.date),
            default=None,
        )
        if best and codes & {line.code for line in best.lines}:
            taken.add(best.number)
            matched.append((credit, best))
    return matched
