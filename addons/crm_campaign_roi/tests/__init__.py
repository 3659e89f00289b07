from . import test_lib_ratios
from . import test_settings_roi
# touchpoints and credit
from . import test_lib_attribution
from . import test_touchpoint
from . import test_consistency_roi
from . import test_credit
from . import test_credit_invoices
# cost, results and return
from . import test_roi_costs
from . import test_roi_dashboard
from . import test_roi_results
from . import test_roi_access
from . import test_roi_js
from . import test_touch_reports
from . import test_utm_duplicate
# files of ad spend
from . import test_lib_spend
from . import test_spend_import
# audiences and lift
from . import test_lib_audience
from . import test_audience_draw
from . import test_audience_launch
from . import test_audience_lift
from . import test_audience_access
from . import test_lib_planner
from . import test_marketing_return
from . import test_tour_roi
