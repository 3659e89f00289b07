"""What a platform's export looks like: names of columns, preamble, totals, footer.

A platform is one module in ``spend_formats`` with ``FORMAT``, an instance of ``SpendFormat``.
"""

import re
import unicodedata
from dataclasses import dataclass, field

#: what a column may hold
ROLES = (
    "date", "date_end", "account", "campaign", "campaign_id", "cost", "currency", "impressions",
    "clicks", "conversions",
)  # fmt: skip
#: without these a file is no spend file
NEEDED = ("cost",)
NUMBERS = ("cost", "impressions", "clicks", "conversions")
#: cells that mean nothing
NOTHING = {"", "--", "-", "—", "–", "n/a", "null"}
_UNIT = re.compile(r"\(([^()]*)\)\s*$")


def plain(text):
    """A header without case, punctuation and what stands in brackets at its end.

    >>> plain("  Amount spent (USD)"), plain("Impr."), plain("№ Кампании")
    ('amount spent', 'impr', '№ кампании')
    """
    text = unicodedata.normalize("NFKC", str(text or "").replace("№", "\0")).replace("\0", "№")
    text = _UNIT.sub("", text.strip().lower())
    return " ".join(re.sub(r"[^\w№]+", " ", text).replace("ё", "е").split())


def unit(text):
    """What stands in brackets at the end of a header.

    >>> unit("Amount spent (USD)"), unit("Расход (руб., с НДС)"), unit("Cost")
    ('USD', 'руб., с НДС', '')
    """
    match = _UNIT.search(str(text or "").strip())
    return match[1] if match else ""


@dataclass(frozen=True)
class SpendFormat:
    """One platform's export.

    :ivar str code: kept with the import
    :ivar str name: of the platform, as people know it
    :ivar dict headers: role → names of its column, as ``plain`` has them, most telling first
    :ivar tuple signs: patterns of which one in the preamble or footer betrays the platform
    :ivar tuple telling: header names that no other platform has
    :ivar str total: pattern of the first cell with something in it of rows that are totals
    :ivar bool blank_total: a row without campaign is the total
    :ivar str order: of dates where the file proves none: 'dmy' or 'mdy'
    :ivar str footer: pattern of the last line; a file without it was cut
    """

    code: str
    name: str
    headers: dict
    signs: tuple = ()
    telling: tuple = ()
    total: str = r"(grand )?totals?\b|итого|всего|gesamt|summe"
    blank_total: bool = False
    order: str = "dmy"
    footer: str = ""
    compiled: dict = field(default_factory=dict, compare=False, repr=False)

    def columns(self, header, given=None):
        """Which column holds what.

        :param list header: cells
        :param dict given: role → header, as somebody mapped it; an empty one means none
        :return: dict of role → index
        """
        names = [plain(cell) for cell in header]
        found = {}
        for role in ROLES:
            wanted = self.headers.get(role, ())
            if given and role in given:
                wanted = (plain(given[role]),) if given[role] else ()
                exact = [str(cell or "").strip() for cell in header]
                if given[role] and str(given[role]).strip() in exact:
                    found[role] = exact.index(str(given[role]).strip())
                    continue
            at = next((names.index(name) for name in wanted if name and name in names), None)
            if at is not None and at not in found.values():
                found[role] = at
        return found

    def is_total(self, text):
        """:return: whether a row that begins with this cell is a total"""
        return bool(re.match(self.total, text.strip(), re.I))
