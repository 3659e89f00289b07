from . import crm_campaign_roi_report
from . import crm_campaign_roi_query
from . import crm_campaign_roi_parts
from . import crm_campaign_roi_ratios
from . import crm_campaign_roi_credit
from . import crm_campaign_roi_tested
from . import crm_campaign_path
from . import crm_campaign_comparison
