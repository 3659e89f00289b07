"""Run by the host's interpreter: functions of ``actions*.py``, called one after the other.

A line of JSON from standard input names a function and its arguments; a line on
standard output carries its result, or the error that rolled the transaction back.
"""

import json
import sys
import threading

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config


class Server:
    """A database with a transaction that stays open between calls."""

    def __init__(self, database):
        from tests import actions, actions_conflicts, actions_faults, actions_scenarios

        parts = (actions, actions_conflicts, actions_faults, actions_scenarios)
        self.actions = {name: one for part in parts for name, one in vars(part).items()}
        self.registry = Registry(database)
        self._open()

    def _open(self):
        self.cr = self.registry.cursor()
        context = api.Environment(self.cr, SUPERUSER_ID, {})["res.users"].context_get()
        self.env = api.Environment(self.cr, SUPERUSER_ID, context)
        self._end()

    def _end(self):
        """The next call begins a transaction, as a request does."""
        self.cr.rollback()
        self.begun = False

    def _begin(self):
        """Know what other processes have told meanwhile; no snapshot is taken yet."""
        if not self.begun:
            self.registry.check_signaling()
            self.env.invalidate_all()
            self.begun = True

    def commit(self):
        """End the transaction as a request does."""
        self.env.flush_all()
        self.cr.commit()
        self.registry.signal_changes()
        self._end()

    def rollback(self):
        """End the transaction; where the connection is lost, take another."""
        try:
            self.env.transaction.reset()
            self._end()
        except psycopg2.Error:
            self.cr.close()
            self._open()

    def call(self, job):
        """Call what the job names; return a dict with ``result`` or ``error``."""
        tries = []
        self._begin()

        def function():
            tries.append(1)
            return self.actions[job["name"]](self.env, **job["args"])

        if job["name"] in ("commit", "rollback"):
            result = getattr(self, job["name"])()
        elif job["retry"]:
            result = retrying(function, self.env)
            self._end()
        else:
            result = function()
            self.env.flush_all()
        return {"result": result, "tries": len(tries)}

    def answer(self, job):
        """The same, with errors told."""
        try:
            answer = self.call(job)
        except Exception as error:
            self.rollback()
            answer = {"kind": type(error).__name__, "error": str(error)}
        return {**answer, "backend": self.cr._cnx.get_backend_pid()}


def main():
    """Answer until standard input ends."""
    conf, database = sys.argv[1:]
    answers, sys.stdout = sys.stdout, sys.stderr
    arguments = ["--config", conf, "--database", database, "--log-level", "info", "--no-http"]
    config.parse_config(arguments, setup_logging=True)
    threading.current_thread().dbname = database
    server = Server(database)
    for line in sys.stdin:
        print(json.dumps(server.answer(json.loads(line))), file=answers, flush=True)


main()
