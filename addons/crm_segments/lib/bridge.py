"""Revenue bridge: why the revenue of one period differs from that of an earlier one.

The *base* period A ends before the *current* one B begins. Revenue is untaxed, net of credit notes.
A customer who bought in one of them only stands with the whole change in one part:

- **lost**: bought in A and not in B;
- **new**: bought in B, and the first purchase ever lies after the end of A;
- **reactivated**: bought in B and before A, but not in A.

For a customer who bought in both, the change is taken apart. *Foreign money* first: every document
is also valued at the base rate of its currency (the average rate at which A was booked in it), and
what its own rate makes of it beyond that is

- **currency**: (actual − at base rates) in B, less the same in A.

All that follows is at base rates. What is no purchase (a credit note, an invoice that isn't
positive) is

- **refunds**: their sum in B less that in A; of customers who bought in neither period as well.

What was bought is divided into products with a quantity and a price, and the rest: lines without
a product, discounts, down payments, documents of which no line is known. With N purchases,
quantities q and unit prices p of each product, Q = Σq, b = Q/N, u = Σpq/Q, rest r = R/N per
purchase, Δ for B − A and a bar for the mean of both periods, these are the indicators of Bennet:

- **price** = Σ q̄·Δp over products bought in both periods;
- **frequency** = ΔN·(b̄·ū + r̄);
- **basket** = N̄·(Δb·ū + Δr): more pieces in a purchase, or more money of what has no price;
- **mix** = ΔΣpq − price − ΔQ·ū: other products. One bought in a single period has no second
  price: it is mix altogether, with what its price differs from the average ū.

The four add up to the change without a residual, and turn their sign when A and B are swapped:
no part depends on the order in which the others were taken, as it does where one after the other
is varied. Where a customer bought products in one period only, ū is the unit value of that one.

Sources: T. L. Bennet, 'The theory of measurement of changes in cost of living', Journal of the
Royal Statistical Society 83 (1920) 455; W. E. Diewert, 'Index number theory using differences
rather than ratios', American Journal of Economics and Sociology 64 (2005) 311, equations 15–19.
Average rate of a period: IAS 21, paragraph 40.

>>> a = Bought(purchases=2, products={"tea": (10, 50)}, rest=4)
>>> b = Bought(purchases=3, products={"tea": (18, 99)}, rest=3)
>>> {key: str(value) for key, value in take_apart(a, b).items()}
{'frequency': '243/8', 'basket': '85/8', 'price': '7', 'mix': '0'}
"""

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

#: parts in the order of the bridge
PARTS = (
    "lost", "new", "reactivated", "frequency", "basket", "price", "mix", "refunds", "currency",
)  # fmt: skip


@dataclass
class Bought:
    """What a customer bought in a period, at base rates.

    :ivar purchases: number of purchases, at least 1
    :ivar products: product → (quantity, money), both positive
    :ivar rest: money of what has no product, quantity and price
    """

    purchases: int
    products: dict = field(default_factory=dict)
    rest: object = 0

    def per_purchase(self):
        """(pieces, rest) of a purchase."""
        pieces = sum((Fraction(one) for one, _money in self.products.values()), Fraction())
        return pieces / self.purchases, Fraction(self.rest) / self.purchases

    def money(self):
        """Money of products."""
        return sum((Fraction(money) for _quantity, money in self.products.values()), Fraction())


def kind(first, bought_a, bought_b, end_a):
    """Where a customer belongs: 'lost', 'new', 'reactivated', 'both' or 'refunds' (neither).

    :param date first: of the first purchase ever, up to the end of B; None for none
    :param date end_a: last day of A

    >>> kind(1, False, True, 5), kind(6, False, True, 5), kind(None, False, False, 5)
    ('reactivated', 'new', 'refunds')
    """
    if bought_a and bought_b:
        return "both"
    if bought_a:
        return "lost"
    if not bought_b:
        return "refunds"
    return "new" if first > end_a else "reactivated"


def take_apart(a, b):
    """Frequency, basket, price and mix of a customer who bought in both periods.

    :param Bought a: the base period
    :param Bought b: the current period
    :return: dict of :class:`fractions.Fraction`; the sum is the change of money
    """
    unit = _unit_value(a, b)
    (pieces_a, rest_a), (pieces_b, rest_b) = a.per_purchase(), b.per_purchase()
    more, purchases = b.purchases - a.purchases, Fraction(a.purchases + b.purchases, 2)
    both = a.products.keys() & b.products.keys()
    price = sum((_price(a.products[key], b.products[key]) for key in both), Fraction())
    volume = (pieces_b * b.purchases - pieces_a * a.purchases) * unit
    return {
        "frequency": more * ((pieces_a + pieces_b) * unit + rest_a + rest_b) / 2,
        "basket": purchases * ((pieces_b - pieces_a) * unit + rest_b - rest_a),
        "price": price,
        "mix": b.money() - a.money() - price - volume,
    }


def _unit_value(*periods):
    """Mean money of a piece, over the periods with any."""
    values = [
        one.money() / (one.per_purchase()[0] * one.purchases) for one in periods if one.products
    ]
    return sum(values) / len(values) if values else Fraction()


def _price(a, b):
    """A product's mean quantity × change of its unit price."""
    (quantity_a, money_a), (quantity_b, money_b) = (map(Fraction, pair) for pair in (a, b))
    return (quantity_a + quantity_b) / 2 * (money_b / quantity_b - money_a / quantity_a)


def to_units(values, total):
    """Round each value to a whole unit so that they add up to ``total``.

    Each is rounded down, and the missing units go to those that lost most by it (Hamilton's
    method of the largest remainder; the earlier one among equals), so that no value is off by a
    unit or more, unless the total is.

    :param values: list of numbers (cents, say)
    :param int total: what they have to add up to
    :return: list of int

    >>> to_units([Fraction(1, 3)] * 3, 1), to_units([-0.4, 10.4], 10), to_units([2, 3], 7)
    ([1, 0, 0], [0, 10], [3, 4])
    """
    units = [floor(value) for value in values]
    order = sorted(range(len(values)), key=lambda place: units[place] - values[place])
    missing = total - sum(units)
    for turn in range(abs(missing) if values else 0):
        place = order[turn % len(order)] if missing > 0 else order[-1 - turn % len(order)]
        units[place] += 1 if missing > 0 else -1
    return units


def rounded(rows, starts, ends, scale):
    """The bridge of each column in units, adding up in every direction.

    What all columns start and end with is rounded once and shared out among them; then the
    parts of each column are rounded to its own change. So every column, and the sum of all, runs
    from its start over its parts to its end, and the start and end of all are exactly rounded.

    :param rows: part → list of numbers, one per column
    :param starts: list of exact numbers (Decimal), what each column starts with
    :param ends: the same for the end
    :param int scale: units of one, 100 for cents
    :return: (starts, dict of part → list, ends), all in whole units
    """
    first, last = (
        to_units([value * scale for value in values], _half_up(sum(values) * scale))
        for values in (starts, ends)
    )
    columns = [
        to_units([float(values[place]) * scale for values in rows.values()], end - start)
        for place, (start, end) in enumerate(zip(first, last, strict=True))
    ]
    parts = zip(*columns, strict=True) if columns else [()] * len(rows)
    return first, dict(zip(rows, map(list, parts), strict=True)), last


def _half_up(value):
    """The nearest whole number, halves away from zero, as PostgreSQL rounds."""
    return floor(abs(value) * 2 + 1) // 2 * (1 if value >= 0 else -1)
