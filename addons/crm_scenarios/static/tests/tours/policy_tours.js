import { registry } from "@web/core/registry";

const LINES = ".o_field_widget[name=line_ids]";
/** The policies and their evidence are rows on a desktop, cards on a phone. */
const policy = (fast, row, inForce) => [
    { content: "Nothing yet: learn", trigger: "button[name=action_rebuild]", timeout: 30000, run: "click" },
    { content: "A policy per segment", trigger: fast, run: "click" },
    { content: "Today, recommended, why", trigger: `${LINES} ${row}:contains(Days between contacts):contains(27)` },
    { content: "Accept", trigger: ".o_form_view button[name=action_accept]", run: "click" },
    { content: "In force", trigger: inForce },
];

registry.category("web_tour.tours").add("crm_scenarios_service_policy", {
    steps: () => policy(
        ".o_data_row:contains(Fast) td[name=customers]", ".o_data_row",
        ".o_arrow_button_current:contains(Accepted)"
    ),
});

registry.category("web_tour.tours").add("crm_scenarios_service_policy_phone", {
    steps: () => policy(
        ".o_kanban_record:contains(Fast)", ".o_kanban_record", ".o_field_statusbar:contains(Accepted)"
    ),
});

registry.category("web_tour.tours").add("crm_scenarios_market", {
    steps: () => [
        { content: "The bubble", trigger: ".o_growth_share .o_bubble", timeout: 30000 },
        { content: "The table behind it", trigger: ".o_market_rows tr:contains(Market trade) button", run: "click" },
        { content: "Its rivals, with their source", trigger: ".o_market_detail:contains(Large):contains(Press)" },
        { content: "The market itself", trigger: ".o_market_detail button:contains(Open the market)", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=source]" },
    ],
});
