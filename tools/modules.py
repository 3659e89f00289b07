"""The project's add-ons: names, dependencies, and a digest of what a database depends on."""

import ast
import hashlib
import tomllib

from . import paths

# Read at run time or by tests only: a change of these leaves the databases as they are.
OUTSIDE_DATABASE = {"__pycache__", "tests", "readme"}
OUTSIDE_STATIC = {"src", "tests", "lib"}


def manifest(name):
    """Return the manifest of one of the project's add-ons."""
    return ast.literal_eval((paths.ADDONS / name / "__manifest__.py").read_text())


def addons():
    """Return the names of the installable add-ons of the project."""
    names = sorted(path.parent.name for path in paths.ADDONS.glob("*/__manifest__.py"))
    return [name for name in names if manifest(name).get("installable", True)]


def settings():
    """Return the table ``[tool.host]`` of pyproject.toml."""
    return tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["tool"]["host"]


def everything(purpose):
    """Return all add-ons and the host's modules wanted for ``demo`` or ``test``."""
    return sorted({*addons(), *settings()[f"{purpose}-modules"]})


def split(modules):
    """Split modules into the host's (with those that ours depend on) and ours, in order."""
    own = set(addons())
    host, ours, todo = set(), set(), list(modules)
    while todo:
        name = todo.pop()
        if name not in own:
            host.add(name)
        elif name not in ours:
            ours.add(name)
            todo += manifest(name).get("depends", [])
    return sorted(host), sorted(ours)


def _counts(path):
    parts = path.relative_to(paths.ADDONS).parts[1:]
    if OUTSIDE_DATABASE & set(parts) or path.suffix in (".pyc", ".md", ".rst"):
        return False
    return not (parts[0] == "static" and OUTSIDE_STATIC & set(parts[1:2]))


def digest(names):
    """Return a digest of the files of add-ons that determine what they install."""
    content = hashlib.sha256()
    for name in names:
        for path in sorted((paths.ADDONS / name).rglob("*")):
            if path.is_file() and _counts(path):
                content.update(str(path.relative_to(paths.ADDONS)).encode() + b"\0")
                content.update(hashlib.sha256(path.read_bytes()).digest())
    return content.hexdigest()


def short_digest(*texts):
    """Return a digest of texts that fits into the name of a database."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
