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

What was bought, V, is N purchases of V/N each. Of some of it products with a quantity q and a unit
price p are known: W = Σpq in Q = Σq pieces of the unit value u = W/Q. The rest has no price: lines
without a product, discounts, down payments, documents of which no line is known. With L(x) for
the logarithmic mean of x in both periods, (x_B − x_A) / ln(x_B / x_A):

- **frequency** = L(V) · ln(N_B / N_A);
- **price** = Σ L(pq) · ln(p_B / p_A) over the products bought in both periods;
- **mix** = L(W) · ln(u_B / u_A) − price: other products, dearer or cheaper ones. One that was
  bought in a single period has no second price and belongs here altogether;
- **basket** = L(V) · ln((V/N)_B / (V/N)_A) − L(W) · ln(u_B / u_A): more pieces in a purchase, or
  more money of what has no price.

The four add up to V_B − V_A without a residual, because L(V) · ln(V_B / V_A) is just that, and they
turn their sign when A and B are swapped: no part depends on the order in which the others are
taken. The arithmetic mean (Bennet) would add up as well, but falls to pieces where the unit value
jumps: who bought 3,906 pieces at 0.82 and then a single one at 853 would give the basket
−1.7 million and the mix as much with the other sign, on sales of some thousands.

Sources: the additive logarithmic mean Divisia index, B. W. Ang, 'The LMDI approach to decomposition
analysis: a practical guide', Energy Policy 33 (2005) 867; for prices the indicator of J. K.
Montgomery, 'The Mathematical Problem of the Price Index' (1937), see B. M. Balk, 'Ideal indices and
indicators for two or more factors', Journal of Economic and Social Measurement 28 (2003) 203.

>>> a = Bought(purchases=1, products={"tea": (10, 20)})
>>> b = Bought(purchases=2, products={"tea": (40, 160)})  # twice as often, much, dear
>>> {key: round(value, 2) for key, value in take_apart(a, b).items()}
{'frequency': 46.67, 'basket': 46.67, 'price': 46.67, 'mix': 0.0}
"""

from dataclasses import dataclass, field
from math import floor, log, sqrt

#: parts in the order of the bridge
PARTS = (
    "lost", "new", "reactivated", "frequency", "basket", "price", "mix", "refunds", "currency",
)  # fmt: skip
#: logarithm of a ratio below which two numbers are close together
NEAR = 1e-4


@dataclass
class Bought:
    """What a customer bought in a period, at base rates.

    :ivar purchases: number of purchases, at least 1
    :ivar products: product → (quantity, money), both positive
    :ivar rest: money of what has no product, quantity and price
    """

    purchases: int
    products: dict = field(default_factory=dict)
    rest: float = 0

    @property
    def pieces(self):
        """Pieces of products."""
        return sum(quantity for quantity, _money in self.products.values())

    @property
    def goods(self):
        """Money of products."""
        return sum(money for _quantity, money in self.products.values())

    @property
    def money(self):
        """Money of all purchases."""
        return self.goods + self.rest


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


def log_mean(a, b):
    """Logarithmic mean of two numbers, 0 where one of them isn't positive.

    >>> log_mean(5, 5), round(log_mean(1, 2.718281828), 6), log_mean(0, 3)
    (5.0, 1.718282, 0.0)
    """
    if a <= 0 or b <= 0:
        return 0.0
    ratio = log(b / a)
    # close together the quotient is one of rounding errors; here the series is exact enough
    return sqrt(a * b) * (1 + ratio**2 / 24) if abs(ratio) < NEAR else (b - a) / ratio


def take_apart(a, b):
    """Frequency, basket, price and mix of a customer who bought in both periods.

    :param Bought a: the base period
    :param Bought b: the current period
    :return: dict of floats; the sum is the change of money
    """
    frequency = _driven(a.money, b.money, b.purchases / a.purchases)
    both = a.products.keys() & b.products.keys()
    price = sum(_price(a.products[key], b.products[key]) for key in sorted(both))
    mix = _price((a.pieces, a.goods), (b.pieces, b.goods)) - price
    basket = b.money - a.money - frequency - price - mix
    return {"frequency": frequency, "basket": basket, "price": price, "mix": mix}


def _driven(money_a, money_b, ratio):
    """The part of a change of money that a factor's change explains."""
    mean = log_mean(money_a, money_b)
    return mean * log(ratio) if mean else 0.0


def _price(a, b):
    """The part of a change of money that the unit price explains; of (quantity, money)."""
    (quantity_a, money_a), (quantity_b, money_b) = a, b
    if not (quantity_a and quantity_b):
        return 0.0
    return _driven(money_a, money_b, money_b / quantity_b / (money_a / quantity_a))


def to_units(values, total):
    """Round each value to a whole unit so that they add up to ``total``.

    Each is rounded down, and the missing units go to those that lost most by it (Hamilton's
    method of the largest remainder; the earlier one among equals), so that no value is off by a
    unit or more, unless the total is.

    :param values: list of numbers (cents, say)
    :param int total: what they have to add up to
    :return: list of int

    >>> to_units([1 / 3] * 3, 1), to_units([-0.4, 10.4], 10), to_units([2, 3], 7)
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
