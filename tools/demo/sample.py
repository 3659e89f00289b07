#!/usr/bin/env python3
"""Cut the sample of the demonstration database out of the full Online Retail file.

Run once by a maintainer; its output is kept in the repository:

    python3 tools/demo/sample.py PATH/TO/online_retail_2010_2011.csv.gz

The same input gives the same bytes: nothing here depends on chance or on the clock.
"""

import argparse
import csv
import gzip
import io
import re
from collections import defaultdict
from pathlib import Path

from sampling import choose

TARGET = Path(__file__).resolve().parent / "data" / "online_retail_sample.csv.gz"
COLUMNS = [
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
]
LARGEST_QUANTITY = 3000  # two orders of some 75,000 pieces would dwarf everything else
NO_COUNTRY = {"Unspecified", "European Community", "Channel Islands"}


def is_product(row):
    """Goods have a code of five digits; POST, M, BANK CHARGES and the like are no products."""
    return (
        re.fullmatch(r"\d{5}[A-Za-z]{0,2}", row["StockCode"])
        and row["Description"]
        and float(row["UnitPrice"]) > 0
        and 0 < abs(int(row["Quantity"])) <= LARGEST_QUANTITY
    )


def read(path):
    """Return the lines of goods with a customer and a country: (orders, credit notes).

    Both map a customer to {document number: rows}.
    """
    orders, credits = defaultdict(dict), defaultdict(dict)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if not row["CustomerID"] or row["Country"] in NO_COUNTRY or not is_product(row):
                continue
            kind = credits if row["InvoiceNo"].startswith("C") else orders
            kind[row["CustomerID"]].setdefault(row["InvoiceNo"], []).append(row)
    return orders, credits


def write(rows):
    """Write the sample; the time stamp in the gzip header is 0 so that the bytes are the same."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", help="the full file, gzipped CSV")
    rows = choose(*read(parser.parse_args().source))
    write(rows)
    documents = {row["InvoiceNo"] for row in rows}
    refunds = sum(number.startswith("C") for number in documents)
    print(
        f"{TARGET.name}: {len(rows)} lines, {len(documents) - refunds} orders, "
        f"{refunds} credit notes, {len({row['CustomerID'] for row in rows})} customers, "
        f"{len({row['StockCode'] for row in rows})} products, {TARGET.stat().st_size:,} bytes"
    )


if __name__ == "__main__":
    main()
