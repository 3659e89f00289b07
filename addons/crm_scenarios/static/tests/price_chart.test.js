import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, makeMockEnv, mockService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { PriceChart } from "@crm_scenarios/price_chart/price_chart";
import { getDefaultConfig } from "@web/views/view";

describe.current.tags("desktop");
defineMailModels();

const CELL = {
    name: "Shops: Cups, 0+", stretch: 0.04, target: 0.06, floor: 0.09, floor_kind: "none", floor_text: "",
    low: 0.05, high: 0.08, n: 30, rests: "Own lines", reference_kind: "Estimated",
    date_from: "2026-01-02", date_to: "2026-11-20", prices: null,
    bins: [
        { low: 0.025, high: 0.05, count: 10, open: false },
        { low: 0.05, high: 0.075, count: 0, open: false },
        { low: 0.075, high: 0.1, count: 20, open: false },
    ],
};
const bin = (low, high, won, n, rate_low, rate_high, fitted) => ({
    low, high, won, n, rate: won / n, rate_low, rate_high, fitted,
});
const CURVE = {
    name: "All customers: Cups", won: 70, lost: 50, verdict: "rising", text: "More discount wins more often here.",
    bins: [bin(0, 0.05, 20, 60, 0.227, 0.459, 1 / 3), bin(0.05, 0.2, 50, 60, 0.72, 0.907, 5 / 6)],
};

async function mountChart(data, params = {}) {
    onRpc("crm.price.guidance", "chart", () => data);
    await mountWithCleanup(PriceChart, {
        env: await makeMockEnv({ config: getDefaultConfig() }),
        props: { action: { type: "ir.actions.client", params: { model: "crm.price.guidance", id: 3, ...params } } },
    });
    await animationFrame();
}

test("where the line lies among the others, with the numbers in a table", async () => {
    await mountChart({ cell: CELL, curve: CURVE }, { given: 0.15 });
    expect(".o_price_summary").toHaveText("Typical: 4.0 % to 9.0 %, you give 15.0 %");
    // the axis reaches from the first lines, 2.5 %, to the bin of this one, up to 22.5 %
    expect(".o_price_bar").toHaveCount(8);
    const place = parseFloat(queryFirst(".o_price_bars .o_price_mark_given").style.left);
    expect(Math.round(place * 10)).toBe(625);
    expect(".o_price_bar:eq(5)").toHaveClass("o_price_mine");
    expect(queryFirst(".o_price_bar:eq(0) div").style.height).toBe("50%");
    await contains("details summary").click();
    const row = (place) => `.o_price_numbers tbody tr:eq(${place})`;
    const cells = (place) => [...queryAllTexts(`${row(place)} th`), ...queryAllTexts(`${row(place)} td`)];
    expect(cells(0)).toEqual(["2.5 % to 5.0 %", "10", ""]);
    expect(cells(2)).toEqual(["7.5 % to 10.0 %", "20", ""]);
    expect(cells(5)).toEqual(["15.0 % to 17.5 %", "0", "this line"]);
    expect(".o_price_chart").toHaveText(/No cost is known/);
});

test("the win curve is a table with its plot", async () => {
    await mountChart({ cell: CELL, curve: CURVE }, { given: 0.15 });
    expect(".o_price_verdict").toHaveText("More discount wins more often here.");
    expect(queryAllTexts(".o_price_curve tbody tr:eq(1) td:not(.o_price_plot)")).toEqual([
        "83 % (50 of 60)", "72 % to 91 %", "83 %",
    ]);
    expect(queryAllTexts(".o_price_curve tbody th")[0]).toBe("up to 5.0 %");
    expect(".o_price_curve tbody th:eq(1)").toHaveText(/^above 5.0 %/);
    expect(".o_price_curve tbody tr:eq(1)").toHaveClass("table-info");
    const point = queryFirst(".o_price_curve tbody tr:eq(0) .o_price_point").style.left;
    expect(Math.round(parseFloat(point))).toBe(33);
});

test("not enough data is an answer; nothing is given by a cell alone", async () => {
    mockService("action", { doAction: (action) => expect.step(action) });
    const few = { ...CURVE, verdict: "few", text: "Not enough data for a win curve", bins: [] };
    await mountChart({ cell: { ...CELL, low: null, high: null, bins: [] }, curve: few });
    expect(".o_price_summary").toHaveText("Typical: 4.0 % to 9.0 %");
    expect(".o_price_curve, .o_price_bars").toHaveCount(0);
    expect(".o_price_verdict").toHaveText(/^Not enough data/);
    expect(".o_price_chart").toHaveText(/Too few lines for an interval/);
    await contains(".o_price_list").click();
    expect.verifySteps(["crm_scenarios.crm_price_guidance_action"]);
});

test("what may not be read is told", async () => {
    onRpc("crm.price.guidance", "chart", () => {
        throw new Error("no");
    });
    await mountWithCleanup(PriceChart, {
        env: await makeMockEnv({ config: getDefaultConfig() }),
        props: { action: { type: "ir.actions.client", params: { model: "crm.price.guidance", id: 3 } } },
    });
    await animationFrame();
    expect("[role=alert]").toHaveCount(1);
});
