from . import crm_customer_metrics_value
from . import crm_customer_metrics_value_sql
from . import crm_value_model
from . import crm_value_model_check
from . import crm_value_model_fit
from . import crm_value_model_text
from . import res_partner_value

# recommendations
from . import crm_learnt_mixin
from . import crm_progress_mixin
from . import res_company_recommendations
from . import res_config_settings_recommendations
from . import crm_product_affinity
from . import crm_product_purchases
from . import crm_product_usage
from . import crm_recommendation_model
from . import crm_recommendation_rebuild
from . import crm_recommendation_review
from . import crm_recommendation_store
from . import crm_recommendation
from . import crm_recommendation_lists
from . import crm_recommendation_reads
from . import crm_recommendation_price
from . import crm_recommendation_text
from . import crm_recommendation_feedback
from . import sale_order_recommendations
from . import base_partner_merge_recommendations

# deals
from . import res_company_deals
from . import res_config_settings_deals
from . import crm_deal_study
from . import crm_deal_pattern
from . import crm_deal_facts
from . import crm_deal_pattern_rebuild
from . import crm_deal_pattern_board
from . import crm_deal_norm
from . import crm_deal_steps

# scenarios
from . import res_company_scenarios
from . import mail_activity_plan_template
from . import crm_scenario
from . import crm_scenario_version
from . import crm_scenario_goal
from . import crm_scenario_run
from . import crm_scenario_run_store
from . import crm_scenario_run_process
from . import crm_scenario_trial
from . import crm_scenario_run_steps
from . import crm_scenario_run_owner
from . import crm_scenario_run_sweep
from . import crm_scenario_enter
from . import crm_scenario_collect
from . import crm_scenario_result
from . import crm_scenario_picture
from . import mail_activity_scenario
from . import res_partner_scenarios
from . import crm_advice
from . import crm_today
from . import crm_today_owner
from . import crm_today_sources
from . import crm_today_outcome
from . import crm_caller
from . import crm_caller_log
from . import crm_advice_statement
from . import crm_deal_pattern_draft
from . import crm_today_deals

# prices
from . import crm_price_chart
from . import crm_price_guidance
from . import res_company_prices
from . import crm_price_lines
from . import crm_price_rebuild
from . import crm_price_store
from . import crm_price_guidance_chart
from . import crm_price_dispersion
from . import sale_order_price
from . import sale_order_price_light
from . import sale_order_discount_approval
from . import crm_price_curve
from . import product_pricelist_segment
from . import digest_digest_deals

# service
from . import crm_service_policy
from . import crm_service_policy_line
from . import crm_service_policy_facts
from . import crm_service_policy_rebuild
from . import crm_service_policy_use
from . import crm_today_service

# market
from . import res_company_market
from . import crm_market
from . import crm_market_competitor
from . import crm_market_facts
from . import crm_market_board
from . import crm_market_space

# replay
from . import crm_replay
from . import crm_replay_run
from . import crm_replay_text

# programme
from . import crm_programme_role
from . import crm_programme_item
from . import crm_programme
from . import crm_programme_phase
from . import crm_programme_step
from . import crm_programme_step_work
from . import crm_programme_cost
from . import crm_programme_plan
from . import crm_programme_calendar
from . import crm_programme_problems
from . import crm_programme_start
from . import crm_programme_cash
from . import crm_programme_actual
from . import crm_programme_actual_parts
from . import crm_programme_step_kept
from . import crm_programme_cost_kept
from . import crm_programme_phase_actual
from . import crm_programme_booked
from . import crm_programme_board
from . import crm_programme_phase_warning
from . import crm_programme_warning
from . import crm_programme_nightly
from . import crm_programme_quotation
from . import crm_programme_step_offer
from . import crm_programme_cost_offer
from . import sale_order_programme
from . import crm_programme_picture
from . import crm_programme_print
from . import crm_programme_print_vendor
from . import crm_programme_answer
from . import crm_programme_print_answer
from . import crm_programme_send
from . import mail_activity_programme
from . import crm_programme_owner
from . import res_partner_programme
from . import crm_lead_programme

# around the plan of a programme
from . import crm_programme_part
from . import crm_programme_audit
from . import crm_programme_audit_line
from . import crm_programme_audit_system
from . import crm_programme_audit_counts
from . import crm_programme_audit_text
from . import crm_programme_system
from . import crm_programme_interface
from . import crm_programme_around
from . import crm_programme_kpi
from . import crm_programme_goal
from . import crm_programme_benefit
from . import crm_programme_need
from . import crm_programme_candidate
from . import crm_programme_score
from . import crm_programme_training
from . import crm_programme_attendance
from . import crm_programme_adoption
from . import crm_programme_duty
from . import crm_consistency
