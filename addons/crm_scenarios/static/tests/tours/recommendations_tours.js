import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");
const CARD = (name) => `.o_recommendation:contains(${name})`;

tours.add("crm_scenarios_new_customer_quotation", {
    steps: () => [
        { content: "A company", trigger: ".o_field_widget[name=company_type] label:contains(Company)", run: "click" },
        { content: "Its name", trigger: ".o_field_widget[name=name] :is(input, textarea)", run: "edit Brand new trader" },
        ...stepUtils.saveForm(),
        { content: "Nothing known of it", trigger: ".nav-link[name=recommendations]", run: "click" },
        { content: "It says why, and offers best sellers", trigger: "[data-list=new] .o_recommendations_why:contains(industry)" },
        { trigger: `.o_recommendations_sellers` },
        { content: "Now with an industry", trigger: ".nav-link[name=sales_purchases]", run: "click" },
        {
            content: "The page comes to rest: scrolling would close the suggestions",
            trigger: ".o_field_widget[name=industry_id] input",
            run: async ({ anchor }) => {
                anchor.scrollIntoView({ block: "center" });
                await new Promise((resolve) => setTimeout(resolve, 1000));
            },
        },
        { trigger: ".o_field_widget[name=industry_id] input", run: "edit Tour trade" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Tour trade)", run: "click" },
        ...stepUtils.saveForm(),
        { trigger: ".nav-link[name=recommendations]", run: "click" },
        { content: "What its segment buys more than others", trigger: `[data-list=new] ${CARD("Tour special")} .o_recommendation_reason:contains(10 of 10)` },
        { content: "One more than usual", trigger: `${CARD("Tour special")} [aria-label=More]`, run: "click" },
        { content: "It is chosen by that", trigger: `${CARD("Tour special")}.o_recommendation_chosen` },
        { trigger: ".o_recommendations_quote:contains(1 product)", run: "click" },
        { content: "The quotation", trigger: ".o_sale_order .o_data_row:contains(Tour special)" },
    ],
});

tours.add("crm_scenarios_recommend_dismiss", {
    steps: () => [
        { content: "Recommend", trigger: "button[name=action_recommend]", run: "click" },
        { content: "Two lists", trigger: `.o_recommend_dialog [data-list=again] ${CARD("Anchor")}` },
        { content: "New with its reason", trigger: `[data-list=new] ${CARD("Friend")} .o_recommendation_reason:contains(8 of 13)` },
        { content: "Not this one", trigger: `${CARD("Friend")} .o_recommendation_dismiss`, run: "click" },
        { trigger: ".o-dropdown-item[data-reason=unfit]", run: "click" },
        { content: "Gone, and says why", trigger: `${CARD("Friend")}:contains(Does not need it)` },
        { content: "Add at once", trigger: `${CARD("Anchor")} .o_recommendation_add`, run: "click" },
        { trigger: `${CARD("Anchor")} .o_recommendation_added` },
        { trigger: ".o_recommend_close", run: "click" },
        { content: "On the quotation", trigger: "body:not(:has(.o_recommend_dialog)) .o_data_row:contains(Anchor)" },
    ],
});

tours.add("crm_scenarios_recommend_phone", {
    steps: () => [
        { content: "Buttons fold on a phone", trigger: ".o_statusbar_buttons button:not([name]):has(.fa-ellipsis-v), .o_statusbar_buttons .o-dropdown, .o_statusbar_buttons button[name=action_recommend]",
          run: "click" },
        { trigger: ".o-dropdown--menu button[name=action_recommend], .o_recommend_dialog",
          run: ({ anchor }) => anchor.matches("button") && anchor.click() },
        { content: "Choose two", trigger: `.o_recommend_dialog ${CARD("Anchor")} .o_recommendation_choose`, run: "click" },
        { trigger: `${CARD("Friend")} .o_recommendation_choose`, run: "click" },
        { trigger: ".o_recommend_add:contains(Add 2 products)", run: "click" },
        { trigger: "body:not(:has(.o_recommend_dialog)) .o_field_widget[name=order_line] :contains(Friend)" },
    ],
});
