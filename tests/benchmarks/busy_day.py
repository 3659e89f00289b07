"""Twenty users at once, each opening one screen after the other, with pauses to read it."""

import random
import re
import threading
import time
from collections import defaultdict

from ..web_client import Client, Refused, timed
from . import busy_work
from .busy_data import ROLES, SHARED
from .busy_screens import HOST, OURS
from .busy_screens import ROLES as SCREENS

#: seconds between two screens of a user, on average
PAUSE = 4.0
#: lines of the server's log that nobody must ever see
BAD = re.compile(r"deadlock detected|Traceback|CRITICAL|\bERROR\b")


class User(threading.Thread):
    """Opens screens of a role until the time is over."""

    def __init__(self, client, role):
        super().__init__(daemon=True)
        self.client, self.until = client, 0
        self.screens = {name: {**HOST, **OURS}[name] for name in SCREENS[role]}
        self.times, self.errors = defaultdict(list), []

    def run(self):
        """Each screen equally often."""
        luck = random.Random(self.client.login)
        time.sleep(PAUSE * luck.random())
        while time.monotonic() < self.until:
            self.open(luck.choice(list(self.screens)), luck)
            time.sleep(PAUSE * (0.5 + luck.random()))

    def warm_up(self):
        """Fetch the views, which the web client keeps on disk; this isn't counted."""
        for name in self.screens:
            self.open(name, random.Random(0))
        self.times.clear()

    def open(self, name, luck):
        """Open one screen and note how long it took, or that it failed."""
        try:
            seconds, _result = timed(lambda: self.screens[name](self.client, luck))
        except (Refused, OSError) as error:
            self.errors.append(f"{name}: {error}")
        else:
            self.times[name].append(seconds)


def play(home, database, seconds):
    """A busy day in ``seconds``.

    :return: dict of ``times`` (screen → seconds), ``errors`` and ``work`` (what was done meanwhile)
    """
    boss = Client(home, database, "boss0")
    known = _known(boss)
    users, books = _people(home, database, known)
    until = time.monotonic() + seconds
    for thread in (*users, *books):
        thread.until = until
        thread.start()
    work, errors = _meanwhile(boss, known, seconds)
    for thread in (*users, *books):
        thread.join()
    work |= _after(boss, books, known, work.pop("night"))
    times = defaultdict(list)
    for user in users:
        for name, some in user.times.items():
            times[name] += some
    errors += [error for thread in (*users, *books) for error in thread.errors]
    times["posting an invoice"] = [one for thread in books for one in thread.seconds]
    return {"times": times, "errors": errors, "work": work}


def _people(home, database, known):
    """Users and accountants, each logged in, who have seen each of their screens once."""
    users, books = [], []
    for role, (count, _groups) in ROLES.items():
        views = {}
        for number in range(count):
            client = Client(home, database, f"{role}{number}")
            client.views = views  # those of a role get the same
            client.customers, client.campaigns = known["customers"], known["campaigns"]
            if role == "books":
                books.append(busy_work.Books(client, known["shared"], PAUSE))
            else:
                users.append(User(client, role))
                users[-1].warm_up()
    return users, books


def _known(client):
    """Records that the users open, and what is counted before."""
    customers = client.call("res.partner", "search", [["ref", "like", "C"]], limit=5000)
    campaigns = client.call("utm.campaign", "search", [["title", "like", "Campaign"]])
    shared = customers[-SHARED:]
    known = {"customers": customers, "shared": shared, "campaigns": campaigns}
    return {**known, "counted": _purchases(client, shared), "invoices": _invoices(client, shared)}


def _purchases(client, shared):
    """Purchases of the shared customers as the figures have them."""
    domain = [["partner_id", "in", shared], ["company_id", "=", client.companies[0]]]
    rows = client.call("crm.customer.metrics", "search_read", domain, ["purchase_count"])
    return sum(row["purchase_count"] for row in rows)


def _invoices(client, shared):
    return client.call(
        "account.move", "search_count",
        [["partner_id", "in", shared], ["state", "=", "posted"], ["move_type", "=", "out_invoice"]],
    )  # fmt: skip


def _meanwhile(boss, known, seconds):
    """The import after a fifth of the time, the night's work after two fifths."""
    work, errors = {}, []
    time.sleep(seconds / 5)
    try:
        work["import seconds"], work["import lines"] = timed(
            lambda: busy_work.import_history(boss)
        )
    except (Refused, OSError) as error:
        errors.append(f"import: {error}")
    time.sleep(seconds / 5)
    work["night"] = busy_work.start_night(boss)
    return work, errors


def _after(boss, books, known, night, patience=1800):
    """Wait for the night's work; invoices that were posted, and what the figures count."""
    start = time.monotonic()
    while busy_work.night_left(boss, night) and time.monotonic() < start + patience:
        time.sleep(2)
    posted = sum(len(thread.posted) for thread in books)
    return {
        "night seconds after the day": time.monotonic() - start,
        "night unfinished": busy_work.night_left(boss, night),
        "posted": posted,
        "invoices": _invoices(boss, known["shared"]) - known["invoices"],
        "counted": _purchases(boss, known["shared"]) - known["counted"],
    }


def bad_lines(log):
    """Lines of a server's log that tell of an error."""
    return [line for line in log.read_text().splitlines() if BAD.search(line)]
