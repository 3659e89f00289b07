"""Fixtures for tests that need the host itself, beside the database that pytest-odoo opens."""

import json
import unittest
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

#: modules of the host that no add-on depends on and some do something with
BESIDE = (
    "mass_mailing", "privacy_lookup", "sale_stock", "purchase", "hr_timesheet", "hr_expense",
)  # fmt: skip


def pytest_collection_modifyitems(items):
    """Odoo's own test cases come last here: they end every process that a test has started."""
    here = Path(__file__).parent
    places = [place for place, item in enumerate(items) if here in item.path.parents]
    ours = sorted((items[place] for place in places), key=_is_case)
    for place, item in zip(places, ours, strict=True):
        items[place] = item


def _is_case(item):
    return bool(item.cls) and issubclass(item.cls, unittest.TestCase)


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


@contextmanager
def _databases():
    from tools import database, host

    place = host.attach()
    with ExitStack() as stack:

        def make(modules):
            name = stack.enter_context(database.temporary(place, modules, "case"))
            return Database(place, name)

        yield make


@pytest.fixture
def make_database():
    """Return a function that makes a database with the given modules, dropped after the test."""
    with _databases() as make:
        yield make


@pytest.fixture(scope="module")
def make_shared_database():
    """As ``make_database``, for what all tests of a module only read."""
    with _databases() as make:
        yield make


@pytest.fixture(scope="session")
def _retail():
    """Function: the database with the real file, loaded once; and what the import said."""
    from tools import modules

    from .online_retail import DATA, LOAD, YESTERDAY

    loaded = {}
    with _databases() as make:

        def load(moved):
            if moved not in loaded:
                database = make(modules.everything("test"))
                shift_to = YESTERDAY.isoformat() if moved else None
                output = database.script(LOAD, path=str(DATA), shift_to=shift_to)
                loaded[moved] = database, json.loads(output.strip().splitlines()[-1])
            return loaded[moved]

        yield load


@pytest.fixture(scope="module")
def make_retail(_retail):
    """Return a function: a copy of the database with the real file, and what the import said.

    ``moved``: so that the file ends yesterday. All segmentations are switched off.
    """
    from tools import database

    with ExitStack() as stack:

        def make(moved):
            source, said = _retail(moved)
            name = stack.enter_context(database.copied(source.host, source.name, "case"))
            return Database(source.host, name), said

        yield make


@pytest.fixture(scope="session")
def _beside():
    """Function: the database with all add-ons, and those modules installed after them."""
    from tools import database, modules

    made = []
    with _databases() as make:

        def source():
            if not made:
                made.append(make(modules.everything("test")))
                database.install(made[0].host, made[0].name, BESIDE)
            return made[0]

        yield source


@pytest.fixture
def make_database_beside(_beside):
    """As ``make_database``: all add-ons beside those modules of the host that they only notice."""
    from tools import database

    with ExitStack() as stack:

        def make():
            source = _beside()
            name = stack.enter_context(database.copied(source.host, source.name, "case"))
            return Database(source.host, name)

        yield make


@dataclass
class Office:
    """A database where several servers work at once.

    :ivar a: a server; ``b`` another, ``eye`` a connection that looks at facts and holds locks
    :ivar journals: ids of two journals of sales
    """

    database: Database
    a: object
    b: object
    eye: object
    journals: list

    def another(self, name):
        """Start one more server, to be killed."""
        from .sessions import Session

        return Session(self.database, name)


@pytest.fixture(scope="session")
def _office():
    from tools import modules

    from .sessions import Observer, Session

    with _databases() as make, ExitStack() as stack:
        database = make(modules.everything("test"))
        opened = [Session(database, name) for name in "ab"] + [Observer(database)]
        for one in opened:
            stack.callback(one.close)
        yield Office(database, *opened, opened[0].do("prepare"))


@pytest.fixture
def office(_office):
    """Two servers and an observer on one database; what other tests have set up is off."""
    yield _office
    _office.eye.release()
    for session in (_office.a, _office.b):
        session.settle()
    _office.a.do("switch_off")
    # the customers of this test are in no segment of the next one
    _office.eye.rows("UPDATE res_partner SET city = NULL WHERE city IS NOT NULL")


@pytest.fixture
def followed(office):
    """Credit has followed what earlier tests did: no cron of this database runs by itself."""
    office.a.do("rebuild_credit")


@pytest.fixture
def victim(office):
    """A server that the test kills."""
    session = office.another("victim")
    yield session
    session.kill()
