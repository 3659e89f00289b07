"""A file of sales history: table, header, columns, decimal mark and date order together.

How to use::

    file = HistoryFile(content, {"columns": {"customer_id": "Kunde"}})
    file.columns, file.decimal, file.order      # what was recognised
    for line in file.lines():                   # Line or Rejected, as a stream
        ...
"""

from itertools import islice

from . import history_columns, tabular_values
from .history_rows import RowReader
from .tabular import Table, TabularError
from .tabular_values import shown

SAMPLE_ROWS = 2000


class HistoryFile:
    """What is known of a file before its lines are read.

    :param content: bytes or path
    :param dict mapping: all keys optional: columns (role -> header), encoding,
        delimiter, decimal (``.`` or ``,``), order (``dmy`` or ``mdy``)
    :raise TabularError: unreadable file, missing columns, no line below the header
    """

    def __init__(self, content, mapping=None):
        self._given = mapping = mapping or {}
        self.table = Table(content, mapping.get("encoding"), mapping.get("delimiter"))
        self.header_row, self.header, self.columns = history_columns.find_header(
            self.table.rows(), mapping.get("columns")
        )
        self.sample = list(islice(self._body(), SAMPLE_ROWS))
        if not self.sample:
            raise TabularError("no_lines")
        self.decimal = mapping.get("decimal") or self._sniff_decimal()
        self.order = mapping.get("order") or self._sniff_order() or "dmy"

    def lines(self):
        """Yield a Line or Rejected for each row below the header."""
        read = RowReader(self.columns, self.decimal, self.order).parse
        for number, cells in self._body():
            yield read(number, cells)

    def mapping(self):
        """:return: dict as the constructor takes it, of what applied to this file"""
        # A role that was said to have no column stays without.
        columns = {role: "" for role, name in self._given.get("columns", {}).items() if not name}
        columns.update((role, str(self.header[at])) for role, at in self.columns.items())
        kept = {key: self._given[key] for key in ("encoding", "delimiter") if self._given.get(key)}
        return kept | {"columns": columns, "decimal": self.decimal, "order": self.order}

    def examples(self, index, count=3):
        """:return: up to ``count`` different values of a column, as text"""
        cells = (cells[index] for _n, cells in self.sample if index < len(cells))
        return list(
            islice(dict.fromkeys(shown(cell) for cell in cells if cell not in ("", None)), count)
        )

    def _body(self):
        return ((n, cells) for n, cells in self.table.rows() if n > self.header_row)

    def _column(self, role, rows):
        at = self.columns.get(role)
        if at is None:
            return ()
        return (cells[at] for _number, cells in rows if at < len(cells))

    def _sniff_decimal(self):
        cells = (
            cell
            for role in history_columns.NUMBER_ROLES
            for cell in self._column(role, self.sample)
        )
        # Spreadsheets write ';' between columns exactly where ',' is their decimal mark.
        default = "," if self.table.delimiter == ";" else "."
        return tabular_values.sniff_decimal(cells, default)

    def _sniff_order(self):
        """The whole file if need be: its first twelve days may prove nothing."""
        order = tabular_values.sniff_order(self._column("date", self.sample))
        if order or not self._has_year_last():
            return order
        return tabular_values.sniff_order(self._column("date", self._body()))

    def _has_year_last(self):
        shape = tabular_values.is_year_last
        return any(shape(cell) for cell in self._column("date", self.sample))
