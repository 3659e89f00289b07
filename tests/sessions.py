"""Servers of a test: processes of Odoo with a transaction of their own that stays open.

The test tells each what to do next, so that the order of what happens in concurrent
transactions is fixed by the test and never by the clock.
"""

import json
import os
import queue
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

import psycopg2

RUNNER = Path(__file__).parent / "session_runner.py"
#: seconds until a test gives up on something that has to happen
PATIENCE = 120


class SessionError(Exception):
    """What was called in the process has raised.

    :ivar kind: name of the exception's class
    """

    def __init__(self, kind, text):
        super().__init__(f"{kind}: {text}")
        self.kind = kind


class Session:
    """A process of Odoo; functions of ``actions.py`` are called in it."""

    def __init__(self, database, name):
        from tools import odoo, paths

        paths.LOGS.mkdir(parents=True, exist_ok=True)
        with open(paths.LOGS / f"session-{name}.log", "w") as log:
            self._process = subprocess.Popen(
                [database.host.python, "-P", RUNNER, paths.CONF, database.name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=odoo.environment(database.host),
                cwd=paths.ROOT,
            )
        self._answers = queue.Queue()
        self._pending = 0
        threading.Thread(target=self._listen, daemon=True).start()
        self.backend = self.call("backend")

    def _listen(self):
        for line in self._process.stdout:
            self._answers.put(json.loads(line))
        self._answers.put({"kind": "Ended", "error": "the process has ended"})

    def start(self, name, /, *, retry=False, **args):
        """Call a function without waiting for its end.

        :param retry: call it as the server calls what a user does: repeated, then committed
        """
        job = {"name": name, "args": args, "retry": retry}
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        self._pending += 1

    def answer(self):
        """Wait for the end of what was started and return its result."""
        answer = self._answers.get(timeout=PATIENCE)
        self._pending -= 1
        self.backend = answer.get("backend", 0)
        #: how often the last call was made
        self.tries = answer.get("tries", 0)
        if "error" in answer:
            raise SessionError(answer["kind"], answer["error"])
        return answer["result"]

    def call(self, name, /, *, retry=False, **args):
        """Call a function and return its result; the transaction stays open unless ``retry``."""
        self.start(name, retry=retry, **args)
        return self.answer()

    def do(self, name, /, **args):
        """Call a function and commit."""
        result = self.call(name, **args)
        self.commit()
        return result

    def commit(self):
        """End the transaction well."""
        self.call("commit")

    def rollback(self):
        """End the transaction without a trace."""
        self.call("rollback")

    def settle(self):
        """After a test, however it ended: no answer outstanding, no transaction open."""
        while self._pending:
            with suppress(SessionError):
                self.answer()
        self.rollback()

    def kill(self):
        """Kill the process as a crash would."""
        self._process.kill()
        self._process.wait(PATIENCE)

    def close(self):
        """End the process; nothing that it did not commit is kept."""
        self._process.stdin.close()
        if self._process.poll() is None:
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()


class Observer:
    """A connection besides Odoo's: looks at facts and locks, and holds locks for a test."""

    def __init__(self, database):
        server = database.host.server
        self._connect = lambda: psycopg2.connect(
            dbname=database.name, host=str(server.host) or None, port=server.port,
            user=server.user, password=server.password or os.environ.get("PGPASSWORD"),
        )  # fmt: skip
        self._looking = self._connect()
        self._looking.autocommit = True
        self._holding = self._connect()

    def rows(self, sql, *values):
        """Rows of a statement, in a transaction of its own."""
        with self._looking.cursor() as cr:
            cr.execute(sql, values)
            return cr.fetchall() if cr.description else []

    def value(self, sql, *values):
        """The only value of a statement."""
        [[value]] = self.rows(sql, *values)
        return value

    def hold(self, sql, *values):
        """Run a statement whose locks are kept until :meth:`release`."""
        with self._holding.cursor() as cr:
            cr.execute(sql, values)
            assert not cr.description or cr.fetchall(), "nothing to lock"

    def release(self):
        """Let go of all locks."""
        self._holding.rollback()

    def until(self, sql, *values):
        """Wait until a statement returns true."""
        deadline = time.monotonic() + PATIENCE
        while not self.value(sql, *values):
            assert time.monotonic() < deadline, f"never came: {sql} {values}"
            time.sleep(0.05)

    def until_waiting(self, backend):
        """Wait until a connection waits for a lock."""
        self.until("SELECT EXISTS (SELECT FROM pg_locks WHERE pid = %s AND NOT granted)", backend)

    def until_gone(self, backend):
        """Wait until a connection has ended, and with it its transaction."""
        self.until("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = %s)", backend)

    def close(self):
        """End the connections."""
        self._looking.close()
        self._holding.close()
