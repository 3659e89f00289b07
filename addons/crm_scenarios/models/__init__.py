from . import crm_customer_metrics_value
from . import crm_customer_metrics_value_sql
from . import crm_value_model
from . import crm_value_model_check
from . import crm_value_model_fit
from . import crm_value_model_text
from . import res_partner_value
