"""Check style and rules: ruff, pylint-odoo, XML, CSV, and the translations."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from .. import host, modules, paths, translations, venv
from ..checks import files, texts
from ..console import Failure, step

PYLINTRC = paths.ROOT / "tools" / "checks" / "pylintrc"
RUFF = ("--output-format=concise", ".")


def add_arguments(parser):
    """Declare the arguments of the command."""
    parser.add_argument("--fix", action="store_true", help="let ruff repair what it can")


def _output(command):
    """Return what a linter says, or nothing when it is content."""
    result = subprocess.run(
        list(map(str, command)),
        capture_output=True,
        text=True,
        cwd=paths.ROOT,
        stdin=subprocess.DEVNULL,
    )
    return (result.stdout + result.stderr).strip() if result.returncode else ""


def ruff(python, fix):
    """Check (and repair) the style of all Python files."""
    return _output([python, "-m", "ruff", "check", "--quiet", *(["--fix"] if fix else []), *RUFF])


def pylint(python, addons):
    """Check the add-ons against the rules of the Odoo Community Association."""
    if not addons:
        return ""
    command = [python, "-m", "pylint", f"--rcfile={PYLINTRC}"]
    return _output([*command, *(paths.ADDONS / name for name in addons)])


def translated(place, addons):
    """Check the translations, which takes a database with the add-ons."""
    if not addons:
        return ""
    try:
        result = translations.run(place, "check")
    except Failure as failure:
        # An add-on that cannot be installed shall not hide what the other checks found.
        return str(failure)
    return (result.stdout + result.stderr).strip() if result.returncode else ""


def run(options):
    """Run all checks side by side and print what they found."""
    place = host.prepare(options)
    python = venv.ensure(paths.HOST / "lint", paths.REQUIREMENTS / "lint.txt", host.pip_wheels)
    addons = modules.addons()
    checks = {
        "ruff": lambda: ruff(python, options.fix),
        "pylint-odoo": lambda: pylint(python, addons),
        "XML, CSV and manifests": lambda: "\n".join(files.check(addons)),
        "translated texts": lambda: "\n".join(texts.check(addons)),
        "translations": lambda: translated(place, addons),
    }
    with step("Checking"), ThreadPoolExecutor() as pool:
        futures = {name: pool.submit(check) for name, check in checks.items()}
        results = {name: future.result() for name, future in futures.items()}
    for name, findings in results.items():
        sys.stdout.write(f"{name}:\n{findings}\n\n" if findings else f"{name}: nothing found\n")
    return 1 if any(results.values()) else 0
