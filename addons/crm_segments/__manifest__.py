{
    "name": "Customer Segments",
    "summary": "Who is this customer: by industry, order volume, RFM or any rule, "
    "kept up to date, with history and reasons",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "license": "LGPL-3",
    "author": "CRM Segments Contributors",
    "website": "https://github.com/crm-segments/crm-segments",
    "depends": ["sale_crm", "spreadsheet_dashboard"],
    "data": [
        "security/crm_segments_groups.xml",
        "security/ir.model.access.csv",
        "security/crm_segments_rules.xml",
        "data/ir_cron.xml",
        "data/segmentation_templates.xml",
        "wizard/crm_sales_history_import_views.xml",
        "views/crm_segment_membership_views.xml",
        "views/crm_segment_views.xml",
        "views/crm_segmentation_run_views.xml",
        "views/crm_segmentation_views.xml",
        "views/crm_customer_metrics_views.xml",
        "views/crm_sales_source_views.xml",
        "views/crm_sales_history_views.xml",
        "views/res_partner_views.xml",
        "views/crm_lead_views.xml",
        "views/res_config_settings_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_segments/static/src/**/*",
        ],
        "web.assets_tests": [
            "crm_segments/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "crm_segments/static/tests/**/*.test.js",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "application": True,
}
