import { registry } from "@web/core/registry";

/** The lines and the list are rows on a desktop, cards on a phone. */
const price = (line, cell) => [
    {
        content: "A line that gives no more than usual",
        trigger: `${line}:eq(0) .o_price_hint:contains(typical for this segment) .text-success`,
    },
    {
        content: "One that gives far more, in words too",
        trigger: `${line}:eq(1) .o_price_hint:has(.text-danger[aria-label='Far more than usual'])`,
        run: "click",
    },
    { content: "Where this line lies", trigger: ".modal .o_price_summary:contains(you give)" },
    { trigger: ".modal .o_price_bars .o_price_mine" },
    { content: "Too few quotations: an answer", trigger: ".modal .o_price_verdict:contains(Not enough data)" },
    { content: "The numbers behind it", trigger: ".modal .o_price_chart details summary", run: "click" },
    { trigger: ".modal .o_price_numbers .badge:contains(this line)" },
    { content: "All guidance", trigger: ".modal .o_price_list", run: "click" },
    { trigger: `${cell}:contains(Shops)` },
];
const CARD = ".o_kanban_record:not(.o_kanban_ghost)";
const tours = registry.category("web_tour.tours");

tours.add("crm_scenarios_price", {
    steps: () => price(".o_data_row", ".o_list_view .o_data_row"),
});

tours.add("crm_scenarios_price_phone", {
    steps: () => [
        ...price(`.o_field_widget[name=order_line] ${CARD}`, `.o_kanban_view ${CARD}`),
        {
            content: "The chart of a cell",
            trigger: `.o_kanban_view ${CARD}:contains(Shops) a[name=action_open_chart]`,
            run: "click",
        },
        { content: "Without a line: what is typical", trigger: ".o_price_summary:contains(Typical)" },
    ],
});
