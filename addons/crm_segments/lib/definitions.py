"""What changed between two definitions of a segmentation, as data.

A definition is what a version keeps and a file carries: a dict of the fields of
the segmentation with ``segments``, a list of dicts in their order. In a version
segments and references carry the ``id`` of their record beside the portable form.
"""

#: fields that move nobody, so that a change of them makes no version
_COSMETIC = {"id", "color", "description", "segments", "sequence", "name"}


def differences(old, new):
    """List of changes that lead from ``old`` to ``new``, each a dict with ``what``.

    :param dict old: definition with ids
    :param dict new: definition with ids
    :return: what ``name``, ``field`` (name of the field), ``added``, ``removed``,
        ``segment_name``, ``segment_field`` or ``order``; with segment (name by
        language), before and after where they can be told
    """
    changes = _own_changes(old, new)
    before, after = _by_key(old), _by_key(new)
    # the values of a field come by themselves, in a run
    added = [after[key] for key in after if key not in before and not after[key].get("value_key")]
    changes += [_about("added", segment) for segment in added]
    changes += [_about("removed", before[key]) for key in before if key not in after]
    for key in after:
        if key in before:
            changes += _segment_changes(before[key], after[key])
    if _order(before, after) != _order(after, before):
        changes.append({"what": "order"})
    return changes


def without_ids(definition):
    """The definition without any database id, as it is written to a file."""
    if isinstance(definition, dict):
        return {key: without_ids(value) for key, value in definition.items() if key != "id"}
    if isinstance(definition, list):
        return [without_ids(one) for one in definition]
    return definition


def renamed(old, new):
    """Whether a name differs in a language that both have."""
    return any(old[lang] != new[lang] for lang in old.keys() & new.keys())


def _own_changes(old, new):
    changes = []
    if renamed(old.get("name") or {}, new.get("name") or {}):
        changes.append({"what": "name", "before": old["name"], "after": new["name"]})
    for field in _changed_fields(old, new):
        changes.append({"what": "field", "field": field})
    return changes


def _segment_changes(old, new):
    changes = []
    # a segment of a value is named after it
    if not new.get("value_key") and renamed(old.get("name") or {}, new.get("name") or {}):
        changes.append({**_about("segment_name", new), "before": old["name"], "after": new["name"]})
    for field in _changed_fields(old, new):
        change = {**_about("segment_field", new), "field": field}
        if field in ("threshold", "rfm_codes", "active"):
            change |= {"before": old.get(field), "after": new.get(field)}
        changes.append(change)
    return changes


def _changed_fields(old, new):
    """Names of the fields that differ, in the order of the newer definition."""
    names = dict.fromkeys([*new, *old])
    return [
        name
        for name in names
        if name not in _COSMETIC and essence(old.get(name)) != essence(new.get(name))
    ]


def essence(value):
    """A field's value as it counts: empty is empty, a record is its id whatever its name."""
    return _core(value) if value or value is True else None


def _core(value):
    if isinstance(value, dict):
        if "model" in value and "id" in value:
            return ("record", value["model"], value["id"])
        return {key: _core(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_core(one) for one in value]
    # 1 and True, 0 and False are not the same condition
    return (isinstance(value, bool), value)


def _by_key(definition):
    """Segments by their id; those without one by their place, which no id equals."""
    return {
        segment.get("id") or f"new {index}": segment
        for index, segment in enumerate(definition.get("segments") or [])
    }


def _order(segments, others):
    """Keys of the segments that both have; order decides nothing among values of a field."""
    return [key for key in segments if key in others and not segments[key].get("value_key")]


def _about(what, segment):
    return {"what": what, "segment": segment.get("name") or {}}
