"""The rows of a spend file, read as a stream, with what does not fit and the file's own totals."""

import datetime
import re
from decimal import Decimal
from typing import NamedTuple

from odoo.addons.crm_segments.lib import tabular_values

from . import spend_currency
from .spend_format import NOTHING, NUMBERS

#: problems that are kept; the others are counted
SHOWN = 20
#: characters of a name
LONGEST = 2000
#: values that are remembered
MEMORY = 200_000
_ZERO = Decimal(0)
_ROWS = re.compile(r"^(rows|строк|всего строк|total rows)\s*:\s*(\d+)", re.I)


class SpendRow(NamedTuple):
    """What one row says. Empty cells are empty texts, None, or 0 where something is counted."""

    number: int
    first: datetime.date | None
    last: datetime.date | None
    account: str
    campaign_id: str
    campaign: str
    currency: str
    cost: Decimal
    impressions: int
    clicks: int
    conversions: Decimal


class Problem(NamedTuple):
    """Why a file can't be imported: a code, the line and the value."""

    code: str
    number: int
    value: str = ""


class Remembered(dict):
    """Values by cell: a day stands in each campaign's row, a small number in many.

    :param read: function of a cell
    """

    def __init__(self, read):
        super().__init__()
        self._read = read

    def __missing__(self, cell):
        if len(self) > MEMORY:
            self.clear()
        value = self[cell] = self._read(cell)
        return value


class Reading:
    """Iterate it once; then it knows sums, totals and problems.

    :ivar Decimal total: of the rows
    :ivar list file_totals: those that the file states
    :ivar int count: rows
    :ivar list problems: the first ones; ``problem_count`` has them all
    :ivar set currencies: of the rows
    """

    def __init__(self, file):
        self._file, self._format = file, file.format
        self._at = file.columns
        self._last_column = max(file.columns.values())
        self.total, self.count, self.file_totals = _ZERO, 0, []
        self.problems, self.problem_count = [], 0
        self.currencies = set()
        self.stated_rows, self.has_footer = _stated_rows(file.preamble), False
        self.first = self.last = None
        self.several_days = self.undated = 0
        self._is_csv = file.table.kind == "csv"
        self._begins_like_total = Remembered(self._format.is_total)
        self._numbers = Remembered(lambda cell: _number(cell, file.decimal))
        self._days = Remembered(lambda cell: _day(cell, file.order))
        self._codes = Remembered(spend_currency.code_of)
        # names and days stand in many rows: looked at once
        self._bares, self._texts = Remembered(_bare), Remembered(lambda cell: _text(_bare(cell)))
        self._figures = [self._at.get(role) for role in NUMBERS]

    def __iter__(self):
        for number, cells in self._file.body():
            row = self._row(number, cells)
            if row is not None:
                self._add(row)
                yield row
        self._finish()

    @property
    def file_total(self):
        """The total that the rows add up to, else the greatest that the file states, or None."""
        if self.total in self.file_totals:
            return self.total
        return max(self.file_totals, default=None)

    @property
    def difference(self):
        """Rows less the file's total, None without one."""
        return None if self.file_total is None else self.total - self.file_total

    def _cell(self, cells, role):
        at = self._at.get(role)
        return "" if at is None or at >= len(cells) else self._bares[cells[at]]

    def _name(self, cells, role):
        """A cell as text."""
        at = self._at.get(role)
        return "" if at is None or at >= len(cells) else self._texts[cells[at]]

    def _row(self, number, cells):
        """:return: SpendRow, or None for what is no row"""
        lead = self._bares[cells[0]] or next((one for one in map(_bare, cells) if one), "")
        if not any(cells[1:]) and self._is_remark(lead):
            return None
        if cells[0] == self._file.header[0] and list(cells) == self._file.header:
            return None  # the header once more
        if self._is_total(cells, lead):
            return self._total(number, cells)
        if self._is_csv and len(cells) <= self._last_column:
            return self._problem("short_row", number, str(lead))
        try:
            return self._parse(number, cells)
        except ValueError as error:
            return self._problem(*error.args[:1], number, *map(str, error.args[1:]))

    def _is_remark(self, lead):
        """The footer, or how many rows there are."""
        if self._format.footer and re.match(self._format.footer, str(lead)):
            self.has_footer = True
            return True
        if match := _ROWS.match(str(lead)):
            self.stated_rows = int(match[2])
        return bool(match)

    def _is_total(self, cells, lead):
        if self._format.blank_total:
            named = self._cell(cells, "campaign") or self._cell(cells, "campaign_id")
            if not named and self._cell(cells, "cost") != "":
                return True
        if not self._begins_like_total[str(lead)]:
            return False
        # a campaign may be called 'Total Control', but then it has a day, or a number
        dated = "date" in self._at and self._cell(cells, "date") not in ("", lead)
        return not dated and self._cell(cells, "campaign_id") in ("", lead)

    def _total(self, number, cells):
        cell = self._cell(cells, "cost")
        try:
            if cell != "":
                self.file_totals.append(self._numbers[cell])
        except ValueError:
            self._problem("bad_number", number, str(cell))

    def _parse(self, number, cells):
        campaign, identity = self._name(cells, "campaign"), self._name(cells, "campaign_id")
        if not campaign and not identity:
            raise ValueError("no_campaign")
        first, last = self._dates(cells)
        currency = self._cell(cells, "currency")
        code = self._codes[currency] if currency else self._file.currency or ""
        if currency and not code:
            raise ValueError("bad_currency", currency)
        cost, impressions, clicks, conversions = self._amounts(cells)
        return SpendRow(
            number, first, last, self._name(cells, "account"), identity, campaign, code,
            cost, int(impressions), int(clicks), conversions,
        )  # fmt: skip

    def _amounts(self, cells):
        numbers, width, found = self._numbers, len(cells), []
        try:
            for at in self._figures:
                cell = cells[at] if at is not None and at < width else None
                found.append(numbers[cell])
        except ValueError:
            raise ValueError("bad_number", cell) from None
        return found

    def _dates(self, cells):
        """Day or days of a row; those of the report where a row has none."""
        try:
            cell = self._cell(cells, "date")
            first = self._days[cell] if cell != "" else None
            cell = self._cell(cells, "date_end")
            last = self._days[cell] if cell != "" else first
        except ValueError:
            raise ValueError("bad_date", cell) from None
        first = first or last
        if not first:
            return self._file.period or (None, None)
        if last < first:
            raise ValueError("bad_date", f"{first} – {last}")
        return first, last

    def _add(self, row):
        self.count += 1
        self.total += row.cost
        self.currencies.add(row.currency)
        if row.first is None:
            self.undated += 1
            return
        self.several_days += row.first != row.last
        self.first = min(self.first or row.first, row.first)
        self.last = max(self.last or row.last, row.last)

    def _finish(self):
        """What only the end of the file shows."""
        if len(self.currencies) > 1:
            self._problem("mixed_currency", 0, ", ".join(sorted(filter(None, self.currencies))))
        if self._format.footer and not self.has_footer:
            self._problem("cut", 0)
        # a total may be counted as a row
        possible = (None, self.count, self.count + len(self.file_totals))
        if self.stated_rows not in possible:
            self._problem("row_count", 0, f"{self.count} ≠ {self.stated_rows}")
        if not self.count and not self.problem_count:
            self._problem("no_rows", 0)

    def _problem(self, code, number, value=""):
        self.problem_count += 1
        if len(self.problems) < SHOWN:
            self.problems.append(Problem(code, number, value[:80]))


def _bare(cell):
    """A cell without blanks around it; empty where it means nothing."""
    if isinstance(cell, str):
        cell = cell.strip()
        return "" if cell in NOTHING or cell.lower() in NOTHING else cell
    return "" if cell is None else cell


def _number(cell, decimal):
    if isinstance(cell, str) and cell.isascii():
        # figures with one mark, as most are
        figures = cell.replace(".", "", 1) if decimal == "." else cell
        if figures.isdigit() and cell[0] != "." and cell[-1] != ".":
            return Decimal(cell)
    cell = _bare(cell)
    return _ZERO if cell == "" else tabular_values.number(cell, decimal)


def _day(cell, order):
    return tabular_values.day(cell, order)


def _text(cell):
    """A name or number as text: a workbook keeps numbers as floats."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = cell if isinstance(cell, str) else str(cell)
    if len(text) > LONGEST or "\0" in text:
        raise ValueError("no_text", text[:80].replace("\0", "·"))
    return text


def _stated_rows(lines):
    for line in lines:
        if match := _ROWS.match(line):
            return int(match[2])
    return None
