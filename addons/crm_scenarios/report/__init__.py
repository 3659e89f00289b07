from . import crm_recommendation_report
