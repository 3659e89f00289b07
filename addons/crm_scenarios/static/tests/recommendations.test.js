import { describe, expect, test } from "@odoo/hoot";
import { click, edit, queryAllTexts, queryFirst, queryText } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    getService,
    MockServer,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { RecommendDialog } from "@crm_scenarios/recommendations/recommend_dialog";
import { POLL_INTERVAL } from "@crm_scenarios/progress/progress";

describe.current.tags("desktop");

class Model extends models.Model {
    _name = "crm.recommendation.model";
    progress = fields.Json();
    _records = [
        { id: 1, progress: { running: true, waiting: true, done: 0, total: 0, error: "" } },
        { id: 2, progress: { running: false, waiting: false, done: 3, total: 3, error: "no room" } },
    ];
}

defineMailModels();
defineModels([Model]);

const line = (list, product_id, name, values = {}) => ({
    list, product_id, name, quantity: 2, price: 10, currency_id: 1, uom: "Units", unique: "1",
    reason: `Why ${name}`, certainty: "sure", support: 8, cases: 12, lift: 2, chance: 0.2,
    margin: null, available: null, ...values,
});

const RESULT = {
    again: [line("again", 1, "Anchor", { margin: 0.4, available: 1 })],
    new: [line("new", 2, "Friend", { available: 5 })],
    sellers: [],
    about: {
        customer: "Shop", partner_id: 7, segments: [], hidden: false, open: true, why: {},
        learnt: "Learnt from 30 customers", reasons: [["later", "Not now"], ["unfit", "Does not need it"]],
    },
};

async function open(result = RESULT) {
    onRpc("crm.recommendation", "recommend", ({ kwargs }) => {
        expect.step(["recommend", kwargs.order_id]);
        return result;
    });
    onRpc("crm.recommendation.feedback", "note_shown", ({ args }) => {
        expect.step(["shown", args[0].map((one) => one.product_id)]);
        return true;
    });
    await mountWithCleanup(MainComponentsContainer);
    getService("dialog").add(RecommendDialog, {
        orderId: 5,
        onAdded: () => expect.step("added"),
    });
    await animationFrame();
    await animationFrame();
}

test("two lists with reason, price, margin and stock; what is shown is noted", async () => {
    await open();
    expect.verifySteps([["recommend", 5], ["shown", [1, 2]]]);
    expect(queryText(".modal-title")).toBe("Recommendations for Shop");
    expect(queryAllTexts("[data-list=again] .o_recommendation_reason")).toEqual(["Why Anchor"]);
    expect(queryText("[data-list=again] .o_recommendation_margin")).toInclude("40%");
    expect(queryText("[data-list=again] .o_recommendation_stock")).toInclude("only 1 Units free");
    expect(queryText("[data-list=new] .o_recommendation_stock")).toInclude("5 Units free");
    expect("[data-list=new] .o_recommendation_margin").toHaveCount(0);
    expect(".o_recommend_add").not.toBeEnabled();
    expect(queryText(".o_recommend_add")).toBe("Add products");
});

test("several are added at once", async () => {
    onRpc("sale.order", "add_recommended", ({ args }) => {
        expect.step(["add", args]);
        return [1, 2];
    });
    await open();
    await contains("[data-list=again] .o_recommendation_choose").click();
    expect(queryText(".o_recommend_add")).toBe("Add 1 product");
    await contains("[data-list=new] .o_recommendation_choose").click();
    expect(queryText(".o_recommend_add")).toBe("Add 2 products");
    await contains(".o_recommend_add").click();
    expect.verifySteps([
        ["recommend", 5],
        ["shown", [1, 2]],
        ["add", [[5], [{ product_id: 1, quantity: 2, list: "again" }, { product_id: 2, quantity: 2, list: "new" }]]],
        "added",
    ]);
    expect(".o_recommend_dialog").toHaveCount(0);
});

test("another quantity is chosen and asks for its price", async () => {
    onRpc("crm.recommendation", "prices", ({ args }) => {
        expect.step(["prices", args[0]]);
        return [{ ...args[0][0], price: 8, margin: 0.25, currency_id: 1 }];
    });
    await open();
    await contains("[data-list=new] [aria-label=More]").click();
    await animationFrame();
    expect(queryText("[data-list=new] .o_recommendation_price")).toInclude("8.00");
    expect(queryText("[data-list=new] .o_recommendation_margin")).toInclude("25%");
    expect("[data-list=new] .o_recommendation_choose").toBeChecked();
    await click("[data-list=new] [aria-label=Quantity]");
    await edit("none", { confirm: "enter" });
    await animationFrame();
    expect("[data-list=new] [aria-label=Quantity]").toHaveValue("3");
    expect.verifySteps([["recommend", 5], ["shown", [1, 2]], ["prices", [{ product_id: 2, quantity: 3 }]]]);
});

test("a dismissal has a reason, and can be taken back", async () => {
    onRpc("crm.recommendation.feedback", "dismiss", ({ args }) => {
        expect.step(["dismiss", args]);
        return true;
    });
    onRpc("crm.recommendation.feedback", "restore", ({ args }) => {
        expect.step(["restore", args]);
        return true;
    });
    await open();
    await contains("[data-list=new] .o_recommendation_choose").click();
    await contains("[data-list=new] .o_recommendation_dismiss").click();
    await contains(".o-dropdown-item[data-reason=unfit]").click();
    expect(queryText("[data-list=new] [role=status]")).toInclude("Does not need it");
    expect(".o_recommend_add").not.toBeEnabled();
    await contains(".o_recommendation_restore").click();
    expect("[data-list=new] [role=status]").toHaveCount(0);
    expect.verifySteps([
        ["recommend", 5],
        ["shown", [1, 2]],
        ["dismiss", [{ product_id: 2, list: "new" }, "unfit"]],
        ["restore", [2]],
    ]);
});

test("nothing to show says why and offers best sellers", async () => {
    await open({
        again: [],
        new: [],
        sellers: [line("sellers", 3, "Seller")],
        about: { ...RESULT.about, segments: ["Trade"], sellers_of: "Trade", why: { again: "Bought nothing.", new: "Nothing is surely bought more." } },
    });
    expect(queryAllTexts(".o_recommendations_why")).toEqual(["Bought nothing.", "Nothing is surely bought more."]);
    expect(queryText(".o_recommendations_sellers")).toBe("Best sellers in “Trade”");
    expect("[data-list=new] .o_recommendation").toHaveCount(1);
    expect.verifySteps([["recommend", 5], ["shown", [3]]]);
});

const mountForm = (resId) =>
    mountView({
        type: "form",
        resModel: "crm.recommendation.model",
        resId,
        arch: `<form><field name="progress" widget="crm_progress"/></form>`,
    });

test("a rebuild is followed until it is done", async () => {
    const answers = [
        { running: true, waiting: false, done: 1, total: 4, error: "" },
        { running: false, waiting: false, done: 4, total: 4, error: "" },
    ];
    onRpc("crm.recommendation.model", "progress_now", () => {
        expect.step("progress");
        return answers.shift();
    });
    await mountForm(1);
    expect(queryText(".o_crm_progress span")).toInclude("next round");
    await advanceTime(POLL_INTERVAL);
    await animationFrame();
    expect(queryText(".o_crm_progress span")).toBe("Step 1 of 4 done");
    expect(queryFirst(".o_crm_progress .progress").getAttribute("aria-valuenow")).toBe("25");
    const done = { running: false, waiting: false, done: 4, total: 4, error: "" };
    MockServer.env["crm.recommendation.model"].write([1], { progress: done });
    await advanceTime(POLL_INTERVAL);
    await animationFrame();
    expect.verifySteps(["progress", "progress"]);
});

test("a failed rebuild says so, and what still holds", async () => {
    await mountForm(2);
    expect(queryText(".o_crm_progress span")).toInclude("no room");
    expect(queryText(".o_crm_progress span")).toInclude("still holds");
});
