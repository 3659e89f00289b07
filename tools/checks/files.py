"""XML and CSV files of the add-ons, and what their manifests say about them."""

import ast
import csv
import re
from xml.etree import ElementTree

from .. import paths

DEPRECATED_TAGS = {"openerp", "tree"}
DEPRECATED_ATTRIBUTES = {"attrs", "states"}
RECORD = re.compile(r"^(record|template|menuitem|asset|report)$")


def relative(path):
    """Return a path as it is shown."""
    return str(path.relative_to(paths.ROOT))


def check_xml(path):
    """Return what is wrong with an XML file: syntax, doubled ids, forms of former versions."""
    try:
        root = ElementTree.parse(path).getroot()
    except ElementTree.ParseError as error:
        return [f"{relative(path)}: {error}"]
    if root.tag != "odoo":
        return []
    findings, seen = [], set()
    for node in root.iter():
        if node.tag in DEPRECATED_TAGS or (node.tag == "data" and not node.attrib):
            findings.append(f"{relative(path)}: <{node.tag}> is not used any more")
        findings += [
            f"{relative(path)}: {name}= is not used any more"
            for name in DEPRECATED_ATTRIBUTES & node.attrib.keys()
        ]
        identifier = node.get("id")
        if identifier and RECORD.match(str(node.tag)):
            if identifier in seen:
                findings.append(f"{relative(path)}: the id {identifier} stands twice")
            seen.add(identifier)
    return findings


def check_csv(path):
    """Return what is wrong with a CSV file: encoding, ragged lines, doubled ids."""
    try:
        with open(path, encoding="utf-8", newline="") as handle:
            header, *lines = list(csv.reader(handle, strict=True)) or [[]]
    except (csv.Error, UnicodeDecodeError) as error:
        return [f"{relative(path)}: {error}"]
    findings, seen = [], set()
    for number, line in enumerate(lines, start=2):
        if line and len(line) != len(header):
            findings.append(f"{relative(path)}:{number}: {len(line)} cells, not {len(header)}")
        elif line and header[0] == "id":
            if line[0] in seen:
                findings.append(f"{relative(path)}:{number}: the id {line[0]} stands twice")
            seen.add(line[0])
    return findings


def check_manifest(path):
    """Return data files that the manifest doesn't name, and named ones that don't exist."""
    manifest = ast.literal_eval(path.read_text())
    named = {*manifest.get("data", []), *manifest.get("demo", [])}
    addon = path.parent
    folders = ("data", "security", "views", "wizard", "wizards", "report", "reports")
    found = {
        str(file.relative_to(addon))
        for folder in folders
        for pattern in ("*.xml", "*.csv")
        for file in (addon / folder).rglob(pattern)
    }
    missing = [name for name in sorted(named) if not (addon / name).exists()]
    return [f"{relative(path)}: {name} does not exist" for name in missing] + [
        f"{relative(path)}: {name} is not loaded" for name in sorted(found - named)
    ]


def check(addons):
    """Return the findings in all files of add-ons."""
    findings = []
    for name in addons:
        directory = paths.ADDONS / name
        findings += check_manifest(directory / "__manifest__.py")
        for path in sorted(directory.rglob("*.xml")):
            findings += check_xml(path)
        for path in sorted(directory.rglob("*.csv")):
            # Files that tests read may be broken on purpose.
            if "tests" not in path.parts:
                findings += check_csv(path)
    return findings
