"""Arithmetic of what stands around the plan of a programme, by hand."""

from odoo.tests import BaseCase, tagged

from ..lib import programme_audit


def row(section, key, value):
    return {"section": section, "key": key, "label": False, "value": value}


@tagged("post_install", "-at_install")
class TestLibProgrammeAround(BaseCase):
    def test_audits_beside(self):
        before = [
            row("own", "module:old", 1), row("users", "users", 5),
            row("crons", "cron:7", 0), row("system", "odoo", None),
        ]  # fmt: skip
        now = [
            row("system", "odoo", None), row("own", "module:new", 1), row("users", "users", 8),
            row("users", "customers", 3),
        ]  # fmt: skip
        found = programme_audit.beside(now, before)
        # what is gone stands in its section; a figure that wasn't counted isn't known
        self.assertEqual(
            [(one["key"], one["value"], one["previous_value"]) for one in found],
            [("odoo", None, None), ("module:new", 1, 0.0), ("module:old", 0.0, 1),
             ("users", 8, 5), ("customers", 3, None)],
        )  # fmt: skip
        self.assertEqual(
            [programme_audit.difference(one["value"], one["previous_value"]) for one in found],
            [None, 1, -1, 3, None],
        )
        first = programme_audit.beside(now, None)
        self.assertEqual({one["previous_value"] for one in first}, {None})
