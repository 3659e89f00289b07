{
    "name": "Campaign Return",
    "summary": "Did it pay: cost from the books, result from the ledger, credit that adds up",
    "version": "19.0.1.0.0",
    "category": "Marketing",
    "license": "LGPL-3",
    "author": "CRM Segments Contributors",
    "website": "https://github.com/crm-segments/crm-segments",
    "depends": ["crm_segments", "mass_mailing"],
    "external_dependencies": {"python": ["numpy", "scipy"]},
    "data": [
        "security/crm_campaign_roi_groups.xml",
        "security/ir.model.access.csv",
        "data/touchpoint_kinds.xml",
        "security/touchpoint_rules.xml",
        "data/touchpoint_cron.xml",
        "views/menus.xml",
        "views/crm_touchpoint_views.xml",
        "views/crm_campaign_credit_views.xml",
        "report/crm_campaign_path_views.xml",
        "report/crm_campaign_comparison_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_campaign_roi/static/src/**/*",
        ],
        "web.assets_tests": [
            "crm_campaign_roi/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "crm_campaign_roi/static/tests/**/*.test.js",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
