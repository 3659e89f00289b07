"""Credit in money: shares of an order that add up to it to the cent."""

from decimal import ROUND_HALF_UP, Decimal


def split(amount, weights, digits=2):
    """Share an amount by weights; what rounding leaves goes to the last one.

    >>> split(100, [1 / 3, 1 / 3, 1 / 3])
    [Decimal('33.33'), Decimal('33.33'), Decimal('33.34')]

    :param amount: number, in units of the currency
    :param list weights: in the order of the touches, adding up to 1
    :param int digits: decimal places of the currency
    :return: list of Decimal, adding up to the rounded amount
    """
    unit = Decimal(1).scaleb(-digits)
    amount = Decimal(str(amount)).quantize(unit, ROUND_HALF_UP)
    parts = [(amount * Decimal(repr(float(one)))).quantize(unit, ROUND_HALF_UP) for one in weights]
    if parts:
        parts[-1] += amount - sum(parts)
    return parts
