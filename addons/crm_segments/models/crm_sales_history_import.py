"""Import of sales history: reading and order of the steps.

The file is read as a stream into a temporary table by COPY; everything after that is a
handful of statements over all lines, whatever their number: currencies and customers and
products are matched (``…_match.py``), missing ones created in batches by the host's own
``create()``, the lines inserted or corrected (``…_write.py``).
"""

import csv
import io
from collections import Counter
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..lib.history_file import HistoryFile
from ..lib.history_rows import Line, Rejected
from ..lib.tabular import TabularError

_TYPES = {
    "row": "integer",
    "position": "integer",
    "date": "date",
    "is_refund": "boolean",
    "quantity": "numeric",
    "price": "numeric",
    "amount": "numeric",
    "list_price": "numeric",
    "cost": "numeric",
}
_COLUMNS = SQL(", ").join(
    SQL("%s %s", SQL.identifier(name), SQL(_TYPES.get(name, "text"))) for name in Line._fields
)


class CrmSalesHistoryImportEngine(models.AbstractModel):
    """Imports one file. How to use::

        result = env["crm.sales.history.import.engine"]._run(source, content, dry_run=True)

    ``result`` is a dict of counts: see ``_summary``.
    """

    _name = "crm.sales.history.import.engine"
    _description = "Import of Sales History"

    @api.model
    def _run(self, source, content, mapping=None, shift_to=None, dry_run=False):
        """Import a file, in the transaction of the caller.

        :param source: crm.sales.source
        :param content: bytes or path of the file
        :param dict mapping: see ``HistoryFile``; the mapping saved on the source if None
        :param date shift_to: move all dates so that the last one falls on this day
        :param bool dry_run: match and count only
        :return: dict, see ``_summary``
        :raise UserError: unreadable file, missing column, unknown currency, no rate
        """
        source.ensure_one()
        if mapping is None:
            mapping = self._saved_mapping(source, content)
        try:
            file = HistoryFile(content, mapping)
            count, rejected = self._stage(file)
        except TabularError as error:
            raise UserError(self._explain(error))
        result = {
            "lines_read": count + len(rejected),
            "rejected": rejected,
            "mapping": file.mapping(),
        }
        self._match(source, result, shift_to)
        if not dry_run:
            self._write_all(source, result)
        self._summary(source, result)
        if not dry_run:
            # lines that a document got since are counted where the document is
            self.env["crm.sales.overlap"].sudo()._mark(source)  # sudo: follows from decisions
            source.write({"mapping": result["mapping"], "last_import_date": fields.Datetime.now()})
            source._refresh_customers({source.company_id: result["partners"]})
        return result

    @api.model
    def _saved_mapping(self, source, content):
        """The source's mapping without the columns that this file has not.

        :return: dict
        """
        saved = source.mapping or {}
        try:
            HistoryFile(content, saved)
        except TabularError:
            # Another layout than last time: recognise it anew rather than refuse it.
            return {}
        return saved

    @api.model
    def _stage(self, file):
        """Read the file into the temporary table ``crm_history_stage``.

        :return: (number of lines accepted, list of Rejected)
        """
        cr, rejected = self.env.cr, []
        # Sums over documents and joins stay in memory: 64 MB hold some 500,000 groups.
        cr.execute(SQL("SET LOCAL work_mem = '64MB'"))
        cr.execute(SQL("DROP TABLE IF EXISTS crm_history_stage"))
        cr.execute(SQL("CREATE TEMP TABLE crm_history_stage (%s) ON COMMIT DROP", _COLUMNS))
        stream = _CopyStream(_accepted(file.lines(), rejected))
        cr.copy_expert("COPY crm_history_stage FROM STDIN (FORMAT csv)", stream, 1 << 17)
        count = cr.rowcount
        cr.execute(SQL("ANALYZE crm_history_stage"))
        return count, rejected

    @api.model
    def _reasons(self, result):
        """:return: Counter of reasons why lines were rejected"""
        return Counter(line.reason for line in result["rejected"])


def _accepted(lines, rejected):
    """Yield the lines that were understood, putting the others aside."""
    for line in lines:
        if isinstance(line, Rejected):
            rejected.append(line)
        else:
            yield line


class _CopyStream:
    """Lines as the CSV that COPY reads, made as it asks for them."""

    _LINES = 1000

    def __init__(self, lines):
        self._lines = lines
        self._buffer = ""

    def read(self, size):  # pylint: disable=method-required-super
        """:return: at most ``size`` characters, '' at the end"""
        while len(self._buffer) < size and (batch := list(islice(self._lines, self._LINES))):
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(batch)
            # PostgreSQL's text knows no NUL.
            self._buffer += text.getvalue().replace("\0", "")
        part, self._buffer = self._buffer[:size], self._buffer[size:]
        return part
