"""The file that carries segmentations to another database: JSON, without ids.

::

    {"format": "crm_segments", "version": 1,
     "segmentations": [{"name": {"en_US": "Lifecycle"}, "method": "rule", …,
                        "segments": [{"name": {"en_US": "New"}, "domain": [[…]]}]}]}
"""

import json

FORMAT = "crm_segments"
VERSION = 1


class TransferError(ValueError):
    """The file can't be used; ``code`` says why, ``params`` name what it is about."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code, self.params = code, params


def dump(definitions):
    """Return the bytes of a file that holds the definitions."""
    content = {"format": FORMAT, "version": VERSION, "segmentations": definitions}
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def load(content):
    """Return the definitions in a file.

    :param bytes content: the file
    :raises TransferError: ``no_json``, ``format``, ``newer``, ``damaged``
    """
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise TransferError("no_json") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise TransferError("format")
    version = data.get("version")
    if not isinstance(version, int) or version < 1:
        raise TransferError("format")
    if version > VERSION:
        raise TransferError("newer", version=version, known=VERSION)
    definitions = data.get("segmentations")
    if not isinstance(definitions, list) or not definitions:
        raise TransferError("damaged", part="segmentations")
    for definition in definitions:
        _check(definition, "segmentations")
    return definitions


def _check(definition, part):
    """A definition has a name by language, and segments that do so too."""
    if not isinstance(definition, dict):
        raise TransferError("damaged", part=part)
    _check_text(definition.get("name"), f"{part}: name", required=True)
    _check_text(definition.get("description"), f"{part}: description")
    if part == "segments":
        return
    segments = definition.get("segments")
    if not isinstance(segments, list):
        raise TransferError("damaged", part="segments")
    for segment in segments:
        _check(segment, "segments")


def _check_text(value, part, required=False):
    if not value and not required:
        return
    texts = isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    if not texts or (required and not any(value.values())):
        raise TransferError("damaged", part=part)


def source_text(value):
    """The text in English, or in whatever language there is."""
    if not value:
        return ""
    return value.get("en_US") or next((text for text in value.values() if text), "")


def in_order(definitions):
    """The definitions, those that others refer to before them.

    >>> a = {"name": {"en_US": "A"}, "segments": [{"include": [{"segmentation": "B"}]}]}
    >>> b = {"name": {"en_US": "B"}, "segments": []}
    >>> [source_text(one["name"]) for one in in_order([a, b])]
    ['B', 'A']
    """
    by_name = {source_text(one["name"]): one for one in definitions}
    ordered, seen = [], set()

    def visit(definition):
        if id(definition) in seen:
            return
        seen.add(id(definition))
        for name in _referred(definition["segments"]):
            if name in by_name:
                visit(by_name[name])
        ordered.append(definition)

    for definition in definitions:
        visit(definition)
    return ordered


def _referred(data):
    """Names of the segmentations that references in ``data`` lead to."""
    if isinstance(data, dict):
        if isinstance(data.get("segmentation"), str):
            yield data["segmentation"]
        for part in data.values():
            yield from _referred(part)
    elif isinstance(data, list):
        for part in data:
            yield from _referred(part)
