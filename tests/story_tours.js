/* The chapters of the story, for a user of either language. Put into the served page by the test:
   no add-on depends on all that it goes through. */
(() => {
    const tours = odoo.loader.modules.get("@web/core/registry").registry.category("web_tour.tours");

    const WORDS = {
        en: { provisional: "Provisional", typical: "typical for this segment", why: "Rule", roi: "ROI 25" },
        ru: { provisional: "Предварительно", typical: "обычно для этого сегмента", why: "Правило", roi: "ROI 25" },
    };

    const click = (trigger, content) => ({ content, trigger, run: "click" });
    const see = (trigger, content) => ({ content, trigger });
    const edit = (field, text) => ({ trigger: `.o_field_widget[name=${field}] :is(input, textarea)`, run: `edit ${text}` });
    const choose = (field, text) => [
        {
            // scrolling would close the suggestions
            trigger: `.o_field_widget[name=${field}] input`,
            run: async ({ anchor }) => {
                anchor.scrollIntoView({ block: "center" });
                await new Promise((resolve) => setTimeout(resolve, 500));
            },
        },
        { trigger: `.o_field_widget[name=${field}] input`, run: `edit ${text}` },
        click(`.o-autocomplete--dropdown-item:contains(${text})`),
    ];
    const tab = (name) => click(`.o_notebook .nav-link[name=${name}]`);

    const lead = (words) => [
        edit("name", "Ovens for the story"),
        ...choose("industry_id", "Story bakers"),
        tab("lead"),
        edit("partner_name", "Story bakery"),
        ...choose("campaign_id", "Story fair"),
        click(".o_form_button_save:enabled"),
        see(".o_form_saved"),
        see(".o_field_widget[name=segment_ids] .o_tag:contains(Story bakers)", "Nothing bought yet, and a segment"),
        see(`.badge:contains(${words.provisional})`),
    ];

    const sale = (words) => [
        see(".o-mail-Activity:contains(Story call)", "The scenario has planned its first step"),
        click("button[name=action_sale_quotations_new]"),
        click(".modal button[name=action_apply]", "The lead becomes a customer"),
        click("button[name=action_recommend]"),
        see(".o_recommend_dialog .o_recommendation:contains(Story flour) .o_recommendation_reason:contains(10)", "With its reason"),
        click(".o_recommend_dialog .o_recommendation:contains(Story flour) .o_recommendation_add"),
        see(".o_recommendation:contains(Story flour) .o_recommendation_added"),
        click(".o_recommend_close"),
        see("body:not(:has(.modal)) .o_data_row:contains(Story flour)"),
        see(`.o_data_row .o_price_hint:contains(${words.typical}) .text-success`, "The price is usual"),
        click(".o_statusbar_buttons button[name=action_confirm]"),
        click("#create_invoice"),
        click(".modal button[name=create_invoices]"),
        click(".o_statusbar_buttons button[name=action_post]"),
        click(".o_statusbar_buttons button[name=action_register_payment]"),
        click(".modal button[name=action_create_payments]"),
        see("body:not(:has(.modal)) .o_form_view .ribbon", "Paid"),
    ];

    const answers = (words) => [
        tab("segment_timeline"),
        click(".o_segment_line[data-segmentation='Story size'] .o_segment_stay:contains(Story buyers)"),
        see(`.modal .o_segment_rule:contains(${words.why})`),
        see(".modal .o_segment_condition:has(.fa-check) .o_segment_values:contains(80)", "The value of the decision"),
        click(".modal footer .btn-primary"),
        click("body:not(:has(.modal)) .o-form-buttonbox button:has([name=sale_order_count])"),
        click(".o_list_view .o_data_row .o_data_cell[name=name]"),
        tab("other_information"),
        click(".o_field_widget[name=campaign_id] input", "The link is there while the field is in use"),
        click(".o_field_widget[name=campaign_id] .o_external_button"),
        tab("campaign_return"),
        see(`.o_return_answer:contains(${words.roi})`),
        see(".o_return_stages tr[data-key=paid]:contains(80)"),
        click(".o_return_stages tr[data-key=invoiced] .o_return_open:contains(80)"),
        click(".o_list_view .o_data_row .o_data_cell[name=name]"),
        see(".o_form_view .o_field_widget[name=invoice_line_ids] .o_data_row:contains(Story flour)", "The line of the invoice"),
    ];

    for (const [language, words] of Object.entries(WORDS)) {
        for (const [chapter, steps] of Object.entries({ lead, sale, answers })) {
            tours.add(`story_${chapter}_${language}`, { steps: () => steps(words) });
        }
    }
})();
