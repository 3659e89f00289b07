"""PostgreSQL's ``COPY … TO STDOUT (FORMAT binary)`` as numpy columns. No database.

Rows of fixed width (no NULL, no text) are read without a Python object per value: some
million lines take a second and little more memory than their columns.

>>> import struct
>>> row = struct.pack(">hiiid", 2, 4, 7, 8, 1.5)
>>> reader = CopyColumns([("product", "int32"), ("quantity", "float64")])
>>> for part in (COPY_HEADER + row[:5], row[5:], struct.pack(">h", -1)):
...     _ = reader.write(part)
>>> columns = reader.columns()
>>> columns["product"].tolist(), columns["quantity"].tolist()
([7], [1.5])
"""

import io

import numpy as np

#: signature, flags, length of the extension
COPY_HEADER = b"PGCOPY\n\xff\r\n\x00" + b"\x00" * 8
#: rows are turned into columns when so many bytes have come
CHUNK = 1 << 23


class CopyColumns(io.RawIOBase):
    """File-like object that ``copy_expert`` writes to; :meth:`receive` is the fast way.

    Format: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format".

    :param list columns: (name, numpy type) in the order of the SELECT; ``int32`` for
        ``int4``, ``float64`` for ``float8``
    """

    def __init__(self, columns):
        super().__init__()
        self._names = [name for name, _type in columns]
        self._types = {name: np.dtype(type_) for name, type_ in columns}
        fields = [("fields", ">i2")]
        for name, type_ in self._types.items():
            fields += [(f"{name}_length", ">i4"), (name, type_.newbyteorder(">"))]
        self._row = np.dtype(fields)
        # the header comes first, then rows: what is waited for
        self._buffer, self._enough = bytearray(), len(COPY_HEADER)
        self._seen_header = False
        self._chunks = []

    def receive(self, cursor, query, values=None):
        """Run a query and take its rows.

        psycopg2 writes once per row, so some million times: to a buffer, without Python's help.

        :param cursor: of psycopg2
        :param str query: the SELECT
        :param values: what stands for its placeholders, if it has any
        :return: :meth:`columns`
        """
        query = cursor.mogrify(query, values).decode()
        with io.BufferedWriter(self, CHUNK) as buffer:
            cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT binary)", buffer, 1 << 17)
        return self.columns()

    def writable(self):
        """As a file that is written to."""
        return True

    def write(self, data):  # pylint: disable=method-required-super
        """Take the next bytes; return how many."""
        buffer = self._buffer
        buffer += data
        if len(buffer) >= self._enough:
            self._go_on()
        return len(data)

    def _go_on(self):
        """Leave the header behind, or make columns of the rows that have come."""
        if self._seen_header:
            self._take()
            return
        if not self._buffer.startswith(COPY_HEADER[:11]):
            raise ValueError("This is no binary COPY.")
        del self._buffer[: len(COPY_HEADER)]
        self._seen_header, self._enough = True, CHUNK

    def _take(self):
        """Turn the whole rows of the buffer into columns."""
        count = len(self._buffer) // self._row.itemsize
        rows = np.frombuffer(bytes(self._buffer[: count * self._row.itemsize]), self._row)
        for name, type_ in self._types.items():
            if (rows[f"{name}_length"] != type_.itemsize).any():
                raise ValueError(f"Column {name} has values of another width, or NULL.")
        self._chunks.append({name: rows[name].astype(self._types[name]) for name in self._names})
        del self._buffer[: count * self._row.itemsize]

    def columns(self):
        """:return: dict of name → array, of all rows; call it once, at the end"""
        trailer = self._buffer[-2:]
        if trailer == b"\xff\xff":
            del self._buffer[-2:]
        self._take()
        if self._buffer or trailer != b"\xff\xff":
            raise ValueError("The COPY ended in the middle of a row.")
        chunks, self._chunks = self._chunks, []
        return {name: np.concatenate([one[name] for one in chunks]) for name in self._names}
