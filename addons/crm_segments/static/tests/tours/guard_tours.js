import { registry } from "@web/core/registry";

const card = (name) => `.o_kanban_record:contains(${name})`;

registry.category("web_tour.tours").add("crm_segments_accept", {
    url: "/odoo/segments",
    steps: () => [
        {
            content: "The card says what would happen",
            trigger: `${card("Held one")} .alert:contains(5 of 10 customers)`,
        },
        { content: "Accept on the card", trigger: `${card("Held one")} button[name=action_accept]`, run: "click" },
        { content: "The result is told", trigger: ".o_notification:contains(5 joined)" },
        { trigger: `${card("Held one")}:not(:has(button[name=action_accept]))` },
        { content: "The other one still waits", trigger: `${card("Held two")} button[name=action_accept]` },
        { content: "Open it", trigger: `${card("Held two")} span:contains(Held two)`, run: "click" },
        { trigger: ".o_form_view .alert:contains(5 of 10 customers)" },
        { content: "Accept on the form", trigger: ".o_form_view button[name=action_accept]:visible", run: "click" },
        { trigger: ".o_notification:contains(5 joined)" },
        { content: "It waits no longer", trigger: ".o_form_view:not(:has(button[name=action_accept]:visible))" },
    ],
});
