"""Translations: the ``.pot`` is what Odoo exports, and every language is complete.

Run by the host's interpreter (for polib): ``python -m tools.checks.po check|write DIRECTORY``,
where the directory has a fresh export of each add-on (``<add-on>.pot``).
"""

import re
import sys
from pathlib import Path

import polib

from tools import paths

LANGUAGES = ("ru",)
# Without the flag ' ': "80 % of" is a percentage, and nobody formats with "% o".
PLACEHOLDER = re.compile(r"%\([^)]+\)[#0\-+]*[\d.]*[a-z]|%[#0\-+]*[\d.]*[a-z]|\{[a-z_0-9.]*\}")


def key(entry):
    """Return what identifies a term."""
    return entry.msgctxt, entry.msgid


def terms(catalogue):
    """Return the terms of a catalogue that are in use."""
    return {key(entry): entry for entry in catalogue if not entry.obsolete}


def placeholders(text):
    """Return the placeholders of a text in a comparable order."""
    return sorted(PLACEHOLDER.findall(text.replace("%%", "")))


def _excerpt(text):
    return repr(text if len(text) < 60 else f"{text[:57]}…")


def compare_template(committed, exported):
    """Return the terms by which a committed template differs from a fresh export."""
    old, new = terms(committed), terms(exported)
    return [f"missing: {_excerpt(new[k].msgid)}" for k in new.keys() - old.keys()] + [
        f"not used any more: {_excerpt(old[k].msgid)}" for k in old.keys() - new.keys()
    ]


def check_translation(translation, template):
    """Return what a translation lacks against its template."""
    entries, wanted = terms(translation), terms(template)
    findings = [f"missing: {_excerpt(wanted[k].msgid)}" for k in wanted.keys() - entries.keys()]
    for k, entry in entries.items():
        if k not in wanted:
            findings.append(f"not used any more: {_excerpt(entry.msgid)}")
        elif entry.fuzzy or not entry.msgstr:
            findings.append(f"not translated: {_excerpt(entry.msgid)}")
        elif placeholders(entry.msgid) != placeholders(entry.msgstr):
            findings.append(f"other placeholders: {_excerpt(entry.msgid)}")
    return findings


def read(path):
    """Read a catalogue; a doubled term is an error as Odoo would keep only one."""
    return polib.pofile(str(path), check_for_duplicates=True)


def check_addon(name, exported):
    """Return the findings of an add-on, each with its file."""
    folder = paths.ADDONS / name / "i18n"
    files = [folder / f"{name}.pot", *(folder / f"{language}.po" for language in LANGUAGES)]
    findings = []
    for path in files:
        shown = path.relative_to(paths.ROOT)
        try:
            catalogue = read(path)
        except (OSError, ValueError) as error:
            findings.append(f"{shown}: {error}")
            continue
        compare = compare_template if path.suffix == ".pot" else check_translation
        findings += [f"{shown}: {text}" for text in sorted(compare(catalogue, exported))]
    return findings


def write_addon(name, exported):
    """Write the template of an add-on and carry its terms over to the languages."""
    folder = paths.ADDONS / name / "i18n"
    folder.mkdir(exist_ok=True)
    for language in LANGUAGES:
        path = folder / f"{language}.po"
        catalogue = read(path) if path.exists() else polib.POFile(wrapwidth=78)
        catalogue.metadata = {**exported.metadata, "Language": language}
        catalogue.merge(exported)
        # What the new version doesn't use would only be dragged along.
        for entry in catalogue.obsolete_entries():
            catalogue.remove(entry)
        catalogue.save(str(path))
    template = folder / f"{name}.pot"
    if not template.exists() or compare_template(read(template), exported):
        exported.save(str(template))


def main(action, directory):
    """Check or write all add-ons that were exported; return the exit status."""
    findings = []
    for path in sorted(Path(directory).glob("*.pot")):
        exported = polib.pofile(str(path))
        if action == "write":
            write_addon(path.stem, exported)
        else:
            findings += check_addon(path.stem, exported)
    sys.stdout.write("".join(f"{finding}\n" for finding in findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
