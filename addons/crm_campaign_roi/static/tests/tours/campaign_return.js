import { registry } from "@web/core/registry";

/** From the list of campaigns to the entries behind a figure; the same steps on a phone. */
registry.category("web_tour.tours").add("campaign_return", {
    steps: () => [
        { trigger: ".o_form_view .nav-link[name=campaign_return], .o_form_view .nav-link:contains('Return')", run: "click" },
        { content: "the answer first", trigger: ".o_return_answer:contains('ROI 20')" },
        { content: "the chart has its table", trigger: ".o_return_stages tr[data-key=margin]:contains('60.00')" },
        { trigger: ".o_return_models tr.fw-bold" },
        { content: "another model is read again", trigger: ".o_return_model", run: "select linear" },
        { trigger: ".o_return_models tr[data-key=linear].fw-bold" },
        { content: "the host's own figures explained", trigger: ".o_return_host", run: "click" },
        { trigger: ".o_return_host_figures:contains('cancelled')" },
        { content: "a figure opens its entries", trigger: "tr[data-key=cost] .o_return_open", run: "click" },
        { trigger: ".breadcrumb:contains('Cost'), .o_breadcrumb:contains('Cost')" },
        { trigger: ".o_list_view .o_data_row:contains('Advertising'), .o_kanban_view .o_kanban_record" },
    ],
});
