"""The checks of ./dev lint that are our own."""

import polib
import pytest

from tools import paths
from tools.checks import files, po


def catalogue(**translations):
    """Return a catalogue with these terms."""
    result = polib.POFile()
    for number, (source, target) in enumerate(translations.items()):
        text = source.replace("_", " ")
        result.append(polib.POEntry(msgid=text, msgstr=target, occurrences=[("a", number)]))
    return result


def test_template_differences():
    old, new = catalogue(kept="", gone=""), catalogue(kept="", fresh="")
    findings = sorted(po.compare_template(old, new))
    assert findings == ["missing: 'fresh'", "not used any more: 'gone'"]


def test_complete_translation():
    assert po.check_translation(catalogue(a="б"), catalogue(a="")) == []


def test_incomplete_translation():
    translation, template = catalogue(a="", old="б"), catalogue(a="", new="")
    translation[1].flags.append("fuzzy")
    assert sorted(po.check_translation(translation, template)) == [
        "missing: 'new'",
        "not translated: 'a'",
        "not used any more: 'old'",
    ]


@pytest.mark.parametrize(
    ("source", "target", "findings"),
    [
        ("%(n)s of %(m)s", "из %(m)s – %(n)s", 0),
        ("%(n)s rows", "%(k)s строк", 1),
        ("100 %% of %s", "100 %% от %s", 0),
        ("%s and {name}", "%s", 1),
    ],
)
def test_placeholders(source, target, findings):
    translation, template = polib.POFile(), polib.POFile()
    translation.append(polib.POEntry(msgid=source, msgstr=target))
    template.append(polib.POEntry(msgid=source))
    assert len(po.check_translation(translation, template)) == findings


def test_writing_carries_terms_over(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "ADDONS", tmp_path)
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    (tmp_path / "addon").mkdir()
    po.write_addon("addon", catalogue(a="", b=""))
    path = tmp_path / "addon" / "i18n" / "ru.po"
    russian = polib.pofile(str(path))
    for entry in russian:
        entry.msgstr = "перевод"
    russian.save()
    assert po.check_addon("addon", catalogue(a="", b="")) == []
    po.write_addon("addon", catalogue(b="", c=""))
    assert [(e.msgid, e.msgstr) for e in polib.pofile(str(path))] == [("b", "перевод"), ("c", "")]
    assert po.check_addon("addon", catalogue(b="", c="")) == [
        "addon/i18n/ru.po: not translated: 'c'"
    ]


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Return a checkout with nothing in it."""
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("<odoo><record id='a' model='x'/></odoo>", None),
        ("<odoo><record id='a' model='x'/><template id='a'/></odoo>", "stands twice"),
        ("<odoo><record", "x.xml:"),
        ("<odoo><record id='a'><field><tree/></field></record></odoo>", "<tree>"),
        ("<odoo><record id='a'><field attrs='{}'/></record></odoo>", "attrs="),
        ("<templates><tree/></templates>", None),
    ],
)
def test_xml(root, text, finding):
    (root / "x.xml").write_text(text)
    findings = files.check_xml(root / "x.xml")
    assert len(findings) == bool(finding)
    assert not finding or finding in findings[0]


@pytest.mark.parametrize(
    ("text", "finding"),
    [("id,name\na,b\n", None), ("id,name\na\n", "1 cells"), ("id,n\na,b\na,c\n", "stands twice")],
)
def test_csv(root, text, finding):
    (root / "x.csv").write_text(text)
    findings = files.check_csv(root / "x.csv")
    assert len(findings) == bool(finding)
    assert not finding or finding in findings[0]


def test_manifest_names_existing_files_and_all_of_them(root):
    (root / "views").mkdir()
    (root / "views" / "forgotten.xml").write_text("<odoo/>")
    (root / "__manifest__.py").write_text(repr({"data": ["views/gone.xml"]}))
    assert files.check_manifest(root / "__manifest__.py") == [
        "__manifest__.py: views/gone.xml does not exist",
        "__manifest__.py: views/forgotten.xml is not loaded",
    ]
