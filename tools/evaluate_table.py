"""Any table for an evaluation: columns by name, read by the product's own reader of files.

Runs in the host's interpreter (``tools/evaluate_runner.py``).
"""

from odoo.addons.crm_segments.lib.tabular import Table, TabularError
from odoo.addons.crm_segments.lib.tabular_values import number, shown, sniff_decimal

from .console import Failure

YES = {"1", "1.0", "true", "yes", "y", "won"}
NO = {"0", "0.0", "false", "no", "n", "lost"}


def read(path):
    """Read a file whose first line has the names of the columns.

    :param path: CSV or XLSX, gzipped or not
    :return: dict of column → list of texts, all of equal length, '' where nothing stands
    :raise Failure: no such file, or no table; in words for whoever typed the command
    """
    if not path.is_file():
        raise Failure(f"There is no file {path}")
    try:
        rows = [cells for _number, cells in Table(str(path)).rows()]
    except TabularError as error:
        told = ", ".join(f"{name} {value}" for name, value in error.params.items())
        raise Failure(f"{path}: {error.code.replace('_', ' ')} {told}".strip()) from None
    if len(rows) < 2:
        raise Failure(f"{path}: a line with the names of the columns, and lines below it")
    names = [_text(cell) for cell in rows[0]]
    doubled = {name for name in names if name and names.count(name) > 1}
    if doubled:
        raise Failure(f"{path}: two columns are called {', '.join(sorted(doubled))}")
    return {
        name: [_text(row[place]) if place < len(row) else "" for row in rows[1:]]
        for place, name in enumerate(names)
        if name
    }


def _text(cell):
    return "" if cell is None else shown(cell).strip()


def column(table, name):
    """:raise Failure: the table has no such column"""
    if name not in table:
        raise Failure(f"There is no column '{name}': {', '.join(table)}")
    return table[name]


def numbers(name, values):
    """Read a column of numbers, or of yes and no.

    :return: list of float
    :raise Failure: a cell that is neither; empty ones as well, because unknown is not 0
    """
    decimal, found = sniff_decimal(values), []
    for row, value in enumerate(values, start=2):
        if value.lower() in YES | NO:
            found.append(float(value.lower() in YES))
            continue
        try:
            found.append(float(number(value, decimal)))
        except (ValueError, TypeError):
            told = f"'{value}' is no number" if value else "nothing stands there"
            raise Failure(f"Column '{name}', line {row}: {told}") from None
    return found
