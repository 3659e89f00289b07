import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");
const LINE = (name) => `.o_today_line:contains(${name})`;

tours.add("crm_scenarios_start", {
    steps: () => [
        { content: "A new scenario", trigger: ".o_list_button_add", run: "click", timeout: 30000 },
        { trigger: ".o_field_widget[name=name] input", run: "edit Tour scenario" },
        { content: "Its first step", trigger: ".o_field_widget[name=template_ids] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: ".modal .o_field_widget[name=summary] input", run: "edit Tour call" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_data_row:contains(Tour call)" },
        ...stepUtils.saveForm(),
        { content: "The result says what is missing", trigger: ".o_notebook .nav-link[name=result]", run: "click" },
        { trigger: ".o_scenario_sentence:contains(Nobody has entered yet)" },
        { content: "Start", trigger: "button[name=action_start]", run: "click" },
        { trigger: ".modal .btn-primary:contains(Start)", run: "click" },
        { content: "Running", trigger: ".o_arrow_button_current:contains(Running)" },
        { trigger: ".o_form_button_create, .o_form_saved" },
    ],
});

tours.add("crm_scenarios_today_phone", {
    url: "/odoo/today",
    steps: () => [
        { content: "What is due, with its reason", trigger: `${LINE("Tour shop")} .o_today_reason:contains(usually every 30)`, timeout: 30000 },
        { content: "A call in one tap", trigger: `${LINE("Tour shop")} a[href="tel:+442079460958"]` },
        { content: "Outcome, first tap", trigger: `${LINE("Tour shop")} .o_today_outcome`, run: "click" },
        { content: "Second tap", trigger: `${LINE("Tour shop")} [data-outcome=no_answer_3]`, run: "click" },
        { trigger: `.o_today:not(:has(${LINE("Tour shop")}))` },
        { content: "Another is dismissed", trigger: `${LINE("Tour cafe")} .o_today_dismiss`, run: "click" },
        { trigger: `${LINE("Tour cafe")} [data-reason=wrong]`, run: "click" },
        { content: "Nothing left", trigger: ".o_today_empty:contains(Nothing is waiting)" },
    ],
});
