from . import crm_touchpoint_kind
from . import res_company
from . import res_config_settings
