# recommendations
from . import res_company_recommendations
from . import res_config_settings_recommendations
from . import crm_product_affinity
from . import crm_product_purchases
from . import crm_product_usage
from . import crm_recommendation_model
from . import crm_recommendation_rebuild
from . import crm_recommendation_store
from . import crm_recommendation
from . import crm_recommendation_lists
from . import crm_recommendation_reads
from . import crm_recommendation_price
from . import crm_recommendation_text
from . import crm_recommendation_feedback
from . import sale_order_recommendations
from . import base_partner_merge_recommendations
