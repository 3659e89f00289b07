"""Fetch Debian packages without root, from the mirror that the machine's apt settings name."""

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from .console import Failure, tail

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
RELEASES = {"sid", "unstable", "testing", "stable", "oldstable"}


@dataclass
class Source:
    """One archive of the apt settings."""

    uri: str
    suites: list
    components: list
    signed_by: str = ""
    types: list = field(default_factory=lambda: ["deb"])


def parse_list(text):
    """Parse the one-line format (``sources.list``)."""
    pattern = re.compile(r"^deb\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<uri>\S+)\s+(?P<rest>.+)$")
    sources = []
    for line in text.splitlines():
        match = pattern.match(line.split("#")[0].strip())
        if match:
            options = dict(o.split("=", 1) for o in (match["options"] or "").split() if "=" in o)
            suite, *components = match["rest"].split()
            sources.append(Source(match["uri"], [suite], components, options.get("signed-by", "")))
    return sources


def _stanza_fields(stanza):
    """Return the fields of a deb822 stanza, in lower case, folded lines joined."""
    fields, name = {}, None
    for line in stanza.splitlines():
        if line.startswith("#"):
            continue
        if line[:1].isspace() and name:
            fields[name] += "\n" + line.strip()
        elif ":" in line:
            name, value = line.split(":", 1)
            name = name.strip().lower()
            fields[name] = value.strip()
    return fields


def parse_deb822(text):
    """Parse the deb822 format (``*.sources``)."""
    sources = []
    for stanza in re.split(r"\n\s*\n", text):
        fields = _stanza_fields(stanza)
        if fields.get("enabled", "yes").lower() in ("no", "false", "0"):
            continue
        if "deb" not in fields.get("types", "").split():
            continue
        # A key may be given inline instead of by path; then the default keyring is used.
        signed_by = fields.get("signed-by", "")
        sources += [
            Source(
                uri,
                fields.get("suites", "").split(),
                fields.get("components", "").split(),
                signed_by if signed_by.startswith("/") and "\n" not in signed_by else "",
            )
            for uri in fields.get("uris", "").split()
        ]
    return sources


def read_sources(directory=Path("/etc/apt")):
    """Return every archive of the machine's apt settings."""
    sources = []
    files = [directory / "sources.list", *sorted((directory / "sources.list.d").glob("*"))]
    for path in files:
        if path.is_file() and path.suffix == ".sources":
            sources += parse_deb822(path.read_text())
        elif path.is_file() and path.suffix == ".list":
            sources += parse_list(path.read_text())
    return sources


def debian_mirror(sources, codename):
    """Return the archive of the running release itself, not security or third parties."""
    for source in sources:
        if "main" in source.components and (RELEASES | {codename}) & set(source.suites):
            return source
    raise Failure(
        "The apt settings name no Debian mirror; use --odoo PATH (Odoo 19 sources) or Docker"
    )


class Apt:
    """A private apt beside the system's, for one suite."""

    def __init__(self, directory, mirror, suite="sid"):
        self.directory = directory
        self.mirror = mirror
        self.suite = suite

    def _options(self):
        settings = {
            "Dir::Etc::SourceList": self.directory / "sources.list",
            "Dir::Etc::SourceParts": "/dev/null",
            "Dir::State::Lists": self.directory / "lists",
            "Dir::Cache": self.directory / "cache",
            "APT::Sandbox::User": "root",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
        }
        return [part for key, value in settings.items() for part in ("-o", f"{key}={value}")]

    def _run(self, *arguments, cwd=None):
        result = subprocess.run(
            ["apt-get", "-q", *self._options(), *arguments],
            cwd=cwd,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        if result.returncode:
            raise Failure(f"apt-get {arguments[0]} failed:\n{tail(result.stderr)}")

    def update(self):
        """Read the suite's package list into the private directories."""
        (self.directory / "lists" / "partial").mkdir(parents=True, exist_ok=True)
        (self.directory / "cache" / "archives" / "partial").mkdir(parents=True, exist_ok=True)
        keyring = self.mirror.signed_by or KEYRING
        (self.directory / "sources.list").write_text(
            f"deb [signed-by={keyring}] {self.mirror.uri} {self.suite} main\n"
        )
        self._run("update")

    def unpack(self, packages, prefix):
        """Download packages and unpack them below ``prefix``, without installing."""
        debs = self.directory / "debs"
        shutil.rmtree(debs, ignore_errors=True)
        debs.mkdir(parents=True)
        self._run("download", *packages, cwd=debs)
        prefix.mkdir(parents=True, exist_ok=True)
        for deb in sorted(debs.glob("*.deb")):
            subprocess.run(["dpkg", "-x", deb, prefix], check=True)
        shutil.rmtree(debs)
