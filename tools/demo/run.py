"""Make the demonstration database: executed in the Odoo shell, which provides `env`.

    odoo shell -d DATABASE --no-http < tools/demo/run.py

The shell doesn't tell a script where it is: run it from the root of the repository, or set
DEMO_TOOLS to the folder `tools`. The database has no data of Odoo's own demonstration and is not
prepared twice.
"""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(os.environ.get("DEMO_TOOLS", "tools")).resolve()))

from demo.build import build  # noqa: E402

_start = time.monotonic()
build(env)  # noqa: F821
print(f"Demonstration data ready in {time.monotonic() - _start:.0f} s", flush=True)
