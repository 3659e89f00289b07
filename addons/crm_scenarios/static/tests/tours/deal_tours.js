import { registry } from "@web/core/registry";

const control = [
    {
        content: "Where deals stand",
        trigger: "body",
        run: () => {
            window.location.href = "/odoo/deal-control";
        },
        expectUnloadPage: true,
    },
    {
        content: "The steps of a deal in its card: contacted after 3 days, it waits for a quotation",
        trigger: ".o_kanban_record:contains(Fresh deal):contains(Send samples) [data-step=contact]:contains(3)",
    },
    {
        content: "A click tells them all, and opens no document",
        trigger: ".o_kanban_record:contains(Fresh deal) .o_deal_course",
        run: "click",
    },
    { trigger: ".o_deal_course_table tr[data-step=contact]:contains(no norm yet)" },
    { trigger: ".o_deal_course_table tr[data-step=quotation].table-active:contains(2)" },
    { trigger: ".o_kanban_view" },
];

const patterns = (phone) => [
    {
        content: "Nothing was compared yet: one click does it",
        trigger: ".o_deal_patterns .o_patterns_rebuild",
        timeout: 30000,
        run: "click",
    },
    {
        content: "The answer first",
        trigger: ".o_patterns_summary:contains(patterns found in)",
        timeout: 30000,
    },
    { content: "A pattern with its interval", trigger: ".o_forest tr[data-verdict=more] .o_forest_line" },
    {
        content: "What has too few deals says so",
        trigger: ".o_patterns_few",
        run: "click",
    },
    { trigger: ".o_forest tr[data-verdict=few]:contains(Not enough data)" },
    {
        content: "The deals behind a number",
        trigger: ".o_forest tr:contains(Meeting held) .o_forest_with",
        run: "click",
    },
    // cards stand by stage, the newest first, and not all of them are loaded
    { trigger: phone ? ".o_kanban_record:contains(Deal 39)" : ".o_data_row:contains(Deal 0)" },
    ...(phone
        ? []
        : [
              { trigger: ".o_back_button", run: "click" },
              { content: "Steps with their evidence", trigger: ".o_patterns_draft", run: "click" },
              { trigger: ".o_form_view .o_data_row:contains(Meet the customer)" },
          ]),
    ...control,
];

registry.category("web_tour.tours").add("crm_scenarios_deal_patterns", {
    url: "/odoo/deal-patterns",
    steps: () => patterns(false),
});

registry.category("web_tour.tours").add("crm_scenarios_deal_patterns_phone", {
    url: "/odoo/deal-patterns",
    steps: () => patterns(true),
});
