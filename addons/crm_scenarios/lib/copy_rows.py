"""numpy columns as PostgreSQL's ``COPY … FROM STDIN (FORMAT binary)``. No database.

A hundred thousand rows are written without a Python object per value, and no number passes
through text.

>>> text = copy_rows([np.array([7], "int32"), np.array([[1, 2]], "int32")])
>>> len(text) - len(COPY_HEADER), text[-2:]
(52, b'\\xff\\xff')
"""

import numpy as np

from .copy_columns import COPY_HEADER

#: number of the type int4: https://www.postgresql.org/docs/current/catalog-pg-type.html
INT4 = 23
_KINDS = {"i": ">i4", "f": ">f8", "b": "i1"}
#: dimensions, has NULLs, type of the elements, how many, first index
_ARRAY = (1, 0, INT4, None, 1)


def copy_rows(columns):
    """The bytes of a binary COPY; nothing in it is NULL.

    :param list columns: arrays of as many rows: whole numbers (``int4``), floats (``float8``),
        truth values (``bool``), or whole numbers in two dimensions (``int4[]`` of one length)
    """
    row, filled = [("fields", ">i2")], {"fields": len(columns)}
    for place, column in enumerate(columns):
        kind = _KINDS[column.dtype.kind]
        if column.ndim == 1:
            row += [(f"length{place}", ">i4"), (f"value{place}", kind)]
            filled |= {f"length{place}": np.dtype(kind).itemsize, f"value{place}": column}
            continue
        size = column.shape[1]
        item = np.dtype([("length", ">i4"), ("value", ">i4")])
        row += [(f"length{place}", ">i4"), (f"head{place}", ">i4", len(_ARRAY))]
        row += [(f"value{place}", item, size)]
        values = np.empty(column.shape, item)
        values["length"], values["value"] = 4, column
        head = [size if one is None else one for one in _ARRAY]
        filled |= {f"length{place}": 20 + 8 * size, f"head{place}": head, f"value{place}": values}
    rows = np.empty(len(columns[0]), np.dtype(row))
    for name, value in filled.items():
        rows[name] = value
    return COPY_HEADER + rows.tobytes() + b"\xff\xff"
