import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("crm_segments_new_customer", {
    url: "/odoo/contacts/new",
    steps: () => [
        { content: "A company", trigger: ".o_field_widget[name=company_type] label:contains(Company)", run: "click" },
        { content: "Name it", trigger: ".o_field_widget[name=name] :is(input, textarea)", run: "edit Brand New Shop" },
        ...stepUtils.saveForm(),
        {
            content: "The saved form shows the segment at once",
            trigger: ".o_form_view div[name=segments] .o_tag:contains(Tour: Newcomers)",
        },
        { content: "Open the reasons", trigger: "button[name=action_view_segments]", run: "click" },
        { content: "Since when and why", trigger: ".o_list_view .o_data_row:contains(Newcomers)" },
    ],
});

registry.category("web_tour.tours").add("crm_segments_cards", {
    url: "/odoo/segments",
    steps: () => [
        {
            content: "The card tells how many customers it divides",
            trigger: ".o_kanban_record:contains(Tour) .o_segment_bar",
        },
        {
            content: "Switch the bar to money",
            trigger: ".o_kanban_record:contains(Tour) .o_segment_measure",
            run: "click",
        },
        { trigger: ".o_kanban_record:contains(Tour) .o_segment_measure:contains(revenue)" },
        { content: "Open it", trigger: ".o_kanban_record:contains(Tour) span:contains(Tour)", run: "click" },
        {
            content: "The table says the same as the bar",
            trigger: ".o_form_view .o_segment_distribution table tr:contains(Buyers):contains(100%)",
        },
        { content: "Run now", trigger: "button[name=action_run]", run: "click" },
        { content: "The result is told", trigger: ".o_notification:contains(joined)" },
        {
            content: "Open a segment",
            trigger: ".o_form_view .o_field_widget[name=segment_ids] .o_list_record_open_form_view:first button",
            run: "click",
        },
        { content: "Its profile", trigger: ".o_segment_profile [data-key=customers]" },
    ],
});

registry.category("web_tour.tours").add("crm_segments_new_customer_phone", {
    url: "/odoo/contacts/new",
    steps: () => [
        { trigger: ".o_field_widget[name=company_type] label:contains(Company)", run: "click" },
        { trigger: ".o_field_widget[name=name] :is(input, textarea)", run: "edit Phone Shop" },
        ...stepUtils.saveForm(),
        { trigger: ".o_form_view div[name=segments] .o_tag:contains(Tour: Newcomers)" },
    ],
});
