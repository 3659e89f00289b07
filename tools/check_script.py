"""Executed in the environment of a database by ``./dev check``: ``env``.

Prints one line of JSON: what ``crm.consistency.check`` has found in all companies.
"""

import json
import sys

env = globals()["env"]
companies = env["res.company"].search([])
found = env["crm.consistency"].with_context(allowed_company_ids=companies.ids).check()
sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
