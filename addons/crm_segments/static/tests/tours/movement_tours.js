import { registry } from "@web/core/registry";

const CELL = ".o_segment_migration .o_migration_cell";

registry.category("web_tour.tours").add("crm_segments_movement", {
    steps: () => [
        { content: "The tab", trigger: ".o_notebook .nav-link[name=movement]", run: "click" },
        { content: "A year back", trigger: ".o_segment_migration .o_preset_year", run: "click" },
        {
            content: "Two customers moved",
            trigger: ".o_migration_summary:contains(2 customers moved)",
        },
        { content: "By money", trigger: ".o_migration_measure", run: "click" },
        { content: "Only one of them has bought", trigger: `${CELL}:contains(1,500)` },
        { content: "Who was it?", trigger: `${CELL}:contains(1,500)`, run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Tour mover), .o_kanban_record:contains(Tour mover)" },
    ],
});

registry.category("web_tour.tours").add("crm_segments_movers", {
    steps: () => [
        { trigger: ".o_notebook .nav-link[name=movement]", run: "click" },
        { trigger: ".o_segment_migration .o_preset_year", run: "click" },
        { content: "Who moved, and why?", trigger: ".o_migration_movers", run: "click" },
        {
            content: "The most money first, with the cause",
            trigger: ".o_list_view .o_data_row:first:contains(Tour mover):contains(Own figures or data)",
        },
        { trigger: ".o_data_row:first td[name=partner_id]", run: "click" },
        { content: "The customer", trigger: ".o_form_view .o_field_widget[name=name]" },
    ],
});
