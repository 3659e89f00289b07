"""The definition of a segmentation as data, for versions and for files: writing it."""

from odoo import models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..lib import portable_domain
from ..lib.transfer_file import source_text
from .crm_segmentation_definition import DOMAIN_MODELS, SEGMENT_FIELDS

#: fields of a segment that may name other segments
_REFERRING = ("domain", "lead_domain", "include_segment_ids", "exclude_segment_ids")
_NO_REFERENCES = {
    "domain": "[]",
    "lead_domain": False,
    "include_segment_ids": [Command.clear()],
    "exclude_segment_ids": [Command.clear()],
}
_TYPES = {"boolean": (bool,), "integer": (int,), "float": (int, float), "char": (str,)}


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def _apply_definition(self, definition, reader, **extra):
        """Make this segmentation, or a new one, what ``definition`` says.

        :param RefReader reader: what it could not find is refused before anything is written
        :param extra: further values of the segmentation
        :return: the segmentation
        :raises ValidationError: naming everything that can't be found
        """
        kept = self._matching_segments(definition, reader)
        own = {}
        for index, data in enumerate(definition["segments"]):
            own.setdefault(reader.key(data), []).append(-index - 1)
        reader.own = own  # they all will exist
        names = self._definition_names()
        vals = self._vals_from(definition, names, reader, self.env._("General"))
        parts = [self._segment_vals(data, definition, reader) for data in definition["segments"]]
        self._refuse_problems(reader)
        me, segments = self._write_definition({**vals, **extra}, definition, parts, kept)
        reader.own = {
            key: [segments[-index - 1].id for index in indexes] for key, indexes in own.items()
        }
        for segment, data in zip(segments, definition["segments"], strict=True):
            if _names_own(data):
                vals = self._segment_vals(data, definition, reader)
                segment.write({name: vals[name] for name in _REFERRING if name in vals})
            _write_translations(segment, data)
        me.exclusive = definition.get("exclusive", me.exclusive)
        _write_translations(me, definition)
        return me.with_env(self.env)

    def _matching_segments(self, definition, reader):
        """Place in the definition → segment that is there already: by id, else by name."""
        if not reader.same_database:
            return {}
        free = self.with_context(active_test=False, lang="en_US").segment_ids
        kept = {}
        for place, data in enumerate(definition["segments"]):
            found = free.filtered(lambda one, data=data: one.id == data["id"])
            kept[place] = found
            free -= found
        for place, data in enumerate(definition["segments"]):
            if not kept[place]:
                name = source_text(data["name"])
                kept[place] = free.filtered(lambda one, name=name: one.name == name)[:1]
                free -= kept[place]
        return {place: segment for place, segment in kept.items() if segment}

    def _write_definition(self, vals, definition, parts, kept):
        """Write or create at once, so that the segments are judged together.

        :return: the segmentation, and its segments in the order of the definition
        """
        commands = []
        for place, (part, data) in enumerate(zip(parts, definition["segments"], strict=True)):
            if _names_own(data):  # follows when all of them exist
                part = {**part, **_NO_REFERENCES}
            found = kept.get(place)
            commands.append(Command.update(found.id, part) if found else Command.create(part))
        me = self.with_context(active_test=False, lang="en_US")
        before = me.segment_ids
        # history hangs on them: archived, not deleted; the values of a field come back anyway
        named = before.browse().union(*kept.values())
        gone = (before - named).filtered(lambda one: one.active and not one.value_key)
        commands += [Command.update(one.id, {"active": False}) for one in gone]
        vals = {**vals, "segment_ids": commands}
        if me:
            # parts that still read each other on the way can't be exclusive yet
            vals["exclusive"] = vals.get("exclusive", me.exclusive) and me.exclusive
            me.write(vals)
        else:
            me = me.create(vals)
        created = iter((me.segment_ids - before).sorted("id"))
        return me, [kept.get(place) or next(created) for place in range(len(parts))]

    def _segment_vals(self, data, definition, reader):
        place = source_text(data["name"])
        vals = self._vals_from(data, SEGMENT_FIELDS, reader, place, self.env["crm.segment"])
        if "value_key" in data:
            vals["value_key"] = self._value_key(data["value_key"], definition, reader)
        return vals

    def _value_key(self, value, definition, reader):
        if not isinstance(value, dict):
            return value or False
        comodel = self._value_comodel(definition.get("field_id"))
        return str(reader.resolve(value, comodel))

    def _vals_from(self, data, names, reader, place, model=None):
        """Values to write; what is unknown or can't be found goes to the reader's problems."""
        reader.place = place
        model = self if model is None else model
        for name in data.keys() - {*names, "id", "segments"}:
            reader.problem(self.env._("the unknown field “%s”", name))
        return {
            name: self._value_from(model._fields[name], data[name], reader)
            for name in names
            if name in data and name != "value_key"
        }

    def _value_from(self, field, value, reader):
        if field.name in DOMAIN_MODELS:
            return self._domain_from(field, value, reader)
        if field.name == "field_id":
            return self._partner_field(value, reader)
        if field.type == "many2one":
            return reader.resolve(value, field.comodel_name) if value else False
        if field.type == "many2many":
            return [Command.set([reader.resolve(one, field.comodel_name) for one in value or ()])]
        if field.translate:
            return source_text(value) or False
        if value is None:
            return False
        if not self._fits(field, value):
            label = field.get_description(self.env, ["string"])["string"]
            reader.problem(self.env._("%(field)s: “%(value)s”", field=label, value=value))
        return value

    def _fits(self, field, value):
        if field.type == "selection":
            return value in field.get_values(self.env)
        wrong = isinstance(value, bool) and field.type != "boolean"
        return isinstance(value, _TYPES[field.type]) and not wrong

    def _domain_from(self, field, data, reader):
        if data is None:
            return "[]" if field.name == "domain" else False
        try:
            return portable_domain.to_text(data, reader.decoder(DOMAIN_MODELS[field.name]))
        except portable_domain.DomainError as error:
            reader.problem(self.env._("a rule that can't be read: %s", error))
            return "[]"

    def _partner_field(self, name, reader):
        if not name:
            return False
        known = isinstance(name, str) and name in self.env["res.partner"]._fields
        found = known and self.env["ir.model.fields"]._get("res.partner", name).id
        return found or reader.problem(self.env._("the unknown field “%s”", name))

    def _refuse_problems(self, reader):
        """:raises ValidationError: naming all that the reader could not find"""
        if reader.problems:
            raise ValidationError(self._problems_text(reader.problems))

    def _problems_text(self, problems):
        lines = dict.fromkeys(f"• {place}: {what}" for place, what in problems)
        return self.env._(
            "Nothing was changed. This can't be used here:\n%(list)s",
            list="\n".join(lines),
        )


def _names_own(data):
    """Whether the definition of a segment refers to segments of its own segmentation."""
    return any(_holds_own(data.get(name)) for name in _REFERRING)


def _holds_own(data):
    if isinstance(data, dict):
        return bool(data.get("own")) or any(_holds_own(part) for part in data.values())
    return isinstance(data, list) and any(_holds_own(part) for part in data)


def _write_translations(record, data):
    """Names and descriptions in the other languages that are installed here."""
    installed = {code for code, _name in record.env["res.lang"].get_installed()} - {"en_US"}
    for name in ("name", "description"):
        texts = {lang: text for lang, text in (data.get(name) or {}).items() if lang in installed}
        if texts:
            record.update_field_translations(name, texts)
