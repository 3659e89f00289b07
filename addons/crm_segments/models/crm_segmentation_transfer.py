"""Segmentations to and from a file that holds no database ids."""

import base64
import re
from urllib.parse import quote as url_quote

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..lib import definitions, transfer_file
from .definition_changes import collect_changes
from .metric_fields import DEFINITION_GROUPS
from .portable_refs import RefReader

#: where a segmentation is used is not part of how it divides
_LOCAL = ("active", "company_id")


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def action_export(self):
        """Download these segmentations as one file."""
        file = self.env["crm.segmentation.transfer"].create(
            {"file": base64.b64encode(self._export_file()), "filename": self._export_name()}
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/crm.segmentation.transfer/{file.id}/file/"
            f"{url_quote(file.filename)}?download=true",
            "target": "self",
        }

    def _export_name(self):
        name = self.name if len(self) == 1 else self.env._("Segmentations")
        return (re.sub(r"[^\w -]+", "", name).strip() or "segmentation") + ".json"

    def _export_file(self):
        """Content of the file.

        :return: bytes
        :raises AccessError: for users who may not read rules and limits
        :raises ValidationError: where a rule names what no longer exists
        """
        self.check_access("read")
        if not self.env.user.has_groups(DEFINITION_GROUPS):
            raise AccessError(self.env._("Rules and limits are not for everybody to read."))
        return transfer_file.dump([one._portable_definition() for one in self])

    def _portable_definition(self):
        """The definition as it is written to a file: used segments only, no ids."""
        definition, writer = self._definition()
        if missing := writer.missing():
            raise ValidationError(
                self.env._(
                    "The rules of “%(name)s” use records that no longer exist or that you may "
                    "not read: %(list)s. Correct the rules first.",
                    name=self.name,
                    list=", ".join(dict.fromkeys(self._missing_text(ref) for ref in missing)),
                )
            )
        definition["segments"] = [one for one in definition["segments"] if one.pop("active")]
        local = {name: definition.pop(name, None) for name in _LOCAL}
        definition["one_company"] = bool(local["company_id"])
        return definitions.without_ids(definition)

    def _missing_text(self, ref):
        return f"{self.env['ir.model']._get(ref['model']).name} {ref['id']}"

    @api.model
    def _import_file(self, content):
        """Create the segmentations of a file, switched off.

        :param bytes content: the file
        :return: the new segmentations
        :raises UserError: if the file is none of ours
        :raises ValidationError: naming everything that can't be found; nothing is written then
        """
        self.check_access("create")
        loaded = self._read_file(content)
        imported, problems = self.browse(), []
        with self.env.cr.savepoint(), collect_changes(self.env) as changed:
            for definition in transfer_file.in_order(loaded):
                try:
                    imported |= self._import_definition(definition, problems)
                except _Incomplete:
                    continue  # the others may have problems, too: all are told at once
            if problems:
                raise ValidationError(self._problems_text(problems))
            changed.update(imported.ids)
        return imported

    def _import_definition(self, definition, problems):
        reader = RefReader(self.env, same_database=False)
        one_company = definition.pop("one_company", False)
        for name in _LOCAL:
            definition.pop(name, None)
        name = transfer_file.source_text(definition["name"])
        definition["name"] = self._free_name(definition["name"])
        company = self.env.company if one_company else self.env["res.company"]
        try:
            return self.browse()._apply_definition(
                definition, reader, enabled=False, company_id=company.id
            )
        except ValidationError:
            if not reader.problems:
                raise
        problems += [(f"{name}, {place}", what) for place, what in reader.problems]
        raise _Incomplete

    def _free_name(self, names):
        """The names in all languages, with a number where there is one of that name."""
        found = self.with_context(active_test=False)
        taken = {
            name
            for lang in ("en_US", self.env.lang)
            for name in found.with_context(lang=lang).search([]).mapped("name")
        }
        suffix, number = "", 1
        while any(f"{name}{suffix}" in taken for name in names.values()):
            number += 1
            suffix = f" ({number})"
        return {lang: f"{name}{suffix}" for lang, name in names.items()}

    def _read_file(self, content):
        try:
            return transfer_file.load(content)
        except transfer_file.TransferError as error:
            raise UserError(self._file_text(error)) from error

    def _file_text(self, error):
        texts = {
            "no_json": self.env._("This file can't be read: it is no export of segmentations."),
            "format": self.env._("This file is no export of segmentations."),
            "newer": self.env._(
                "This file comes from a newer version of this app. Update the app first."
            ),
        }
        return texts.get(error.code) or self.env._(
            "This file is damaged: “%s” is missing or can't be read.", error.params.get("part")
        )


class _Incomplete(Exception):
    """A definition names what can't be found."""
