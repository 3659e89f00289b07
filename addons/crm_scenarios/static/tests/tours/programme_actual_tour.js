import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_scenarios_programme_actual", {
    steps: () => [
        { content: "In words and numbers", trigger: ".alert-danger:contains(“A”: 85 % of its money is spent)", timeout: 30000 },
        { content: "The page", trigger: ".o_notebook .nav-link[name=actual]", run: "click" },
        { content: "The bars", trigger: ".o_programme_chart .o_programme_line .o_programme_committed" },
        { content: "What they show, in the table", trigger: ".o_programme_table tr:contains(spends too fast):contains(7,050):contains(6,000)" },
        { content: "And on no phase", trigger: ".o_programme_table tr:contains(No phase):contains(70)" },
        { trigger: "button[name=action_open_unphased]" },
        { content: "By vendor", trigger: ".o_programme_by_vendor", run: "click" },
        { content: "Rows of phases", trigger: ".o_pivot th:contains(Planned)" },
        { content: "Back", trigger: ".o_breadcrumb a:contains(In the books), .o_back_button", run: "click" },
        { content: "One click", trigger: ".o_form_view button[name=action_quotation]:contains(Quotation)", run: "click" },
        { content: "The quotation", trigger: ".o_form_view [name=order_line] .o_data_row:contains(Programme work)" },
        { content: "Back again", trigger: ".o_breadcrumb a:contains(In the books), .o_back_button", run: "click" },
        { content: "It is there", trigger: ".oe_stat_button[name=action_quotation]:contains(1)" },
        { content: "A second one only on demand", trigger: "button[name=action_new_quotation]" },
    ],
});
