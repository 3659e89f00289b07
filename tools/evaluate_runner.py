"""Run one evaluation in the host's interpreter: ``KIND ARGUMENTS…``. Needs no database."""

import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(kind, *argv):
    """Make the add-ons importable under their names in Odoo, then hand over."""
    import odoo.addons

    odoo.addons.__path__.append(str(ROOT / "addons"))
    return importlib.import_module(f"tools.evaluate.{kind}").main(list(argv))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
