from . import test_lib_ratios
from . import test_settings_roi
# touchpoints and credit
from . import test_lib_attribution
from . import test_touchpoint
from . import test_credit
from . import test_touch_reports
