"""Where the cluster lies and how an existing server is named."""

from pathlib import Path

import pytest

from tools import postgres
from tools.console import Failure


def test_uri():
    server = postgres.Server.from_uri("postgresql://me:a%40b@db.example:5433", Path("bin"))
    assert (server.host, server.port, server.user) == ("db.example", "5433", "me")
    assert server.environment()["PGPASSWORD"] == "a@b"


def test_uri_of_a_socket():
    server = postgres.Server.from_uri("postgresql://me@/?host=/run/pg", Path("bin"))
    assert (server.host, server.port) == ("/run/pg", "5432")


@pytest.mark.parametrize("uri", ["mysql://me@db", "db.example", "postgresql://postgres@db"])
def test_unusable_uri(uri):
    with pytest.raises(Failure):
        postgres.Server.from_uri(uri, Path("bin"))


def test_socket_of_a_deep_checkout_lies_elsewhere():
    near, deep = Path("/srv/checkout/.host/postgres"), Path("/srv") / ("d" * 120)
    assert postgres.socket_directory(near) == near
    assert len(str(postgres.socket_directory(deep) / postgres.SOCKET)) <= postgres.SOCKET_LIMIT


def test_directories_that_only_the_owner_enters(tmp_path):
    inner = tmp_path / "private" / "checkout" / "postgres"
    inner.mkdir(parents=True)
    (tmp_path / "private").chmod(0o700)
    assert not postgres.reachable_by_others(inner)
