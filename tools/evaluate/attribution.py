"""Models of attribution on a file of marketing paths.

Its columns: path, total_conversions, total_conversion_value, total_null. A path is
written 'search > mail > search'. Models that need the days of touches, or leads, do not apply to
such a file: time decay, W and full path.
"""

import argparse
import json
import sys
from pathlib import Path

from odoo.addons.crm_campaign_roi.lib import attribution_paths, markov
from odoo.addons.crm_campaign_roi.lib.attribution_paths import PathFileError

from ..console import say

_TEXTS = {
    "no_column": "the column {column} is missing",
    "no_paths": "no path in this file",
    "no_number": "line {line}: {value!r} in {column} is no number from 0 up",
    "no_channel": "line {line}: a path without a channel, or with an empty one",
}


def _parser():
    parser = argparse.ArgumentParser(prog="./dev evaluate attribution", description=__doc__)
    parser.add_argument("file", type=Path, help="CSV")
    parser.add_argument(
        "--order", type=int, choices=markov.ORDERS, default=1, help="channels a state remembers"
    )
    parser.add_argument(
        "--no-null", action="store_true", help="leave out paths that led to nothing"
    )
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    return parser


def evaluate(paths, order=1, nulls=True):
    """Credit under each model.

    :param paths: list of Path
    :return: dict
    """
    chain = markov.attribute(paths, order, nulls)
    models = {
        code: attribution_paths.credit_by_channel(paths, code)
        for code in attribution_paths.BY_POSITION
    }
    return {
        "conversions": sum(path.conversions for path in paths),
        "value": sum(path.value for path in paths),
        "conversion_rate": chain.rate,
        "models": {"markov": chain.credits, **models},
    }


def _report(result):
    say(f"{result['conversions']:>14,.0f} conversions")
    say(f"{result['value']:>14,.2f} value")
    say(f"{result['conversion_rate']:>14.10f} probability of conversion")
    models = result["models"]
    width = max(map(len, models["linear"]))
    say(" " * width + "".join(f"{code:>17}" for code in models))
    for channel in sorted(models["linear"], key=lambda one: -models["linear"][one][0]):
        cells = (models[code].get(channel, [0])[0] for code in models)
        say(channel.ljust(width) + "".join(f"{cell:>17,.2f}" for cell in cells))


def main(argv):
    """Evaluate a file.

    :param argv: arguments after ``./dev evaluate attribution``
    :return: exit status
    """
    options = _parser().parse_args(argv)
    try:
        with options.file.open(encoding="utf-8-sig", newline="") as lines:
            paths = attribution_paths.read_paths(lines)
    except PathFileError as error:
        sys.stderr.write(f"{options.file}: {_TEXTS[error.code].format(**error.params)}\n")
        return 1
    except (OSError, UnicodeError) as error:
        sys.stderr.write(f"{options.file}: {error}\n")
        return 1
    result = evaluate(paths, options.order, not options.no_null)
    if options.json:
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        _report(result)
    return 0
