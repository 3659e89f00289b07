"""Make the demonstration database: executed with ``env`` by ``./dev demo``.

The database has no data of Odoo's own demonstration, and is not prepared twice.
"""

import time

from tools.demo.build import build

_start = time.monotonic()
build(env)  # noqa: F821
print(f"Demonstration data ready in {time.monotonic() - _start:.0f} s", flush=True)
