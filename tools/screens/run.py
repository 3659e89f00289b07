"""Run by the host's interpreter: a work in the browser, with what the command says as JSON.

``pictures`` takes the pictures of the descriptions, ``axe`` looks for what keeps people out.
"""

import importlib
import json
import sys

WORKS = {"pictures": "shoot", "axe": "axe"}

if __name__ == "__main__":
    work = importlib.import_module(f"tools.screens.{WORKS[sys.argv[1]]}")
    sys.exit(work.main(json.loads(sys.argv[2])))
