"""Which product codes are charges (postage, discount, fees) and no goods.

>>> is_charge("POST", "POSTAGE"), is_charge("PADS", "PADS TO MATCH ALL CUSHIONS")
(True, False)
"""

import re

_CODES = frozenset(
    "POST POSTAGE DOT SHIP SHIPPING FREIGHT C2 D DISCOUNT M MANUAL S SAMPLES B ADJUST FEE FEES "
    "AMAZONFEE CRUK ROUNDING DELIVERY".split()
)
_NAMES = re.compile(
    r"\b(postage|carriage|shipping|freight|delivery|bank charges?|commission|discount|handling fee|"
    r"adjust bad debt|rounding|доставка|скидка|комиссия|округление|почтовые)\b",
    re.IGNORECASE,
)


def is_charge(code, name):
    """:return: whether a line with this product code and name sells no goods

    A name speaks only for a code without digits: 'Discount voucher tin, 22423' is goods.
    """
    code = (code or "").strip().upper()
    if code in _CODES:
        return True
    return not any(char.isdigit() for char in code) and bool(_NAMES.search(name or ""))
