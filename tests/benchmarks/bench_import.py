"""Import of sales history against what cannot be avoided.

Floor: COPY of the same rows into a bare table, and the host's own ``create()`` of the same
customers and products, in batches of the same size. ``floor_quiet`` is the same with the
context under which the import creates them (no tracking, no followers): for information.
"""

import json
from pathlib import Path

NAME = "import"
GOAL = 2.0
DATA = Path(__file__).parents[3] / "shared/data/online_retail/online_retail_2010_2011.csv.gz"
MEASURE = '''
import gzip, json, sys, time

path, batch = args["path"], 1000
quiet = {
    "tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True,
    "mail_notrack": True, "no_vat_validation": True, "segments_defer": True,
}

def clock(work):
    start = time.monotonic()
    work()
    env.flush_all()
    return time.monotonic() - start

def create(model, rows, context):
    Model = env[model].with_context(**context)
    for at in range(0, len(rows), batch):
        Model.create(rows[at:at + batch])
        env.flush_all()
        env.invalidate_all()

def copy():
    env.cr.execute("""CREATE TABLE bench_rows (document text, code text, name text,
        quantity numeric, date timestamp, price numeric, customer text, country text)""")
    with gzip.open(path) as stream:
        env.cr.copy_expert("COPY bench_rows FROM STDIN (FORMAT csv, HEADER)", stream, 1 << 17)

def floor(context):
    seconds = clock(copy)
    env.cr.execute("SELECT DISTINCT customer FROM bench_rows WHERE customer IS NOT NULL")
    customers = [
        {"name": "Customer " + one, "ref": one, "customer_rank": 1} for one, in env.cr.fetchall()
    ]
    env.cr.execute("""SELECT code, COALESCE(max(name), code) FROM bench_rows
        WHERE customer IS NOT NULL GROUP BY code""")
    products = [
        {"name": name, "default_code": code, "type": "consu"} for code, name in env.cr.fetchall()
    ]
    seconds += clock(lambda: create("res.partner", customers, context))
    return seconds + clock(lambda: create("product.product", products, context))

def ours():
    source = env["crm.sales.source"].create({"name": "Benchmark", "create_products": True})
    return clock(lambda: env["crm.sales.history.import.engine"]._run(source, path))

# Neither sees what the other has made: each is rolled back.
times = {}
works = {"floor": lambda: floor({}), "ours": ours, "floor_quiet": lambda: floor(quiet)}
for name, work in works.items():
    times[name] = work()
    env.cr.rollback()
sys.stdout.write(json.dumps(times))
'''


def run(context):
    """Yield one row: seconds of the import, of the floor, and their ratio."""
    if not DATA.exists():
        return
    with context.database() as name:
        times = json.loads(context.script(name, MEASURE, {"path": str(DATA)}).splitlines()[-1])
    yield {
        "work": "import 541,909 lines of sales history",
        "ours": round(times["ours"], 1),
        "floor": round(times["floor"], 1),
        "floor_quiet": round(times["floor_quiet"], 1),
        "ratio": round(times["ours"] / times["floor"], 2),
        "goal": GOAL,
    }
