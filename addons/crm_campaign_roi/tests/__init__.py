from . import test_lib_ratios
from . import test_settings_roi
