"""Read a table of text from CSV or XLSX, gzipped or not, row by row.

How to use::

    table = Table("/tmp/sales.csv.gz")          # or Table(b"...")
    for number, cells in table.rows():          # number: as a spreadsheet counts, from 1
        ...

What the file does not say about itself is sniffed: encoding (UTF-8 with or without
mark, UTF-16, Windows-1251, Windows-1252/Latin-1) and delimiter. Rows are read as a
stream: memory does not grow with the file.
"""

import csv
import gzip
import io
import os
import shutil
import tempfile
import weakref
import zipfile
import zlib
from functools import cached_property

GZIP, ZIP, OLE = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SAMPLE = 1 << 16  # bytes looked at to recognise the kind of file and the delimiter
SPOOL = 1 << 24  # bytes of an unpacked workbook kept in memory before going to disk
MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8-sig", "utf-16", "cp1251", "cp1252", "latin-1")


class TabularError(Exception):
    """The file cannot be read as a table.

    :ivar str code: what is wrong, for the caller to put in its user's language
    :ivar dict params: the values that belong in that sentence
    """

    def __init__(self, code, **params):
        super().__init__(code, params)
        self.code = code
        self.params = params


class UnreadableFile(TabularError):
    """Not a table at all: codes empty, not_table, old_excel, damaged, bad_row."""


class WrongEncoding(TabularError):
    """The bytes are not text in the encoding: code encoding, params encoding."""


class Table:
    """One file: where it is, how it is written, its rows.

    :param content: ``bytes``, or the path of a file
    :param str encoding: a Python codec name; sniffed if empty
    :param str delimiter: one character; sniffed if empty
    :raise TabularError: the file is not a table that can be read
    """

    def __init__(self, content, encoding=None, delimiter=None):
        self._content = content
        try:
            with self._open() as stream:
                head = stream.read(SAMPLE)
            self.kind = _kind(head)
            if self.kind == "csv":
                self.encoding = encoding or self._sniff_encoding(head)
                self.delimiter, self._skip = self._sniff_delimiter(head, delimiter)
            else:
                self.encoding, self.delimiter, self._skip = "", "", 0
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise UnreadableFile("damaged") from error

    def rows(self):
        """Yield ``(number, cells)`` for each row that is not empty.

        :return: cells are str from CSV; str, int, float, datetime or None from XLSX
        """
        read = self._csv_rows if self.kind == "csv" else self._xlsx_rows
        for number, cells in enumerate(read(), start=1):
            if any(cells) and number > self._skip:
                yield number, cells

    def _open(self):
        raw = _raw(self._content)
        head = raw.read(2)
        raw.seek(0)
        return gzip.GzipFile(fileobj=raw) if head == GZIP else raw

    def _csv_rows(self):
        try:
            with self._open() as stream:
                text = io.TextIOWrapper(stream, encoding=self.encoding, newline="")
                yield from csv.reader(text, delimiter=self.delimiter)
        except UnicodeError as error:
            raise WrongEncoding("encoding", encoding=self.encoding) from error
        except csv.Error as error:
            raise UnreadableFile("bad_row", detail=str(error)) from error
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise UnreadableFile("damaged") from error

    def _xlsx_rows(self):
        try:
            yield from self._sheet.iter_rows(values_only=True)
        except (zipfile.BadZipFile, KeyError, ValueError, IndexError) as error:
            raise UnreadableFile("damaged") from error

    @cached_property
    def _sheet(self):
        """The first sheet. Opening it reads a sheet that doesn't tell its size, so it is kept."""
        import openpyxl  # only who brings a workbook pays for loading it

        spool = tempfile.SpooledTemporaryFile(SPOOL)  # noqa: SIM115 it is read from until the end
        weakref.finalize(self, spool.close)
        with self._open() as stream:
            shutil.copyfileobj(stream, spool)
        return openpyxl.load_workbook(spool, read_only=True, data_only=True).worksheets[0]

    def _sniff_encoding(self, head):
        for mark, encoding in MARKS:
            if head.startswith(mark):
                return encoding
        if (wide := _utf16_without_mark(head)) is not None:
            return wide
        return "utf-8" if self._is_utf8() else _eight_bit(self._high_sample())

    def _is_utf8(self):
        # The whole file: the first accent may stand in its last line.
        try:
            with self._open() as stream:
                text = io.TextIOWrapper(stream, encoding="utf-8")
                while text.read(SAMPLE):
                    pass
        except UnicodeDecodeError:
            return False
        return True

    def _high_sample(self):
        """Bytes around which letters beyond ASCII occur: at most 64 lines."""
        with self._open() as stream:
            lines = (line for line in stream if not line.isascii())
            return b"".join(line for line, _i in zip(lines, range(64), strict=False))

    def _sniff_delimiter(self, head, delimiter):
        """Return the delimiter and how many lines before the table to skip (``sep=;``)."""
        text = head.decode(self.encoding, errors="replace")
        first = text.partition("\n")[0].strip().lower()
        if first.startswith("sep=") and len(first) == 5:
            return first[4], 1
        return delimiter or max(DELIMITERS, key=lambda one: _regularity(text, one)), 0


def _raw(content):
    """:return: a binary stream over bytes or over the file at a path"""
    return io.BytesIO(content) if isinstance(content, bytes) else open(os.fspath(content), "rb")


def _kind(head):
    """:return: 'csv' or 'xlsx', told by the first bytes"""
    if not head.strip():
        raise UnreadableFile("empty")
    if head.startswith(OLE):
        raise UnreadableFile("old_excel")
    if head.startswith(ZIP):
        return "xlsx"
    marked = any(head.startswith(mark) for mark, _encoding in MARKS)
    if not marked and b"\0" in head and _utf16_without_mark(head) is None:
        raise UnreadableFile("not_table")
    return "csv"


def _utf16_without_mark(head):
    """:return: the codec if every other byte is mostly zero, as in UTF-16, else None"""
    half = len(head) // 2 or 1
    odd, even = head[1::2].count(0) / half, head[::2].count(0) / half
    if max(odd, even) < 0.4 or min(odd, even) > 0.1:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _eight_bit(sample):
    """:return: 'cp1251' where letters beyond ASCII stand in runs (words), else 'cp1252'

    In Western text an accent stands alone among ASCII letters.
    """
    high = [byte >= 0xC0 for byte in sample]
    runs = sum(one and other for one, other in zip(high, high[1:], strict=False))
    if runs * 2 > sum(high):
        return "cp1251"
    try:
        sample.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"


def _regularity(text, delimiter):
    """:return: (rows of the most frequent width) × (width - 1): the higher, the likelier"""
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error:
        return 0
    widths = widths[:200]
    width = max(set(widths), key=widths.count)
    return widths.count(width) * (width - 1)
