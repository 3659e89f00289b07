"""Fixtures for tests that need the host itself, beside the database that pytest-odoo opens."""

from dataclasses import dataclass

import pytest


@dataclass
class Database:
    """A database of a test: its name, and scripts run in it by a process of their own."""

    host: object
    name: str

    def script(self, source, **args):
        """Run a script that has to succeed and return what it printed.

        It finds ``env`` and ``args``; what it wants to keep it commits.
        """
        from tools import odoo

        return odoo.check_script(self.host, self.name, source, args, message="The script failed")

    def query(self, sql):
        """Return the rows of a statement as lists of texts."""
        return self.host.server.query(sql, self.name)


@pytest.fixture
def make_database():
    """Return a function that makes a database with the given modules, dropped after the test."""
    from contextlib import ExitStack

    from tools import database, host

    place = host.attach()
    with ExitStack() as stack:

        def make(modules):
            name = stack.enter_context(database.temporary(place, modules, "case"))
            return Database(place, name)

        yield make
