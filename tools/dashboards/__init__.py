"""Spreadsheet dashboards of the add-ons, written as the host's own are (``*_dashboard.json``).

A module of this package has ``FILES``: path below ``addons/`` → function that builds the data.
"""

import json

from .. import paths
from . import campaigns, segments

#: path below addons/ → function
FILES = {**segments.FILES, **campaigns.FILES}


def text(build):
    """Return the content of a file: the same for the same code."""
    return json.dumps(build(), indent=1, ensure_ascii=False) + "\n"


def write():
    """Write all files; return the paths of those that changed."""
    changed = []
    for name, build in FILES.items():
        path, content = paths.ADDONS / name, text(build)
        if not path.is_file() or path.read_text(encoding="utf-8") != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            changed.append(path)
    return changed
