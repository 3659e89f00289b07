"""From days with a purchase to what BG/NBD wants to know of each customer."""

from typing import NamedTuple

import numpy as np


class Histories(NamedTuple):
    """One position per customer who bought by a day; times in weeks."""

    x: np.ndarray  #: days with a purchase after the first one
    t_x: np.ndarray  #: from the first to the last of them
    T: np.ndarray  #: from the first to the day of the fit
    later: np.ndarray  #: days with a purchase after the day of the fit


def histories(purchases, until):
    """Summarise purchases: each day of a customer counts once, whatever was bought on it.

    :param purchases: iterable of (key of the customer, date)
    :param date until: the last day that is known
    :return: Histories; who bought only later is left out

    >>> from datetime import date
    >>> days = [date(2026, 1, 1), date(2026, 1, 1), date(2026, 1, 15), date(2026, 2, 1)]
    >>> one = histories([("A", day) for day in days], date(2026, 1, 22))
    >>> [values.tolist() for values in one]
    [[1.0], [2.0], [3.0], [1.0]]
    """
    pairs = {(key, day.toordinal()) for key, day in purchases}
    codes = {key: code for code, key in enumerate(dict.fromkeys(key for key, _day in pairs))}
    customer = np.array([codes[key] for key, _day in pairs], dtype=int)
    day = np.array([day for _key, day in pairs], dtype=float)
    last_known = until.toordinal()
    known, size = day <= last_known, len(codes)
    count = np.bincount(customer[known], minlength=size)
    later = np.bincount(customer[~known], minlength=size)
    first, last = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(first, customer[known], day[known])
    np.maximum.at(last, customer[known], day[known])
    there = count > 0
    return Histories(
        count[there] - 1.0,
        (last - first)[there] / 7,
        (last_known - first[there]) / 7,
        later[there].astype(float),
    )
