"""Reading the machine's apt settings."""

import pytest

from tools import apt
from tools.console import Failure

DEB822 = """\
Types: deb
# a snapshot once: deb mirror.example
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/some.gpg

Types: deb deb-src
URIs: http://mirror.example/security
Suites: bookworm-security
Components: main contrib
"""


def test_deb822():
    first, second = apt.parse_deb822(DEB822)
    assert first.uri == "http://mirror.example/debian"
    assert first.suites == ["bookworm", "bookworm-updates"]
    assert first.signed_by == "/usr/share/keyrings/some.gpg"
    assert second.components == ["main", "contrib"]
    assert second.signed_by == ""


def test_deb822_leaves_out_disabled_and_source_archives():
    first, _second = DEB822.split("\n\n")
    assert apt.parse_deb822(f"Enabled: no\n{first}") == []
    assert apt.parse_deb822("Types: deb-src\nURIs: http://a\nSuites: sid\nComponents: main") == []


def test_deb822_inline_key():
    text = "Types: deb\nURIs: http://a\nSuites: sid\nComponents: main\nSigned-By:\n -----BEGIN\n x"
    (source,) = apt.parse_deb822(text)
    assert source.signed_by == ""
    assert source.components == ["main"]


def test_one_line_format():
    text = """
    # deb http://old.example/debian bookworm main
    deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main non-free # here
    deb-src http://mirror.example/debian bookworm main
    """
    (source,) = apt.parse_list(text)
    assert (source.uri, source.suites) == ("http://mirror.example/debian", ["bookworm"])
    assert source.components == ["main", "non-free"]
    assert source.signed_by == "/k.gpg"


def test_the_mirror_is_that_of_the_release():
    sources = [
        apt.Source("https://third.example/apt", ["nodistro"], ["main"]),
        apt.Source("http://mirror.example/security", ["bookworm-security"], ["main"]),
        apt.Source("http://mirror.example/debian", ["bookworm"], ["main"]),
    ]
    assert apt.debian_mirror(sources, "bookworm").uri == "http://mirror.example/debian"


def test_no_mirror_is_a_clear_failure():
    with pytest.raises(Failure, match="--odoo PATH"):
        apt.debian_mirror([], "bookworm")


def test_both_formats_are_read(tmp_path):
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list").write_text("deb http://one sid main\n")
    (tmp_path / "sources.list.d" / "debian.sources").write_text(DEB822)
    (tmp_path / "sources.list.d" / "old.list.save").write_text("deb http://no sid main\n")
    uris = [source.uri for source in apt.read_sources(tmp_path)]
    assert uris == ["http://one", "http://mirror.example/debian", "http://mirror.example/security"]
