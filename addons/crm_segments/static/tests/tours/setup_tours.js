import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_segments_setup", {
    url: "/odoo/segments",
    steps: () => [
        {
            content: "From the cards to what the data allows",
            trigger: ".o_control_panel button:contains(Set-up)",
            run: "click",
        },
        { content: "The proposals with their reasons", trigger: ".o_segment_setup .o_field_widget[name=basis_reason]:contains(Last twelve months)" },
        { trigger: ".o_segment_setup .o_field_widget[name=choice_ids] .o_data_row" },
        {
            content: "A name that stands for many",
            trigger: ".o_field_widget[name=catch_all_ids] .o_data_row:contains(Tour walk-in)",
        },
        {
            content: "A gap opens the records that cause it",
            trigger: ".o_field_widget[name=gap_ids] .o_data_row:contains(without an industry) button[name=action_open]",
            run: "click",
        },
        { trigger: ".o_last_breadcrumb_item:contains(Customers without an industry)" },
        { trigger: ".o_list_view .o_data_row" },
        { content: "Back", trigger: ".o_back_button", run: "click" },
        {
            content: "One click accepts",
            trigger: ".o_segment_setup button[name=action_accept]:contains(Accept)",
            run: "click",
        },
        { content: "The run is followed", trigger: ".o_setup_progress:contains(first run)" },
        {
            content: "The name is left out",
            trigger: ".o_field_widget[name=catch_all_ids] button[name=action_take_in]",
        },
    ],
});

registry.category("web_tour.tours").add("crm_segments_setup_phone", {
    url: "/odoo/segments-setup",
    steps: () => [
        { trigger: ".o_segment_setup .o_field_widget[name=gap_ids] .o_kanban_record:contains(without an industry)" },
        { trigger: ".o_segment_setup button[name=action_accept]", run: "click" },
        { trigger: ".o_setup_progress" },
    ],
});

registry.category("web_tour.tours").add("crm_segments_duplicates", {
    url: "/odoo/segments-setup",
    steps: () => [
        { trigger: "button[name=action_open_duplicates]", run: "click" },
        {
            content: "The group that the test made",
            trigger: ".o_list_view .o_data_row:contains(Tour twin) button[name=action_merge]",
            run: "click",
        },
        { content: "The host's merge, filled in", trigger: ".modal .o_partner_merge_wizard .o_data_row:contains(Tour twin)" },
        { trigger: ".modal button[name=action_merge]", run: "click" },
        { content: "The host says so", trigger: ".modal h2:contains(no more contacts)" },
        { trigger: ".modal .modal-header .btn-close", run: "click" },
        { content: "Merged: nothing is left of the group", trigger: "body:not(:has(.modal)) .o_list_view:not(:has(.o_data_row:contains(Tour twin)))" },
    ],
});

registry.category("web_tour.tours").add("crm_segments_compare", {
    url: "/odoo/segments-sources",
    steps: () => [
        {
            content: "Each pair of sources",
            trigger: ".o_sales_pairs .o_kanban_record:contains(Tour CRM):contains(Tour shop) a[name=action_open_overlap]",
            run: "click",
        },
        { content: "The document in both", trigger: ".o_list_view .o_data_row:contains(Tour known) button[name=action_count_other]", run: "click" },
        { content: "Decided", trigger: ".o_list_view .o_data_row:contains(Counts in the other one)" },
    ],
});

registry.category("web_tour.tours").add("crm_segments_import", {
    url: "/odoo/crm",
    steps: () => [
        { trigger: ".o_menu_sections [data-menu-xmlid='crm_segments.menu_segments']", run: "click" },
        { trigger: ".dropdown-item[data-menu-xmlid='crm_segments.menu_sales_history_import']", run: "click" },
        {
            content: "A file from another system",
            trigger: ".modal .o_field_widget[name=file] .o_select_file_button",
            run: async () => {
                const lines = ["Invoice,Date,Customer,Total", "T1,2024-05-01,Tour buyer,120", "T2,2024-06-01,,7"];
                const file = new File([lines.join("\n")], "tour.csv", { type: "text/csv" });
                const transfer = new DataTransfer();
                transfer.items.add(file);
                const input = document.querySelector(".modal .o_field_widget[name=file] input[type=file]");
                input.files = transfer.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { trigger: ".modal .o_field_widget[name=file] .o_clear_file_button" },
        { trigger: ".modal .o_field_widget[name=source_id] input", run: "edit Tour import" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Create)", run: "click" },
        { content: "What would happen", trigger: ".modal button[name=action_check]", run: "click" },
        { content: "Nothing is written yet", trigger: ".modal p:contains(1) .o_field_widget[name=lines_accepted]" },
        { trigger: ".modal button[name=action_import]", run: "click" },
        { content: "What was imported is told", trigger: ".o_notification:contains(1 new)" },
    ],
});
