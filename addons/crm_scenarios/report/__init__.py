from . import crm_recommendation_report
from . import crm_deal_control
from . import crm_deal_control_query
from . import crm_deal_control_course
from . import crm_deal_control_next
from . import crm_service_practice
