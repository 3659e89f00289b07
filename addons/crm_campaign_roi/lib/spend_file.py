"""A file of ad spend: whose it is, how it is written, its rows and its own totals.

How to use::

    file = SpendFile(content)            # or with what somebody said: {"columns": {"cost": "Sum"}}
    file.format.name, file.currency, file.period, file.columns
    result = Reading(file)               # adds up and checks while it is iterated
    for row in result: ...               # SpendRow, as a stream
    result.total, result.file_total, result.problems
"""

import re
from itertools import islice

from odoo.addons.crm_segments.lib import tabular_values
from odoo.addons.crm_segments.lib.tabular import DELIMITERS, Table, TabularError

from . import spend_currency
from .spend_format import NEEDED, NUMBERS, plain, unit
from .spend_formats import FORMATS, OTHER
from .spend_guard import check_file, check_row
from .spend_period import period

#: rows in which the header is looked for, and by which numbers and dates are recognised
HEAD, SAMPLE = 40, 2000


class SpendFile:
    """What is known of a file before its rows are read.

    :param content: bytes or path
    :param dict mapping: all keys optional: platform (code), columns (role → header), encoding,
        delimiter, decimal, order
    :raise TabularError: unreadable file, no header, no row below it
    """

    def __init__(self, content, mapping=None):
        self._given = given = mapping or {}
        check_file(content)
        self.table, head, found = self._open(content, given)
        self.header_row, self.header, self.format, self.columns = found
        self.preamble = [
            _line(cells) for number, cells in head if number < self.header_row
        ]  # fmt: skip
        self.sample = list(islice(self.body(), SAMPLE))
        if not self.sample:
            raise TabularError("no_lines")
        default = "," if self.table.delimiter == ";" else "."
        self.decimal = given.get("decimal") or tabular_values.sniff_decimal(
            (cell for role in NUMBERS for cell in self._column(role, self.sample)), default
        )
        self.order = given.get("order") or self._sniff_order()
        self.period = period(self.preamble, self._preamble_order())
        self.currency = spend_currency.stated(
            [unit(self.header[self.columns["cost"]]), *self.preamble]
        )
        self.vat = spend_currency.vat([str(self.header[self.columns["cost"]]), *self.preamble])

    def body(self):
        """Yield (number, cells) of the rows below the header."""
        return ((number, cells) for number, cells in self._rows() if number > self.header_row)

    def mapping(self):
        """:return: dict as the constructor takes it, of what applied to this file"""
        kept = {key: self._given[key] for key in ("encoding", "delimiter") if self._given.get(key)}
        columns = {role: "" for role, name in self._given.get("columns", {}).items() if not name}
        columns.update((role, str(self.header[at]).strip()) for role, at in self.columns.items())
        return kept | {
            "platform": self.format.code, "columns": columns,
            "decimal": self.decimal, "order": self.order,
        }  # fmt: skip

    def _rows(self):
        return self.table.rows()

    def _open(self, content, given):
        """The table, by the delimiter under which a header is best understood.

        A preamble has commas and few rows follow it, so regularity alone does not tell.

        :return: (Table, its first rows, what :meth:`_find_header` found)
        """
        first = Table(content, given.get("encoding"), given.get("delimiter"))
        tables = [first]
        if first.kind == "csv" and not given.get("delimiter"):
            others = (one for one in DELIMITERS if one != first.delimiter)
            tables += [Table(content, first.encoding, one) for one in others]
        best, error = None, None
        for table in tables:
            head = list(islice(_narrow(table.rows()), HEAD))
            try:
                score, found = self._find_header(head)
            except TabularError as one:
                error = error or one
                continue
            if best is None or score > best[0]:
                best = score, (table, head, found)
        if best is None:
            raise error
        return best[1]

    def _find_header(self, head):
        """The row with most columns that are known; the earliest of them.

        :return: (score, (number, cells, SpendFormat, columns))
        :raise TabularError: no_header
        """
        texts = {plain(_short(cell)) for _number, cells in head for cell in cells[:60]}
        lines = [_line(cells) for _number, cells in head]
        likeness = {one.code: _likeness(one, lines, texts) for one in self._candidates()}
        best = None
        for number, cells in head:
            for one in self._candidates():
                columns = one.columns([_short(cell) for cell in cells], self._given.get("columns"))
                if self._is_header(columns):
                    score = likeness[one.code], len(columns)
                    if best is None or score > best[0]:
                        best = score, (number, list(cells), one, columns)
        if best is None:
            header = max((cells for _n, cells in head), key=_filled, default=())
            raise TabularError("no_header", header=[_short(cell) for cell in header if cell][:30])
        return best

    def _candidates(self):
        code = self._given.get("platform")
        return [FORMATS.get(code, OTHER)] if code else FORMATS.values()

    @staticmethod
    def _is_header(columns):
        named = "campaign" in columns or "campaign_id" in columns
        return named and all(role in columns for role in NEEDED)

    def _column(self, role, rows):
        at = self.columns.get(role)
        return () if at is None else (cells[at] for _n, cells in rows if at < len(cells))

    def _sniff_order(self):
        """The whole file if need be; else as the platform writes."""
        cells = list(self._column("date", self.sample))
        order = tabular_values.sniff_order(cells)
        if not order and any(tabular_values.is_year_last(cell) for cell in cells):
            order = tabular_values.sniff_order(self._column("date", self.body()))
        # dots stand between figures where the day comes first
        dotted = any(re.match(r"\d+\.\d+\.", str(cell).strip()) for cell in cells[:50])
        return order or ("dmy" if dotted else self.format.order)

    def _preamble_order(self):
        return self._given.get("order") or self.format.order


def _narrow(rows):
    """The rows, unless they are those of no report."""
    for number, cells in rows:
        check_row(cells)
        yield number, cells


def _short(cell):
    return str(cell if cell is not None else "")[:200]


def _line(cells):
    return " ".join(_short(cell) for cell in cells[:60] if cell not in (None, ""))


def _filled(cells):
    return sum(cell not in (None, "") for cell in cells)


def _likeness(one, lines, texts):
    """How much speaks for a platform: signs, and columns that no other has."""
    signs = sum(any(re.search(sign, line, re.I) for line in lines) for sign in one.signs)
    return 3 * signs + 2 * sum(name in texts for name in one.telling)
