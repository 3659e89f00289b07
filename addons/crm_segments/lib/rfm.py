"""Recency, frequency, monetary value: scores by ties-sharing quintiles, and the grid.

>>> scores([10, 20, 30, 40, 50])
[1, 2, 3, 4, 5]
>>> scores([1, 1, 1, 1, 2])
[1, 1, 1, 1, 5]
"""

from bisect import bisect_left
from collections import Counter
from itertools import product

#: one value held by more than this share of buyers leaves nothing to rank
FLAT_SHARE = 0.8
#: score given to everybody on a measure that can't be ranked
FLAT_SCORE = 3
ALL_CODES = tuple("".join(code) for code in product("12345", repeat=3))

#: the named segments: eleven cells that cover all 125 codes once
GRID = {
    "Champions": "555 554 545 544 455 454 445",
    "Loyal": "543 444 435 355 354 345 344 335",
    "Potential Loyalist": "553 552 551 542 541 533 532 531 453 452 451 442 441 433 432 431 "
    "423 353 352 351 342 341 333 323",
    "Recent Customers": "512 511 422 421 412 411 311",
    "Promising": "525 524 523 522 521 515 514 513 425 424 415 414 413 315 314 313",
    "Needing Attention": "535 534 443 434 343 334 325 324",
    "About To Sleep": "331 321 312 221 213",
    "At Risk": "255 254 253 252 245 244 243 242 235 234 225 224 153 152 145 143 142 135 134 133 "
    "125 124",
    "Can't Lose": "215 214 155 154 144 115 114 113",
    "Hibernating": "332 322 251 241 233 232 231 223 222 212 211 132 123 122",
    "Lost": "151 141 131 121 112 111",
}


def fractions(margin=0):
    """Where in the ranking of all buyers scores change.

    A buyer with at least ⌈f × n⌉ of n buyers strictly below lies beyond fraction f.

    :param float margin: points (%) that a present score reaches beyond its own fifth
    :return: dict of ``fresh`` (four fractions), ``low`` and ``high`` (of each score, None
        where there is no limit)

    >>> fractions(10)["low"][2], fractions(10)["high"][2]
    (0.299999999999, 0.699999999999)
    """
    # a hair below, so that what is exact in decimals isn't rounded up in binary
    at = {step: round(step / 5, 12) for step in range(1, 5)}
    low = [at[score - 1] - margin / 100 if score > 1 else None for score in range(1, 6)]
    high = [at[score] + margin / 100 if score < 5 else None for score in range(1, 6)]
    return {
        "fresh": [_hair_below(one) for one in at.values()],
        "low": [None if one is None or one <= 0 else _hair_below(one) for one in low],
        "high": [None if one is None or one >= 1 else _hair_below(one) for one in high],
    }


def _hair_below(fraction):
    return round(fraction - 1e-12, 12)


def scores(values):
    """Quintile scores, 5 = best: 1 + ⌊5 × (strictly worse) / n⌋; ties share a score.

    :param values: list of comparable values, larger is better
    :return: list of ints 1…5

    >>> scores([7, 7])
    [1, 1]
    """
    ordered = sorted(values)
    return [1 + 5 * bisect_left(ordered, value) // len(ordered) for value in values]


def is_flat(values):
    """Whether one value holds over 80 % of the buyers.

    >>> is_flat([1] * 8 + [2] * 2), is_flat([1] * 9 + [2])
    (False, True)
    """
    return bool(values) and max(Counter(values).values()) > FLAT_SHARE * len(values)


def score_among(worse, same, top, others):
    """Score that one more buyer would get among ``others`` buyers.

    :param int worse: how many of the others are strictly worse
    :param int same: how many have the same value
    :param int top: how many hold the most frequent value
    :param int others: how many there are

    >>> score_among(4, 0, 1, 4), score_among(0, 3, 3, 3), score_among(0, 0, 0, 0)
    (5, 3, 3)
    >>> scores([1, 2, 3, 4, 9])[-1] == score_among(4, 0, 1, 4)
    True
    """
    buyers = others + 1
    if max(top, same + 1) > FLAT_SHARE * buyers:
        return FLAT_SCORE
    return 1 + 5 * worse // buyers


def parse_codes(text):
    """Codes of a grid cell list such as ``"555, 554"``.

    :raises ValueError: naming the first code that is none

    >>> parse_codes("555 554,545")
    ['555', '554', '545']
    """
    codes = text.replace(",", " ").split()
    for code in codes:
        if code not in ALL_CODES:
            raise ValueError(code)
    return codes


def partition_problem(cells):
    """What keeps the cells from covering all 125 codes exactly once.

    :param cells: list of lists of codes, one per segment
    :return: ('double', code), ('missing', code) or None

    >>> partition_problem([["111"], ["111"]])
    ('double', '111')
    >>> partition_problem([ALL_CODES]) is None
    True
    """
    counted = Counter(code for cell in cells for code in cell)
    for code in ALL_CODES:
        if counted[code] > 1:
            return "double", code
    for code in ALL_CODES:
        if not counted[code]:
            return "missing", code
    return None
