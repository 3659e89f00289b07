import { registry } from "@web/core/registry";

const steps = (phone) => [
    {
        content: "The answer first",
        trigger: ".o_revenue_bridge .o_bridge_summary:contains(Revenue went from)",
        timeout: 30000, // the first page that is asked for may take its time
    },
    { content: "Twelve months against twelve", trigger: ".o_revenue_bridge .o_preset_months", run: "click" },
    { trigger: ".o_revenue_bridge .o_preset_months.active" },
    { content: "The waterfall", trigger: `.o_revenue_bridge .o_bridge_chart${phone ? ".o_lying" : ":not(.o_lying)"} canvas` },
    {
        content: "By segment: who was lost",
        trigger: ".o_bridge_table tr[data-key=lost]:contains(-250.00)",
    },
    {
        content: "The table says the same; an amount opens its customers",
        trigger: ".o_bridge_table tr[data-key=new] .o_bridge_cell:contains(+100.00)",
        run: "click",
    },
    { trigger: phone ? ".o_kanban_record:contains(Bridge new)" : ".o_data_row:contains(Bridge new)" },
    {
        content: "Back to the bridge",
        trigger: phone ? ".o_breadcrumb .o_back_button, .o_control_panel .o_back_button" : ".o_back_button",
        run: "click",
    },
    { content: "As it was left", trigger: ".o_revenue_bridge .o_preset_months.active" },
    { trigger: ".o_bridge_table tr[data-key=new]" },
];

registry.category("web_tour.tours").add("crm_segments_bridge", {
    url: "/odoo/revenue-bridge",
    steps: () => steps(false),
});

registry.category("web_tour.tours").add("crm_segments_bridge_phone", {
    url: "/odoo/revenue-bridge",
    steps: () => steps(true),
});
