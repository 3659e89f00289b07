from . import crm_scenario_launch
