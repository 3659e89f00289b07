"""Names that are likely to mean the same: 'google' and 'Google Ads', 'facebook' and 'Facebok'.

How to use::

    for one, other, reason in pairs(["google", "Google Ads", "Bing"]): ...
"""

import re
import unicodedata
from collections import defaultdict
from difflib import SequenceMatcher

#: words that say where an advertisement is bought or how an address begins, not who it is
FILLERS = frozenset("ads ad adwords advertising com www http https net org реклама".split())
#: shorter names differ by more than a slip when they differ by a letter
SHORTEST, ALIKE = 5, 0.88


def key(name):
    """The words that tell a name, without case, accents, punctuation and fillers.

    >>> key("Google Ads"), key("www.google.com"), key("google [2]")
    ('google', 'google', 'google')
    >>> key("Яндекс.Реклама"), key("Ads")
    ('яндекс', 'ads')
    """
    # the host tells a second one of the same name by a number in brackets
    text = unicodedata.normalize("NFKD", re.sub(r"\s*\[\d+\]$", "", name.lower()))
    text = "".join(one for one in text if not unicodedata.combining(one))
    words = re.findall(r"[^\W_]+", text)
    return "".join(word for word in words if word not in FILLERS) or "".join(words)


def pairs(names):
    """Pairs that are likely the same.

    :param list names: distinct texts
    :return: list of (one, other, reason): 'words' for the same ones, 'slip' for one of the pen
    """
    by_key = defaultdict(list)
    for name in names:
        by_key[key(name)].append(name)
    found = [
        (same[0], other, "words") for same in by_key.values() for other in same[1:]
    ]  # fmt: skip
    by_start = defaultdict(list)
    for one in sorted(by_key):
        by_start[one[:2]].append(one)
    for block in by_start.values():
        for at, one in enumerate(block):
            for other in block[at + 1 :]:
                if _slip(one, other):
                    found.append((by_key[one][0], by_key[other][0], "slip"))
    return found


def _slip(one, other):
    """Whether two keys differ as a slip would have it; numbers that differ are no slip."""
    if min(len(one), len(other)) < SHORTEST or abs(len(one) - len(other)) > 1:
        return False
    if re.sub(r"\D", "", one) != re.sub(r"\D", "", other):
        return False
    return SequenceMatcher(None, one, other).ratio() >= ALIKE
