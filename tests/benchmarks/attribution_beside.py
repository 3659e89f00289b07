"""Run by an interpreter of its own: removal effects of a file of paths by ChannelAttribution.

The file is a CSV of ``path`` and ``conversions``; prints seconds and the shares of the channels.
"""

import contextlib
import io
import json
import sys
import time

import pandas
from ChannelAttribution import markov_model


def main(path):
    """Print JSON as the last line."""
    table = pandas.read_csv(path)
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        found = markov_model(table, "path", "conversions", order=1, verbose=False, flg_pro=False)
    seconds = time.perf_counter() - start
    total = found.iloc[:, 1].sum()
    shares = {str(name): float(value / total) for name, value in found.iloc[:, :2].values}
    sys.stdout.write("\n" + json.dumps({"seconds": seconds, "shares": shares}) + "\n")


main(sys.argv[1])
