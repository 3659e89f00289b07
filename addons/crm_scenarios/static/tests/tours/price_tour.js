import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_scenarios_price", {
    steps: () => [
        {
            content: "A line that gives no more than usual",
            trigger: ".o_data_row:eq(0) .o_price_hint:contains(typical for this segment) .text-success",
        },
        {
            content: "One that gives far more, in words too",
            trigger: ".o_data_row:eq(1) .o_price_hint:has(.text-danger[aria-label='Far more than usual'])",
            run: "click",
        },
        { content: "Where this line lies", trigger: ".modal .o_price_summary:contains(you give)" },
        { trigger: ".modal .o_price_bars .o_price_mine" },
        { content: "Too few quotations: an answer", trigger: ".modal .o_price_verdict:contains(Not enough data)" },
        { content: "The numbers behind it", trigger: ".modal .o_price_chart details summary", run: "click" },
        { trigger: ".modal .o_price_numbers .badge:contains(this line)" },
        { content: "All guidance", trigger: ".modal .o_price_list", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Shops)" },
    ],
});
