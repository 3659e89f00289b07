"""Audit of this database: what there is before a programme, to estimate from and compare with."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.programme_audit import beside

SECTIONS = [
    ("system", "System"),
    ("own", "Modules of one's own"),
    ("users", "Users"),
    ("roles", "Roles"),
    ("records", "Records"),
    ("quality", "Quality of the data"),
    ("crons", "Scheduled actions"),
    ("around", "Around it"),
    ("modules", "Modules of Odoo"),
]


class CrmProgrammeAudit(models.Model):
    """Written by :meth:`_take` only: what was counted on a day isn't changed later.

    Each section is a method ``_section_<name>`` (``crm_programme_audit_system.py``,
    ``…_counts.py``).
    """

    _name = "crm.programme.audit"
    _inherit = "crm.programme.part"
    _description = "Audit of a Database"
    _order = "date desc, id desc"
    _rec_name = "date"

    step_id = fields.Many2one(
        "crm.programme.step", readonly=True, index="btree_not_null", ondelete="set null"
    )
    date = fields.Datetime("Taken On", required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", "Taken By", readonly=True, ondelete="set null")
    previous_date = fields.Datetime("Compared with the Audit Of", readonly=True)
    line_ids = fields.One2many("crm.programme.audit.line", "audit_id", "Lines", readonly=True)
    figures = fields.Json(readonly=True, export_string_translation=False)
    changed_count = fields.Integer("Changes", compute="_compute_changed_count")
    summary = fields.Char(compute="_compute_summary")

    @api.depends("line_ids.changed")
    def _compute_changed_count(self):
        lines = self.env["crm.programme.audit.line"]
        counts = dict(
            lines._read_group(
                [("audit_id", "in", self.ids), ("changed", "=", True)], ["audit_id"], ["__count"]
            )
        )
        for audit in self:
            audit.changed_count = counts.get(audit, 0)

    @api.depends("figures")
    @api.depends_context("lang")
    def _compute_summary(self):
        for audit in self:
            figures = audit.figures or {}
            audit.summary = self.env._(
                "%(users)s users, %(customers)s customers, %(duplicates)s suspected duplicates, "
                "%(own)s modules of one's own",
                **{name: figures.get(name, 0) for name in ("users", "customers", "duplicates")},
                own=figures.get("custom_modules", 0),
            )

    @api.model
    def _take(self, programme, step=None):
        """Count this database as it is now for the company of a programme.

        :return: the audit
        :raises AccessError: for whoever may not change the programme
        :raises UserError: for a template: it has no company
        """
        programme.check_access("write")
        if not programme.company_id:
            raise UserError(self.env._("A template isn't audited: it belongs to no company."))
        # sudo: whoever plans a programme counts the whole database: numbers, names of modules,
        # roles and scheduled actions, no money and no records
        counting = self.sudo().with_company(programme.company_id).with_context(
            allowed_company_ids=programme.company_id.ids
        )
        previous = counting._previous(programme)
        rows, figures = counting._counted(programme)
        then = [line._row() for line in previous.line_ids] if previous else None
        rows = beside(rows, then)
        if previous:
            texts = {line.key: line.detail for line in previous.line_ids}
            rows = [{**row, "previous_detail": texts.get(row["key"])} for row in rows]
        return counting.create(
            {
                "programme_id": programme.id, "step_id": step and step.id, "figures": figures,
                "user_id": self.env.uid, "previous_date": previous.date,
                "line_ids": [
                    (0, 0, {**row, "sequence": place}) for place, row in enumerate(rows)
                ],
            }
        ).with_env(self.env)  # fmt: skip

    def _previous(self, programme):
        """The latest audit of the programme; for its first one the latest of the company."""
        own = self.search([("programme_id", "=", programme.id)], limit=1)
        company = programme.company_id
        return own or self.search([("programme_id.company_id", "=", company.id)], limit=1)

    def _counted(self, programme):
        """(rows, basis → number): all sections in their order."""
        rows = []
        for section, _label in SECTIONS:
            found = getattr(self, f"_section_{section}")(programme)
            rows += [{"section": section, **row} for row in found]
        by_key = {row["key"]: row["value"] for row in rows}
        figures = {basis: by_key[key] for basis, key in self._bases().items()}
        return rows, figures

    @api.model
    def _bases(self):
        """Basis of an effort → key of the line that has its number."""
        return {
            "users": "users", "roles": "roles", "customers": "customers",
            "duplicates": "duplicates", "incomplete": "incomplete", "products": "products",
            "open_deals": "opportunities", "custom_modules": "custom_modules",
            "systems": "systems", "interfaces": "interfaces", "devices": "devices",
        }  # fmt: skip

    @api.model
    def _row(self, key, value=None, detail=False, label=False):
        """A line; ``label`` where the key isn't one of ``_texts``."""
        return {"key": key, "value": value, "detail": detail, "label": label}

    def unlink(self):
        """The figures of the programme are again those of the audit before.

        :raises AccessError: for whoever may not change the programme
        """
        programmes = self.programme_id
        programmes.check_access("write")
        result = super().unlink()
        for programme in programmes:
            latest = self.search([("programme_id", "=", programme.id)], limit=1)
            programme.audit_figures = latest.figures
        return result
