from . import test_js
from . import test_lib_history
from . import test_lib_tabular
from . import test_sales_history
from . import test_tour
