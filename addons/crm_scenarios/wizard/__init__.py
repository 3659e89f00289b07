from . import crm_scenario_launch
from . import crm_price_proposal
from . import crm_market_import
from . import crm_programme_launch
