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
# replay
from . import test_lib_replay
from . import test_replay
