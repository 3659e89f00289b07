"""Files of marketing paths: a path, and how often it led to something or to nothing.

Columns: ``path``, ``total_conversions``, ``total_conversion_value``, ``total_null``. A path reads
``search > mail > search``. Such a file knows the order of touches, but neither their days nor
leads, so only models that need neither apply.
"""

import csv
import math

import numpy as np

from .attribution import MODELS, Paths
from .markov import Path

SEPARATOR = ">"
PATH, CONVERSIONS, VALUE, NULLS = (
    "path", "total_conversions", "total_conversion_value", "total_null",
)  # fmt: skip
#: channel that stands for a touch without campaign
DIRECT = "direct"
#: models that look at nothing but the order of touches
BY_POSITION = ("first", "last", "last_non_direct", "linear", "position")


class PathFileError(Exception):
    """The file is no file of paths.

    :ivar str code: no_column, no_paths, no_number, no_channel
    :ivar dict params: the values that belong in the sentence
    """

    def __init__(self, code, **params):
        super().__init__(code, params)
        self.code = code
        self.params = params


def read_paths(lines):
    """Read paths.

    :param lines: iterable of text lines, the first one the header
    :return: list of Path; a column that is missing counts 0, except for path and conversions
    :raise PathFileError: what is wrong, and in which line
    """
    reader = csv.DictReader(lines)
    header = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    for name in (PATH, CONVERSIONS):
        if name not in header:
            raise PathFileError("no_column", column=name)
    reader.fieldnames = header
    paths = [_path(row, reader.line_num) for row in reader]
    if not paths:
        raise PathFileError("no_paths")
    return paths


def _path(row, line):
    channels = tuple(one.strip() for one in (row[PATH] or "").split(SEPARATOR))
    if not all(channels):
        raise PathFileError("no_channel", line=line)
    return Path(channels, *(_number(row, name, line) for name in (CONVERSIONS, VALUE, NULLS)))


def _number(row, name, line):
    text = (row.get(name) or "").strip()
    try:
        value = float(text or 0)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise PathFileError("no_number", column=name, line=line, value=text)
    return value


def credit_by_channel(paths, code):
    """Credit of a path model per channel.

    :param paths: list of Path
    :param str code: one of ``BY_POSITION``
    :return: dict of channel → [conversions, value]
    """
    counts = [len(path.channels) for path in paths]
    touched = [channel for path in paths for channel in path.channels]
    flat = Paths(
        np.repeat(np.arange(len(paths)), counts),
        direct=[channel.lower() == DIRECT for channel in touched],
    )
    names, place = np.unique(touched, return_inverse=True)
    weights = MODELS[code].weights(flat)
    sums = [
        np.bincount(place, weights * np.repeat([getattr(path, what) for path in paths], counts))
        for what in ("conversions", "value")
    ]
    return {str(name): [float(a), float(b)] for name, a, b in zip(names, *sums, strict=True)}
