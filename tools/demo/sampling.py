"""How the sample is chosen: the long tail of the source kept."""

from collections import Counter, defaultdict

# (fewest orders, most orders, customers): 250 customers and some 800 orders, with the
# long tail of the source: most buy once or twice, a few come back every fortnight.
STRATA = [
    (1, 1, 95),
    (2, 2, 55),
    (3, 3, 32),
    (4, 4, 22),
    (5, 6, 20),
    (7, 9, 13),
    (10, 14, 7),
    (15, 19, 3),
    (20, 30, 3),
]
ABROAD = 0.3  # share of customers outside the United Kingdom (a tenth in the source)
LINES_PER_ORDER = 5
CATALOGUE = 600  # products that are preferred, so that a product is bought by several customers
REFUNDS = 40


def value(row):
    """Amount of a line."""
    return int(row["Quantity"]) * float(row["UnitPrice"])


def evenly(items, count):
    """Take `count` of the items at equal steps: keeps the spread of whatever they are sorted by."""
    count = min(count, len(items))
    return [items[int((index + 0.5) * len(items) / count)] for index in range(count)]


def choose_customers(orders):
    """Fill each stratum with customers from home and abroad, early and late ones alike."""
    last_date = {
        customer: max(row["InvoiceDate"] for rows in documents.values() for row in rows)
        for customer, documents in orders.items()
    }
    home, abroad = [], []
    for customer, documents in orders.items():
        country = next(iter(documents.values()))[0]["Country"]
        (home if country == "United Kingdom" else abroad).append(customer)
    chosen = []
    for low, high, count in STRATA:
        candidates = [
            sorted(
                (c for c in group if low <= len(orders[c]) <= high), key=lambda c: (last_date[c], c)
            )
            for group in (abroad, home)
        ]
        picked = evenly(candidates[0], round(count * ABROAD))
        chosen += picked + evenly(candidates[1], count - len(picked))
    return sorted(chosen)


def merge(rows):
    """One row per product and price: the source repeats a product within a document."""
    merged = {}
    for row in rows:
        key = row["StockCode"], row["UnitPrice"]
        if key in merged:
            merged[key]["Quantity"] = str(int(merged[key]["Quantity"]) + int(row["Quantity"]))
        else:
            merged[key] = dict(row)
    return list(merged.values())


def choose_lines(documents, catalogue, credited):
    """At most five lines: those credited later first, then familiar products of high value."""
    for rows in documents.values():
        ranked = sorted(
            merge(rows),
            key=lambda row: (
                row["StockCode"] not in credited,
                row["StockCode"] not in catalogue,
                -value(row),
                row["StockCode"],
            ),
        )
        yield sorted(ranked[:LINES_PER_ORDER], key=lambda row: row["StockCode"])


def choose_credits(chosen, orders, credits):
    """Pick credit notes whose goods the customer bought before; they refer to that purchase."""
    usable = []
    for customer in chosen:
        first_bought = {}
        for rows in orders[customer].values():
            for row in rows:
                first_bought.setdefault(row["StockCode"], row["InvoiceDate"])
        for number, rows in credits.get(customer, {}).items():
            known = [
                r for r in merge(rows) if first_bought.get(r["StockCode"], "9") < r["InvoiceDate"]
            ]
            if known:
                usable.append((customer, number, known[:LINES_PER_ORDER]))
    # A customer's most valuable credit notes, two at most: the rest would be one customer's habit.
    usable.sort(key=lambda item: (item[0], sum(value(row) for row in item[2]), item[1]))
    seen = Counter()
    kept = []
    for item in usable:
        seen[item[0]] += 1
        if seen[item[0]] <= 2:
            kept.append(item)
    return evenly(kept, REFUNDS)


def choose(orders, credits):
    """Return the rows of the sample, in the order of their dates."""
    popularity = Counter(
        code
        for docs in orders.values()
        for rows in docs.values()
        for code in {r["StockCode"] for r in rows}
    )
    ranked = sorted(popularity, key=lambda code: (-popularity[code], code))
    catalogue = set(ranked[:CATALOGUE])
    chosen = choose_customers(orders)
    result = []
    credited = defaultdict(set)
    for customer, _number, rows in choose_credits(chosen, orders, credits):
        credited[customer] |= {row["StockCode"] for row in rows}
        result += rows
    for customer in chosen:
        for rows in choose_lines(orders[customer], catalogue, credited[customer]):
            result += rows
    return sorted(
        result,
        key=lambda row: (row["InvoiceDate"], row["InvoiceNo"], row["StockCode"], row["UnitPrice"]),
    )
