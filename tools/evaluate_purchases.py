"""Purchases of a file of sales history, as the figures of customers count them."""

from odoo.addons.crm_segments.lib.history_file import HistoryFile
from odoo.addons.crm_segments.lib.history_rows import Line


def purchases(path, mapping=None):
    """Read the documents of a file that are purchases.

    A document is one if its untaxed total is positive and not all of its lines are those of a
    credit note, dated by its first line.

    :param path: CSV or XLSX, gzipped or not
    :param dict mapping: as ``HistoryFile`` takes it
    :return: (list of (customer, date), last date of the file)
    :raise TabularError: the file is not one that can be read
    """
    documents, last = {}, None
    for line in HistoryFile(path, mapping).lines():
        if not isinstance(line, Line):
            continue
        last = max(last or line.date, line.date)
        key = line.customer, line.document
        day, amount, refund = documents.get(key, (line.date, 0, True))
        documents[key] = min(day, line.date), amount + line.amount, refund and line.is_refund
    return [
        (customer, day)
        for (customer, _document), (day, amount, refund) in documents.items()
        if amount > 0 and not refund
    ], last
