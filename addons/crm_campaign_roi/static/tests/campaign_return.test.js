import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { contains, defineModels, fields, mockService, models, mountView, onRpc, preloadBundle } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");

class Campaign extends models.Model {
    _name = "utm.campaign";
    title = fields.Char();
    _records = [{ id: 1, title: "Spring" }];
}

defineMailModels();
defineModels([Campaign]);
preloadBundle("web.chartjs_lib");

const DATA = {
    currency_id: false,
    model: "linear",
    models: [
        { code: "first", name: "First Touch", orders: 2, invoiced: 300, margin: 150, roi: 0.5 },
        { code: "linear", name: "Linear", orders: 1.5, invoiced: 200, margin: 80, roi: -0.2 },
    ],
    totals: {
        cost: 100, leads: 4, opportunities: 2, orders: 1.5, new_customers: 1, pipeline: 500,
        ordered: 250, invoiced: 200, paid: 120, margin: 80, margin_base: 200, return_margin: 80,
        expected_margin: null, lifetime_margin: 90, roi: -0.2, roas: 2, cost_per_lead: 25,
        cost_per_opportunity: 50, cac: 100, ltv_cac: 0.9, ltv_cac_expected: 1.4,
    },
    months: [
        { month: "2026-03-01", cost: 100, margin: 0, balance: -100, budget: 90 },
        { month: "2026-04-01", cost: 0, margin: 80, balance: -20, budget: null },
    ],
    payback: null,
    committed: 30,
    budget: 200,
    kinds: [{ kind: "bill", name: "Vendor bills", amount: 100 }],
    coverage: { orders: 0.4, cost: null },
    sees_figures: true,
    sees_books: true,
    evidence: "attribution",
    warnings: ["Over budget by 5."],
};

async function mountPanel(answer = DATA) {
    onRpc("utm.campaign", "campaign_return", ({ kwargs }) => {
        expect.step(`read ${kwargs.model}`);
        return typeof answer === "function" ? answer(kwargs) : answer;
    });
    await mountView({
        type: "form", resModel: "utm.campaign", resId: 1,
        arch: `<form><field name="title"/><widget name="crm_campaign_return"/></form>`,
    });
    await animationFrame();
}

test("the answer, the stages with their amounts, and the models side by side", async () => {
    await mountPanel();
    expect(".o_return_answer").toHaveText("ROI -20%: 80.00 of margin on 100.00 of cost.");
    expect(queryAllTexts(".o_return_stages tr[data-key] th")).toEqual([
        "Cost", "Committed", "Opportunities", "Orders", "Invoiced", "Paid", "Margin",
    ]);
    expect(queryAllTexts(".o_return_stages tr[data-key] td:last-child")).toEqual([
        "100.00", "30.00", "500.00", "250.00", "200.00", "120.00", "80.00",
    ]);
    expect(queryAllTexts("tr[data-key=opportunities] td, tr[data-key=ordered] td")).toEqual([
        "2", "500.00", "1.5", "250.00",
    ]);
    expect(queryAllTexts(".o_return_models .o_return_roi")).toEqual(["50%", "-20%"]);
    expect(".o_return_spread").toHaveText(/from -20% to 50%/);
    expect(".o_return_evidence").toHaveText(
        "Evidence: Attribution. Credit for orders after a touch; they may have come anyway."
    );
    expect("[data-key=ltv_expected] dd").toHaveText("1.40");
    expect(".o_return_coverage").toHaveText(/40% of the ordered money has a campaign, n\/a of/);
    expect(".o_return_warning").toHaveText("Over budget by 5.");
    expect(".o_return_budget").toHaveText(/65%/);
    expect(".o_return_months .fa-exclamation-triangle").toHaveCount(1);
    expect("canvas").toHaveCount(2);
    expect.verifySteps(["read null"]);
});

test("another model is read again; an amount opens what it is made of", async () => {
    onRpc("utm.campaign", "action_open_return", ({ args }) => {
        expect.step(`open ${args.slice(1).join(" ")}`);
        return { type: "ir.actions.act_window_close" };
    });
    await mountPanel(({ model }) => ({ ...DATA, model: model || "linear" }));
    await contains(".o_return_model").select("first");
    expect("tr.fw-bold").toHaveText(/First Touch/);
    mockService("action", { doAction: () => expect.step("done") });
    await contains("tr[data-key=paid] .o_return_open").click();
    expect.verifySteps(["read null", "read first", "open paid first", "done"]);
});

test("without cost the return is n/a, never 0", async () => {
    const nothing = { cost: null, roi: null, roas: null, cac: null, cost_per_lead: null, ltv_cac: null, ltv_cac_expected: null };
    await mountPanel({ ...DATA, totals: { ...DATA.totals, ...nothing }, warnings: [], kinds: [] });
    expect(".o_return_answer").toHaveText(/^ROI n\/a: no cost yet/);
    expect(queryAllTexts(".o_return_ratios dd")).toEqual(["n/a", "n/a", "50.00", "n/a", "n/a", "n/a"]);
    expect.verifySteps(["read null"]);
});

test("who may not see the books is told to ask accounting; without figures no margin", async () => {
    const models = DATA.models.map((one) => ({ ...one, margin: null, roi: null }));
    const hidden = { ...DATA.totals, cost: null, margin: null, roi: null };
    await mountPanel({
        ...DATA, models, totals: hidden, months: [], kinds: [], committed: null, budget: null,
        sees_books: false, sees_figures: false, warnings: [],
    });
    expect(".o_return_open").toHaveCount(1); // the opportunities, by one's own rights
    expect("tr[data-key=margin], tr[data-key=cost], .o_return_ratios").toHaveCount(0);
    expect(".o_campaign_return").toHaveText(/Ask accounting/);
    expect.verifySteps(["read null"]);
});

test("while it is read, nothing there, and what went wrong", async () => {
    const answer = new Deferred();
    await mountPanel(() => answer);
    expect(".o_return_loading").toHaveCount(1);
    const totals = Object.fromEntries(Object.keys(DATA.totals).map((name) => [name, null]));
    answer.resolve({ ...DATA, totals, committed: 0, models: [], months: [], kinds: [] });
    await animationFrame();
    expect(".o_return_empty").toHaveText(/Nothing to show yet/);
    expect.verifySteps(["read null"]);
});
