"""Programs that some tests need and that only root can install: Chromium and wkhtmltopdf."""

import os
import shutil
import subprocess

from .console import say, step

CHROMIUM = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
NEEDED = {
    "chromium": (CHROMIUM, "browser tours and JavaScript unit tests"),
    "wkhtmltopdf": (("wkhtmltopdf",), "tests that print to PDF"),
}


def missing():
    """Return the packages whose programs are not there."""
    return [
        package
        for package, (programs, _tests) in NEEDED.items()
        if not any(map(shutil.which, programs))
    ]


def _install(package):
    """Try to install a package as root; whether it worked shows in ``missing()``."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", package]):
        subprocess.run(
            ["apt-get", "-q", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
        )


def ensure():
    """Install what is missing where that is possible; return a notice per missing program."""
    can_install = os.geteuid() == 0 and shutil.which("apt-get")
    for package in missing() if can_install else []:
        with step(f"Installing {package} (system package)"):
            _install(package)
    reason = "no package for it here" if can_install else "needs root: apt-get install {}"
    notices = [
        f"Skipped: {NEEDED[package][1]}, for want of {package} ({reason.format(package)})"
        for package in missing()
    ]
    for notice in notices:
        say(notice)
    return notices
