"""Executed in the environment of a database by ``tools/load.py``: ``env``, ``args``.

Prints one line of JSON: the result, or the error in the words of the import.
"""

import datetime
import json
import resource
import sys
import time

from odoo.exceptions import UserError

env, args = globals()["env"], globals()["args"]


def source():
    """Return the source of this name in the company, made if absent."""
    Source = env["crm.sales.source"]
    found = Source.search([("name", "=", args["source"]), ("company_id", "=", env.company.id)])
    return found or Source.create({"name": args["source"], "create_products": True})


def load():
    """Import the file and divide the customers; return the import's result."""
    shift_to = args["shift_to"] and datetime.date.fromisoformat(args["shift_to"])
    # all are divided below, so the import needn't place its customers
    of_file = source().with_context(segments_defer=True)
    result = env["crm.sales.history.import.engine"]._run(
        of_file, args["path"], args["mapping"], shift_to
    )
    segmentations = env["crm.segmentation"].with_context(active_test=False).search([])
    segmentations.write({"enabled": True})
    env["crm.segmentation"].search([("enabled", "=", True)]).run()
    return result


def rejected(result):
    """Return label and first rows of each reason."""
    labels = env["crm.sales.history.import.engine"]._reason_labels()
    found = {}
    for line in result["rejected"]:
        rows = found.setdefault(line.reason, {"label": labels[line.reason], "rows": []})["rows"]
        if len(rows) < 5:
            rows.append(line.row)
    return found


def answer(result, seconds):
    """Return what is printed."""
    return {
        "lines_read": result["lines_read"],
        "lines_imported": result["lines_accepted"],
        "lines_new": result["lines_new"],
        "lines_changed": result["lines_changed"],
        "lines_rejected": len(result["rejected"]),
        "reasons": dict(result["reasons"]),
        "customers": result["customers"],
        "documents": result["documents"],
        "purchases": result["purchases"],
        "revenue": round(float(result["revenue"]), 2),
        "seconds": round(seconds, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "rejected": rejected(result),
    }


start = time.monotonic()
try:
    loaded = load()
except UserError as error:
    sys.stdout.write(json.dumps({"error": str(error)}) + "\n")
else:
    env.cr.commit()
    line = json.dumps(answer(loaded, time.monotonic() - start), ensure_ascii=False)
    sys.stdout.write(line + "\n")
