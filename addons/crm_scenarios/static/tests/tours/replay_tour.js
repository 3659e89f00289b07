import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("crm_scenarios_replay_and_value", {
    steps: () => [
        { content: "What it is for", trigger: ".o_view_nocontent:contains(would have been worth)" },
        { trigger: ".o_list_button_add", run: "click" },
        { content: "Look a month ahead only", trigger: ".o_field_widget[name=days] input", run: "edit 30" },
        ...stepUtils.saveForm(),
        { trigger: "button[name=action_run]:contains(Replay)", run: "click" },
        { content: "Sentences first", trigger: ".o_replay_headline:contains(knowing nothing)" },
        { trigger: ".o_replay_lists th:contains(New for the customer)" },
        { trigger: ".o_replay_segments th:contains(Champions)" },
        {
            content: "Predicted value",
            trigger: "body",
            run: () => {
                window.location.href = "/odoo/predicted-value";
            },
            expectUnloadPage: true,
        },
        { trigger: ".o_view_nocontent:contains(Nothing predicted yet)" },
        { content: "Fit now", trigger: "button[name=action_fit]", run: "click" },
        { content: "The verdict in words", trigger: ".o_form_view .alert-warning:contains(Not enough data)" },
    ],
});
