from . import test_lib_value
from . import test_value_access
from . import test_value_model
