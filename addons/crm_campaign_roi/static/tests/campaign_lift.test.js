import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryText } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, defineModels, fields, models, mountView, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { currencies } from "@web/core/currency";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");

class Audience extends models.Model {
    _name = "crm.campaign.audience";
    name = fields.Char();
    state = fields.Selection({ selection: [["drawn", "Drawn"], ["launched", "Launched"]] });
    reading_date = fields.Datetime();
    _records = [{ id: 1, name: "Loyal", state: "launched" }];
}

defineMailModels();
defineModels([Audience]);

const RATE = { treated: 0.5, control: 0.2, difference: [0.3, 0.169, 0.417], lift: [1.5, 0.6, 2.9], adjusted: null };
const MONEY = { treated: 50, control: 40, difference: [10, -8.7, 28.7], lift: [0.25, -0.2, 0.9], adjusted: [10, -2, 22] };
const ONE = { name: "Campaign", verdict: "better", needed: 180, outcomes: { conversion: RATE, revenue: MONEY } };
const ARMS = [
    { name: "Hold-out", is_control: true, customers: 100, planned: 0.5, successes: { conversion: 20, response: 0 }, means: {} },
    { name: "Campaign", is_control: false, customers: 100, planned: 0.5, successes: { conversion: 50, response: 1 }, means: {} },
];
const DATA = {
    state: "read", verdict: "better", outcome: "conversion", effect: 0.2, end_date: "2026-11-20", progress: 1,
    currency_id: false, sees_figures: true, incremental: [500, 100, 900],
    reading: { ratio_p: 1, correction: null, treatments: [ONE], arms: ARMS, segments: [] },
};

async function mountLift(answer) {
    onRpc("crm.campaign.audience", "lift", () => answer);
    await mountView({
        type: "form", resModel: "crm.campaign.audience", resId: 1,
        arch: `<form><field name="name"/><widget name="crm_campaign_lift"/></form>`,
    });
    await animationFrame();
}

test("what works: the sentence, the intervals, and the same in a table", async () => {
    await mountLift(DATA);
    expect(".o_lift_sentence").toHaveText(
        "The campaign works. Customers who ordered: 50% against 20% in the hold-out, +30.0 points (+16.9 points to +41.7 points)."
    );
    expect(".o_lift_incremental").toHaveText("More margin because of the campaign: +500.00 (+100.00 to +900.00)");
    expect(queryAllTexts(".o_interval_name")).toEqual(["Customers who ordered", "Revenue per customer"]);
    expect(queryAllTexts(".o_interval_text")).toEqual(["150% (60% – 290%)", "25% (-20% – 90%)"]);
    expect(queryAllTexts(".o_lift_difference")).toEqual(["+30.0 points", "+10.00"]);
    expect("tr[data-outcome=revenue] td:last").toHaveText("-2.00 to +22.00");
    expect(".o_lift_arms tbody tr").toHaveCount(2);
    expect(".o_lift_segments").toHaveCount(0);
});

test("a lift that may be any has no place in the picture", async () => {
    const one = { ...ONE, outcomes: { conversion: { ...RATE, lift: [1.5, 0.6, null] }, revenue: MONEY } };
    await mountLift({ ...DATA, reading: { ...DATA.reading, treatments: [one] } });
    expect(queryAllTexts(".o_interval_name")).toEqual(["Revenue per customer"]);
    expect("tr[data-outcome=conversion] td:nth-child(6)").toHaveText("150% (60% to any)");
});

test("the sign of a difference stands before the currency", async () => {
    patchWithCleanup(currencies, { 1: { symbol: "£", position: "before", digits: [69, 2] } });
    await mountLift({ ...DATA, currency_id: 1, incremental: [-500, -1000, 900] });
    expect(queryText(".o_lift_incremental").replaceAll("\u2060", "").replaceAll("\u00a0", " ")).toBe(
        "More margin because of the campaign: -£ 500.00 (-£ 1,000.00 to +£ 900.00)"
    );
});

test("before the end nothing but the day is told", async () => {
    await mountLift({ ...DATA, state: "waiting", verdict: null, reading: null, incremental: null, progress: 0.4 });
    expect(".o_lift_sentence").toHaveText(
        "Not enough data yet: the result is read once, on 11/20/2026, when the window is over."
    );
    expect(".o_lift_outcomes").toHaveCount(0);
    expect(".progress").toHaveAttribute("aria-valuenow", "40");
});

test("too small, nothing seen, and broken groups are told apart", async () => {
    const small = { ...ONE, verdict: "small", needed: 5000 };
    await mountLift({ ...DATA, reading: { ...DATA.reading, treatments: [small] } });
    expect(".o_lift_sentence").toHaveText(/^Too small to tell: an effect of 20.0 points takes about 5,000 customers\./);
});

test("several treatments have a verdict each, segments a warning", async () => {
    const two = { ...ONE, name: "Blue", verdict: "nothing" };
    const segments = [
        { segment: 1, name: "Loyal", customers: 80, seen: 0.4, shrunk: 0.31 },
        { segment: 2, name: "New", customers: 120, seen: 0.1, shrunk: 0.22 },
    ];
    const reading = { ...DATA.reading, correction: "bonferroni", treatments: [ONE, two], segments };
    await mountLift({ ...DATA, reading });
    expect(".o_lift_sentence").toHaveCount(0);
    expect(".o_lift_treatment").toHaveCount(2);
    expect(".o_lift_treatment:last").toHaveText(/No effect seen, and one of 20.0 points would have been/);
    expect(".o_lift_segments[open]").toHaveCount(0);
    await contains(".o_lift_segments summary").click();
    expect(".o_lift_segments[open]").toHaveCount(1);
    expect(".o_lift_segments p").toHaveText(/of twenty segments without any effect, one looks as if it had one/);
});

test("what can't be read says so and is tried again", async () => {
    let broken = true;
    onRpc("crm.campaign.audience", "lift", () => {
        if (broken) {
            throw new Error("No");
        }
        return { ...DATA, state: "draft", reading: null, incremental: null };
    });
    await mountView({
        type: "form", resModel: "crm.campaign.audience", resId: 1,
        arch: `<form><widget name="crm_campaign_lift"/></form>`,
    });
    await animationFrame();
    expect(".alert-warning").toHaveCount(1);
    broken = false;
    await contains(".alert-warning .btn").click();
    expect(".o_lift_sentence").toHaveText("Drawn, and not launched yet.");
});
