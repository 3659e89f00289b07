import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_campaign_roi_panel", {
    steps: () => [
        { content: "The return of the campaign", trigger: "a[name=campaign_return]", run: "click", timeout: 30000 },
        { content: "The answer first", trigger: ".o_return_answer:contains(ROI)" },
        { trigger: ".o_return_stages tr[data-key=ordered]:contains(300.00)" },
        { content: "The cost, entry by entry", trigger: ".o_return_stages tr[data-key=cost] .o_return_open", run: "click" },
        { trigger: ".o_data_row:contains(Fair stand)" },
        { content: "Back", trigger: ".o_back_button", run: "click" },
        { content: "The orders behind the figure", trigger: "a[name=campaign_return]", run: "click" },
        { trigger: ".o_return_stages tr[data-key=ordered] .o_return_open", run: "click" },
        { trigger: ".o_data_row:contains(Tour 0)" },
    ],
});

const drawn = [
    { content: "How many, and what they can show", trigger: "button[name=action_check]", run: "click", timeout: 30000 },
    { trigger: ".o_field_widget[name=advice]:contains(held out)" },
    { content: "Draw", trigger: "button[name=action_draw]", run: "click" },
    { trigger: ".modal button.btn-primary", run: "click" },
    { content: "Frozen", trigger: ".o_lift_sentence:contains(not launched yet)" },
];
const onPhone = drawn.flatMap((step) =>
    // the second button is behind the three dots there
    step.content === "Draw" ? [{ trigger: ".o_statusbar_buttons button[title=More]", run: "click" }, step] : [step]
);

registry.category("web_tour.tours").add("crm_campaign_roi_audience", {
    steps: () => [
        { trigger: "button[name=action_open_audiences]", run: "click", timeout: 30000 },
        { trigger: ".o_data_row td:contains(Tour audience)", run: "click" },
        ...drawn,
        { content: "A mailing for those who get it", trigger: "button[name=action_launch]", run: "click" },
        { trigger: ".alert:contains(Whoever is held out)" },
    ],
});

registry.category("web_tour.tours").add("crm_campaign_roi_audience_phone", {
    steps: () => [
        { trigger: ".o_form_view .o_audience_unchecked:visible, .o_form_view .o_field_widget[name=name]", timeout: 30000 },
        ...onPhone,
    ],
});
