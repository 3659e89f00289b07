import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");

class Segmentation extends models.Model {
    _name = "crm.segmentation";
    name = fields.Char();
    _records = [{ id: 1, name: "RFM" }];
}

defineMailModels();
defineModels([Segmentation]);

const share = (value, low, high) => ({ share: value, low, high });
const ROW = {
    id: 1, name: "RFM", current: true, same_months: true, judged: ["2024-03-31"], missing: [],
    revenue: share(0.23, 0.18, 0.28), squares: share(0.05, 0.01, 0.09), mix: share(0.04, 0.03, 0.05),
    difference: null, best: false,
};
const DATA = {
    date: "2024-07-01 05:00:00",
    outdated: false,
    may_judge: true,
    missing: [],
    learnt: ["2023-10-31", "2023-12-31"],
    judged: ["2024-03-31"],
    customers: 1200,
    buyers: 400,
    revenue: ROW.revenue,
    squares: ROW.squares,
    mix: ROW.mix,
    mix_missing: [],
    others: [
        { ...ROW, id: 2, name: "Lifecycle", current: false, best: true, revenue: share(0.31, 0.25, 0.37), difference: share(0.08, 0.02, 0.14) },
        ROW,
        { ...ROW, id: 3, name: "Young", current: false, same_months: false, judged: [], revenue: null, mix: null, squares: null, missing: ["It takes 5."] },
    ],
    pairs: [{ names: ["Loyal", "Promising"], customers: [120, 85], means: [210, 190], revenue_p: 0.4, mix_p: null }],
    pair_count: 1,
    compared: 3,
    small: ["Lost"],
    today_fields: [],
    currency_id: false,
};

async function mountWorth(data) {
    onRpc("crm.segmentation", "worth", () => data);
    await mountView({
        type: "form",
        resModel: "crm.segmentation",
        resId: 1,
        arch: `<form><field name="name"/><widget name="segment_worth"/></form>`,
    });
}

test("the answer is a sentence, beside the best of the others", async () => {
    await mountWorth(DATA);
    expect(".o_worth_sentence").toHaveText(
        "Explains 23% (18% to 28%) of the next 90 days' revenue on customers kept out; no division 0 %. In comparison, Lifecycle: 31%."
    );
    expect(".o_worth_mix").toHaveText(/4% \(3% to 5%\)/);
    expect(".o_worth_outdated").toHaveCount(0);
});

test("a row per segmentation, what can't be judged is not 0, and no division at the end", async () => {
    await mountWorth(DATA);
    expect(queryAllTexts(".o_worth_others tbody tr th")).toEqual(["Lifecycleexplains most", "RFM", "Young", "No division"]);
    expect(queryAllTexts(".o_worth_others tbody tr td:nth-child(2)")).toEqual(["31%", "23%", "n/a", "0%"]);
    expect(queryAllTexts(".o_worth_others tbody tr td:nth-child(4)")[0]).toBe("+8% (2% to 14%)");
    expect(queryAllTexts(".o_worth_others tbody tr td:nth-child(3)")[2]).toBe("It takes 5.");
});

test("pairs that do not differ are named with their figures; hidden amounts are no column", async () => {
    await mountWorth(DATA);
    expect(queryAllTexts(".o_worth_pair_table tbody tr")).toEqual(["Loyal · Promising 120 · 85 210 · 190 0.40 n/a"]);
    expect(".o_worth_small").toHaveText(/Lost/);
});

test("without rights on amounts", async () => {
    await mountWorth({ ...DATA, may_judge: false, pairs: [{ ...DATA.pairs[0], means: null }] });
    expect(queryAllTexts(".o_worth_pair_table tbody tr")).toEqual(["Loyal · Promising 120 · 85 0.40 n/a"]);
    expect(".o_worth_judge").toHaveCount(0);
});

test("explaining nothing is said so", async () => {
    await mountWorth({ ...DATA, revenue: share(-0.004, -0.02, 0.01), others: [ROW] });
    expect(".o_worth_sentence").toHaveText(/^Explains nothing that no division would not: -0.4% \(-2% to 1%\)/);
});

test("all differ", async () => {
    await mountWorth({ ...DATA, pairs: [], pair_count: 0 });
    expect(".o_worth_pairs").toHaveText(/^All segments that were compared differ/);
});

test("too little history offers to compute the past", async () => {
    onRpc("crm.segmentation", "action_backfill", () => ({ type: "ir.actions.act_window_close" }));
    mockService("action", { doAction: (action) => expect.step(action.type) });
    await mountWorth({ ...DATA, revenue: null, missing: ["It takes 5 month-ends."], pairs: [] });
    expect(".o_worth_sentence").toHaveText("Not enough data.");
    expect(".o_worth_missing").toHaveText("It takes 5 month-ends.");
    await contains(".o_worth_past").click();
    expect.verifySteps(["ir.actions.act_window_close"]);
});

test("judging asks the server and shows what came of it", async () => {
    onRpc("crm.segmentation", "action_judge", ({ args }) => {
        expect.step(`judge ${args[0]}`);
        return false;
    });
    await mountWorth({ ...DATA, date: false, revenue: null, others: [], pairs: [] });
    expect(".o_worth_sentence").toHaveText(/^Not judged yet/);
    onRpc("crm.segmentation", "worth", () => DATA);
    await contains(".o_worth_judge").click();
    expect.verifySteps(["judge 1"]);
    expect(".o_worth_sentence").toHaveText(/^Explains 23%/);
});
