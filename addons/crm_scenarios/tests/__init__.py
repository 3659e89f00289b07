from . import test_lib_value
from . import test_value_access
from . import test_value_model
# recommendations
from . import test_lib_copy_columns
from . import test_recommendation_learning
from . import test_recommendation_lists
from . import test_recommendation_access
from . import test_recommendation_feedback
from . import test_recommendation_orders
from . import test_tour_recommendations
from . import test_scenarios_js
from . import test_lib_products
from . import test_lib_products_lists
# deals
from . import test_lib_deal_patterns
from . import test_deal_pattern
from . import test_tour_deals
from . import test_deal_control
# scenarios
from . import test_lib_scenarios
from . import test_scenario_run
from . import test_scenario_holdout
from . import test_scenario_access
from . import test_today
from . import test_tour_scenarios
from . import test_lib_price
from . import test_price_guidance
from . import test_price_approval
from . import test_price_curve
from . import test_price_proposal
from . import test_price_rebates
from . import test_tour_price
from . import test_deal_pattern_maven
from . import test_nightly_crons
from . import test_lib_service
from . import test_service_policy
from . import test_lib_market
from . import test_market
from . import test_tour_policy
# replay
from . import test_lib_replay
from . import test_replay
from . import test_lib_programme
from . import test_programme
from . import test_programme_picture
from . import test_programme_client
from . import test_tour_programme
