import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_segments_grid", {
    steps: () => [
        { content: "The tab of the grid", trigger: ".o_notebook .nav-link:contains(Grid)", run: "click" },
        { content: "The best buyer", trigger: ".o_grid_cell:contains(Champions)" },
        { content: "By money", trigger: ".o_grid_axis_monetary", run: "click" },
        { trigger: ".o_segment_rfm_grid th:contains(Monetary value 5)" },
        { content: "Who never bought stands beside", trigger: ".o_grid_unscored:contains(without a purchase)" },
        { content: "Open the best", trigger: ".o_segment_rfm_grid tbody tr:first .o_grid_cell:contains(Champions)", run: "click" },
        { content: "Its customers", trigger: ".o_list_view .o_data_row:contains(Best Buyer)" },
    ],
});

registry.category("web_tour.tours").add("crm_segments_cross_tab", {
    steps: () => [
        { content: "Rows", trigger: ".o_cross_tab_first", run: "selectByLabel Tour A" },
        { content: "Columns", trigger: ".o_cross_tab_second", run: "selectByLabel Tour B" },
        { trigger: ".o_segment_cross_tab tbody tr:contains(Buyers)" },
        { content: "Index", trigger: ".o_cross_tab_index", run: "click" },
        { trigger: ".o_cross_tab_index.active" },
        { content: "Open a cell", trigger: ".o_segment_cross_tab tr:contains(Buyers) .o_cross_tab_cell:first", run: "click" },
        { content: "Its customers", trigger: ".o_list_view .o_data_row:contains(Best Buyer)" },
    ],
});

// on a phone the cells are read and opened all the same; customers are cards there
registry.category("web_tour.tours").add("crm_segments_cross_tab_phone", {
    steps: () => [
        { trigger: ".o_cross_tab_first", run: "selectByLabel Tour A" },
        { trigger: ".o_cross_tab_second", run: "selectByLabel Tour B" },
        { trigger: ".o_segment_cross_tab:contains(Often) tr:contains(Buyers) .o_cross_tab_cell:first", run: "click" },
        { trigger: ".o_kanban_view .o_kanban_record:contains(Best Buyer)", timeout: 20000 },
    ],
});

registry.category("web_tour.tours").add("crm_segments_side_by_side", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains(Tour A):contains(Buyers) .o_list_record_selector", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Tour A):contains(Newcomers) .o_list_record_selector", run: "click" },
        { trigger: ".o_control_panel .o_cp_action_menus button:contains(Actions)", run: "click" },
        { trigger: ".o-dropdown--menu .o_menu_item:contains(Compare)", run: "click" },
        { content: "Side by side", trigger: ".o_compare_figures:contains(Buyers):contains(Newcomers)" },
        { content: "Leave one out", trigger: ".o_compare_remove:first", run: "click" },
        { content: "It asks for another", trigger: ".o_compare_hint" },
    ],
});

registry.category("web_tour.tours").add("crm_segments_grid_phone", {
    steps: () => [
        { trigger: ".o_notebook .nav-link:contains(Grid)", run: "click" },
        { content: "Open the best", trigger: ".o_segment_rfm_grid tbody tr:first .o_grid_cell:contains(Champions)", run: "click" },
        { trigger: ".o_kanban_view .o_kanban_record:contains(Best Buyer)" },
    ],
});
