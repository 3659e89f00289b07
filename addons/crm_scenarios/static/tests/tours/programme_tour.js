import { registry } from "@web/core/registry";

const LOOK = [
    {
        content: "What it costs and when it ends is seen first",
        trigger: ".o_programme_head:contains(Expected Cost):contains(contingency)",
    },
    {
        content: "Phases are bars; one opens to its steps",
        trigger: ".o_picture_phase button[aria-expanded=false]:contains(Preparation)",
        run: "click",
    },
    { trigger: ".o_picture_step:contains(Build it) .o_bar.o_critical" },
    { content: "Money stands under the same axis", trigger: ".o_picture_cash .o_column .o_once" },
    { content: "The same as a table", trigger: ".o_picture_table_button", run: "click" },
    { trigger: ".o_picture_steps tr:contains(Listen to the users):contains(yes)" },
    { trigger: ".o_picture_payments tfoot:contains(Cost of ownership)" },
    { content: "And back", trigger: ".o_picture_chart_button", run: "click" },
    { trigger: ".o_picture_chart .o_picture_step" },
];

registry.category("web_tour.tours").add("crm_scenarios_programme", {
    steps: () => [
        ...LOOK,
        { content: "It can be printed", trigger: ".o_statusbar_buttons button:contains(Print)" },
        { content: "What is typed isn't drawn yet", trigger: ".o_field_widget[name=ownership_years] input", run: "edit 3" },
        { trigger: ".o_picture_chart", run: "click" },
        { trigger: ".o_programme_picture:contains(save to see the changes)" },
        { trigger: ".o_form_button_save:enabled", run: "click" },
        { content: "Saved and drawn", trigger: ".o_form_saved:not(:visible), .o_programme_picture:not(:contains(save to see))" },
        { content: "A step opens from its name", trigger: ".o_picture_step button:contains(Listen to the users)", run: "click" },
        { trigger: ".modal .o_field_widget[name=effort_likely]" },
        { trigger: ".modal .btn-close", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_picture_chart" },
    ],
});

registry.category("web_tour.tours").add("crm_scenarios_programme_phone", { steps: () => LOOK });
