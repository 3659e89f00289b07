"""The platforms whose exports are read: one module each, found by its ``FORMAT``."""

import importlib
import pkgutil

FORMATS = {}
for _module in sorted(one.name for one in pkgutil.iter_modules(__path__)):
    _format = importlib.import_module(f"{__name__}.{_module}").FORMAT
    FORMATS[_format.code] = _format
#: what fits no platform: its columns are mapped
OTHER = FORMATS["other"]
