{
    "name": "Customer Scenarios",
    "summary": "What to do with this customer: recommendations learnt from its segment's own "
    "history, expected purchases and value",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "CRM Segments Contributors",
    "website": "https://github.com/crm-segments/crm-segments",
    "depends": ["crm_segments"],
    "external_dependencies": {"python": ["numpy", "scipy"]},
    "data": [
        "security/ir.model.access.csv",
        "security/crm_value_model_rules.xml",
        "data/value_cron.xml",
        "data/value_segmentation.xml",
        "views/crm_value_model_views.xml",
        "views/crm_customer_metrics_value_views.xml",
        "security/crm_scenarios_rules.xml",
        "data/ir_cron.xml",
        "views/crm_recommendation_model_views.xml",
        "views/crm_recommendation_feedback_views.xml",
        "report/crm_recommendation_report_views.xml",
        "views/recommendation_panel_views.xml",
        "security/crm_replay_rules.xml",
        "data/replay_cron.xml",
        "views/crm_replay_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_scenarios/static/src/**/*",
        ],
        "web.assets_tests": [
            "crm_scenarios/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "crm_scenarios/static/tests/**/*.test.js",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
