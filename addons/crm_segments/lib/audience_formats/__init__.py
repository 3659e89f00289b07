"""Files of people for advertising systems: one module per format, found by being there.

A module defines ``FORMAT``, an instance of :class:`base.AudienceFormat`; nothing else has to
know of it.
"""

import importlib
import pkgutil

from .base import AudienceFormat


def _find():
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    found = [getattr(module, "FORMAT", None) for module in modules]
    return [one for one in found if isinstance(one, AudienceFormat)]


#: key → format, in the order in which they are offered
FORMATS = {one.key: one for one in sorted(_find(), key=lambda one: (one.sequence, one.key))}
