"""Records that a rule names: written without their ids, and found again elsewhere."""

from odoo.exceptions import AccessError

from ..lib.portable_domain import plain
from ..lib.transfer_file import source_text

#: the external id is the same in every database, the record behind it is not
_PER_DATABASE = {"res.users", "res.partner", "res.company"}
#: what identifies a record better than its name
_CODES = {"res.country": "code", "res.users": "login", "res.lang": "code"}
_SEGMENT = "crm.segment"


def field_of(env, model_name, path):
    """The field at the end of a path on a model; None where the path is no field.

    A granularity such as ``date.month_number`` belongs to the date.
    """
    field, model = None, env.get(model_name)
    for name in str(path).split("."):
        if model is None:
            return field if field is not None and field.type in _WITH_PARTS else None
        field = model._fields.get(name)
        if field is None:
            return None
        model = env.get(field.comodel_name) if field.relational else None
    return field


_WITH_PARTS = ("date", "datetime", "properties", "properties_definition")


def comodel_of(env, model_name, path):
    """Name of the model whose ids are compared at the end of a path, or None."""
    field = field_of(env, model_name, path)
    if field is None:
        return None
    if field.name == "id":
        parent = str(path).rpartition(".")[0]
        return field_of(env, model_name, parent).comodel_name if parent else model_name
    return field.comodel_name if field.relational else None


def _is_id(value):
    return isinstance(value, int) and not isinstance(value, bool)


class RefWriter:
    """Writes ids as references; all records of a model are read at once by :meth:`finish`.

    A reference is ``{"model", "id", "xmlid", "code", "name", "path"}``, of a segment
    ``{"model", "id", "segmentation" or "own", "name"}``; ``id`` is for the same database.
    """

    def __init__(self, env, segmentation):
        self.env, self.segmentation = env, segmentation
        self.refs = []

    def ref(self, model_name, record_id):
        """A reference, complete after :meth:`finish`."""
        self.refs.append({"model": model_name, "id": record_id})
        return self.refs[-1]

    def encoder(self, model_name):
        """Function (path, value) → data, for domains on the model."""

        def encode(path, value):
            comodel = comodel_of(self.env, model_name, path)
            if comodel and _is_id(value):
                return self.ref(comodel, value)
            if comodel and isinstance(value, (list, tuple, set)):
                return [self.ref(comodel, one) if _is_id(one) else plain(one) for one in value]
            return plain(value)

        return encode

    def finish(self):
        """Fill the references in; those to records that are gone keep no name."""
        by_model = {}
        for ref in self.refs:
            by_model.setdefault(ref["model"], []).append(ref)
        for model_name, refs in by_model.items():
            records = self.env[model_name].with_context(active_test=False, lang="en_US")
            records = records.browse({ref["id"] for ref in refs}).exists()
            if not self.env.su:
                records = records._filtered_access("read")
            described = self._described(records)
            for ref in refs:
                ref.update(described.get(ref["id"], {}))

    def missing(self):
        """References to what is gone, or hidden from the user."""
        return [ref for ref in self.refs if "name" not in ref]

    def _described(self, records):
        if records._name == _SEGMENT:
            return {record.id: self._described_segment(record) for record in records}
        xmlids = {} if records._name in _PER_DATABASE else records._get_external_ids()
        code = _CODES.get(records._name)
        described = {}
        for record in records:
            name = record[record._rec_name] if record._rec_name else record.display_name
            described[record.id] = {
                **({"xmlid": xmlid} if (xmlid := self._lasting(xmlids.get(record.id))) else {}),
                **({"code": record[code]} if code and record[code] else {}),
                "name": str(name or ""),
                **({"path": record.display_name} if record.display_name != name else {}),
            }
        return described

    def _described_segment(self, segment):
        if segment.segmentation_id == self.segmentation:
            return {"own": True, "name": segment.name}
        return {"segmentation": segment.segmentation_id.name, "name": segment.name}

    def _lasting(self, xmlids):
        """The external id that other databases have too: of a module, not of an import."""
        modules = self.env.registry._init_modules
        return next((one for one in xmlids or () if one.partition(".")[0] in modules), None)


class RefReader:
    """Finds what references name; what can't be found is collected in ``problems``.

    :param bool same_database: a version, with ids; otherwise a file, which holds none

    ``own`` holds the ids of the segments of the segmentation itself, by :meth:`key`.
    """

    def __init__(self, env, same_database):
        self.env, self.same_database = env, same_database
        self.place, self.problems, self.own = "", [], {}

    def key(self, data):
        """What tells the segments of one segmentation apart, of a segment or a reference."""
        if self.same_database:
            return data.get("id")
        name = data.get("name")
        return source_text(name) if isinstance(name, dict) else name

    def problem(self, what):
        self.problems.append((self.place, what))
        return 0

    def decoder(self, model_name):
        """Function (path, data) → value, for domains on the model."""

        def decode(path, data):
            # two numbers that are compared are no field
            if not str(path).isdigit() and field_of(self.env, model_name, path) is None:
                return self.problem(self.env._("the unknown field “%s”", path))
            comodel = comodel_of(self.env, model_name, path)
            if isinstance(data, list):
                return [self._value(one, comodel, path) for one in data]
            return self._value(data, comodel, path)

        return decode

    def _value(self, data, comodel, path):
        if isinstance(data, dict):
            return self.read(data, comodel)
        if comodel and _is_id(data) and not self.same_database:
            # the number of a record means another one elsewhere
            return self.problem(
                self.env._("the number %(id)s of “%(field)s”", id=data, field=path)
            )
        return data

    def read(self, ref, model_name):
        """Id of the record that ``ref`` names, on the model where it is needed."""
        texts = (ref.get(key) or "" for key in ("xmlid", "code", "name", "path", "segmentation"))
        if (not model_name or ref.get("model") != model_name or model_name not in self.env
                or not all(isinstance(text, str) for text in texts)):  # fmt: skip
            return self.problem(self._words(ref))
        if self.same_database:
            found = self._same_record(ref)
        else:
            found = self._find(ref)
        if len(found) == 1:
            return found[0]
        if len(found) > 1:
            return self.problem(self.env._("%s, of which there are several", self._words(ref)))
        return self.problem(self._words(ref))

    def _same_record(self, ref):
        if ref.get("own"):
            return self.own.get(self.key(ref), [])
        # sudo: whether it is still there; nothing is read
        return self.env[ref["model"]].sudo().browse(ref["id"]).exists().ids

    def _find(self, ref):
        """Ids of the records that fit, best way of finding first."""
        if ref.get("own"):
            return self.own.get(self.key(ref), [])
        try:
            return self._by_xmlid(ref) or self._by_code(ref) or self._by_name(ref)
        except AccessError:
            return []

    def _by_xmlid(self, ref):
        xmlid = ref.get("xmlid")
        if not isinstance(xmlid, str) or "." not in xmlid or ref["model"] in _PER_DATABASE:
            return []
        record = self.env.ref(xmlid, raise_if_not_found=False)
        if not record or record._name != ref["model"]:
            return []
        return record._filtered_access("read").ids

    def _by_code(self, ref):
        code = _CODES.get(ref["model"])
        return self._search(ref, code, ref["code"]) if code and ref.get("code") else []

    def _by_name(self, ref):
        Model = self.env[ref["model"]]
        if not ref.get("name") or not Model._rec_name:
            return []
        found = self._search(ref, Model._rec_name, ref["name"])
        if len(found) > 1:
            path = ref.get("path") or ref["name"]
            records = Model.with_context(lang="en_US").browse(found)
            found = records.filtered(lambda one: one.display_name == path).ids or found
        return found

    def _search(self, ref, name, value):
        domain = [(name, "=", value)]
        if ref["model"] == _SEGMENT:
            domain.append(("segmentation_id.name", "=", ref.get("segmentation")))
        for lang in ("en_US", self.env.lang):
            model = self.env[ref["model"]].with_context(lang=lang, active_test=False)
            if found := model.search(domain, limit=20).ids:
                return found
        return []

    def _words(self, ref):
        """``Industry “Energy”``."""
        model = str(ref.get("model") or "")
        label = self.env["ir.model"]._get(model).name if model in self.env else model
        name = ref.get("path") or ref.get("name") or ref.get("code") or ref.get("xmlid")
        if model == _SEGMENT and ref.get("segmentation"):
            name = f"{ref['segmentation']}: {name}"
        if not name:
            return self.env._("%s that was deleted", label)
        return self.env._("%(kind)s “%(name)s”", kind=label, name=name)
