"""Numbers as telephone systems write them, compared by their last digits.

>>> digits("+44 (0)20 7946-0958")
'4402079460958'
>>> tail("0044 20 7946 0958"), tail("020 7946 0958")
('079460958', '079460958')
"""

import re

#: so many digits from the end tell numbers apart, whatever stands before
TAIL = 9
#: fewer digits than this are an extension inside the house
LEAST = 5


def digits(number):
    """The digits of a number, an extension behind ``x`` or ``ext`` left out."""
    number = re.split(r"(?i)\s*(?:ext\.?|x)\s*\d+\s*$", number or "")[0]
    return re.sub(r"\D", "", number)


def tail(number):
    """The last digits, by which numbers with and without the country's code are the same.

    :return: str, empty where there are too few digits
    """
    found = digits(number)
    return found[-TAIL:] if len(found) >= LEAST else ""
