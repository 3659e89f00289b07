from . import test_lib_products
from . import test_lib_products_lists
