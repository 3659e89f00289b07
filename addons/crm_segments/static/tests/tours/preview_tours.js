import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const FIRST_LINE = ".o_field_widget[name=segment_ids]";

registry.category("web_tour.tours").add("crm_segments_preview", {
    url: "/odoo/segments/new",
    steps: () => [
        { content: "Name it", trigger: ".o_field_widget[name=name] input", run: "edit Tour tiers" },
        {
            content: "By tiers of a figure",
            trigger: ".o_field_widget[name=method] :is(input, select)",
            run: "click",
        },
        { trigger: ".o_select_menu_item:contains(Tiers of a figure), .o_field_widget[name=method] select",
          run: "click" },
        { content: "A segment", trigger: `${FIRST_LINE} a:contains(Add a line)`, run: "click" },
        { trigger: `${FIRST_LINE} .o_selected_row [name=name] input`, run: "edit Large" },
        { trigger: `${FIRST_LINE} .o_selected_row [name=threshold] input`, run: "edit 1000" },
        { content: "What would it give?", trigger: "button[name=action_preview]", run: "click" },
        {
            content: "One customer is that large",
            trigger: ".o_segment_preview_headline:contains(1 join):contains(0 leave)",
        },
        { trigger: ".o_segment_preview [data-list=joined] li:contains(Tour customer):contains(1,500)" },
        { content: "And before?", trigger: ".o_segment_backtest:has(canvas) summary", run: "click" },
        { trigger: ".o_segment_backtest_table tr:contains(today):contains(1)" },
        { content: "By revenue", trigger: ".o_backtest_measure", run: "click" },
        { trigger: ".o_segment_backtest_table tr:contains(today):contains(1,500)" },
        { content: "Keep editing", trigger: ".o_segment_preview_close", run: "click" },
        { content: "A higher limit", trigger: `${FIRST_LINE} .o_data_row [name=threshold]`, run: "click" },
        { trigger: `${FIRST_LINE} .o_selected_row [name=threshold] input`, run: "edit 2000" },
        { content: "Saving shows the preview by itself", trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_segment_preview_empty" },
        { content: "Nobody: keep editing", trigger: ".o_segment_preview_close", run: "click" },
        { trigger: `body:not(:has(.o_segment_preview)) ${FIRST_LINE} .o_data_row [name=threshold]`, run: "click" },
        { trigger: `${FIRST_LINE} .o_selected_row [name=threshold] input`, run: "edit 1200" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_segment_preview_headline:contains(1 join)" },
        { content: "That is it", trigger: ".o_segment_preview_save", run: "click" },
        { content: "Saved", trigger: "body:not(:has(.o_segment_preview)) .o_form_saved" },
    ],
});

registry.category("web_tour.tours").add("crm_segments_preview_phone", {
    steps: () => [
        ...stepUtils.statusbarButtonsSteps("Preview", "What would it give?", ".o_form_view"),
        { trigger: ".o_segment_preview_headline:contains(1 join)" },
        { trigger: ".o_segment_preview [data-list=joined] li:contains(Tour customer)" },
        { trigger: ".o_segment_preview_close", run: "click" },
        { trigger: "body:not(:has(.o_segment_preview)) .o_form_view" },
    ],
});
