"""What happens in the middle of a busy day: invoices posted, an import, the nightly run."""

import base64
import random
import threading
import time

from ..web_client import Refused

ROWS = 5000


class Books(threading.Thread):
    """An accountant who posts an invoice every few seconds for one of the shared customers."""

    def __init__(self, client, customers, pause):
        super().__init__(daemon=True)
        self.client, self.customers, self.until, self.pause = client, customers, 0, pause
        self.posted, self.errors, self.seconds = [], [], []

    def run(self):
        """Post until the time is over."""
        luck = random.Random(self.client.login)
        while time.monotonic() < self.until:
            self._one(luck.choice(self.customers))
            time.sleep(self.pause * (0.5 + luck.random()))

    def _one(self, customer):
        line = [0, 0, {"name": "Goods", "quantity": 1, "price_unit": 100, "tax_ids": [[5]]}]
        values = {"move_type": "out_invoice", "partner_id": customer, "invoice_line_ids": [line]}
        start = time.monotonic()
        try:
            move = self.client.call("account.move", "create", [values])
            self.client.call("account.move", "action_post", move)
        except (Refused, OSError) as error:
            self.errors.append(f"posting: {error}")
        else:
            self.posted.append(customer)
            self.seconds.append(time.monotonic() - start)


def import_history(client):
    """An old system's file, by the wizard."""
    rows = ["Invoice,Date,Customer,Email,Product,Quantity,Price"]
    rows += [
        f"OLD{n},2025-0{1 + n % 9}-15,,customer{1 + n % 5000}@example.com,Old thing {n % 50},1,10"
        for n in range(ROWS)
    ]
    name = f"Old system {time.time():.0f}"  # the day may be played again in the same database
    source = client.call("crm.sales.source", "create", [{"name": name}])[0]
    values = {
        "source_id": source, "filename": "old.csv",
        "file": base64.b64encode("\n".join(rows).encode()).decode(),
    }  # fmt: skip
    columns = client.call(
        "crm.sales.history.import", "onchange", [], values, ["file"],
        {"column_ids": {"fields": {"name": {}, "role": {}}}},
    )["value"].get("column_ids", [])  # fmt: skip
    values["column_ids"] = [line for line in columns if line[0] == 0]
    wizard = client.call("crm.sales.history.import", "create", [values])
    client.call("crm.sales.history.import", "action_check", wizard)
    client.call("crm.sales.history.import", "action_import", wizard)
    return client.call(
        "crm.sales.history", "search_count", [["source_id", "=", source]]
    )


def start_night(client):
    """All scheduled actions of the project become due at once."""
    names = client.call(
        "ir.model.data", "search_read",
        [["model", "=", "ir.cron"],
         ["module", "in", ["crm_segments", "crm_scenarios", "crm_campaign_roi"]]], ["res_id"],
    )  # fmt: skip
    ids = [one["res_id"] for one in names]
    return [one for one in ids if _made_due(client, one)]


def _made_due(client, cron, tries=30):
    """Make an action due; one that is at work just now can't be written, but is done anyway."""
    for _try in range(tries):
        try:
            client.call("ir.cron", "write", [cron], {"nextcall": "2020-01-01 00:00:00"})
        except Refused:
            time.sleep(0.5)
        else:
            return True
    return False


def night_left(client, ids):
    """How many of them are still to run."""
    domain = [["id", "in", ids], ["nextcall", "<", "2021-01-01"]]
    return client.call("ir.cron", "search_count", domain)
