import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { contains, makeMockEnv, mockService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { DealPatterns } from "@crm_scenarios/deal_patterns/deal_patterns";
import { marks, position, reach } from "@crm_scenarios/deal_patterns/forest_axis";
import { getDefaultConfig } from "@web/views/view";

describe.current.tags("desktop");
defineMailModels();

const row = (id, name, verdict, vals = {}) => ({
    id, name, verdict, text: name,
    with_count: 60, with_won: 40, without_count: 50, without_won: 10,
    rate_with: 2 / 3, rate_without: 0.2, ratio: 3.33, low: 1.9, high: 6.1, q: 0.01,
    ...vals,
});
const STUDY = {
    id: 7, name: "All deals", days: 14, deals: 110, won: 50, tests: 3, found: 1,
    detectable: 1.62, date: "2026-11-25T03:10:00",
};
const BOARD = {
    study: STUDY,
    studies: [{ id: 7, name: "All deals" }, { id: 8, name: "RFM: Champions" }],
    patterns: [
        row(1, "Meeting held", "more"),
        row(2, "Source: Fair", "same", { ratio: null, low: 0.5, high: null, q: 0.7 }),
        row(3, "Source: Web", "few", { ratio: null, low: null, high: null, q: null }),
    ],
    may_rebuild: true,
    drafts: 2,
};

async function mountPatterns(answer = BOARD, props = {}) {
    onRpc("crm.deal.pattern", "board", ({ args }) => {
        expect.step(`board ${args[0]}`);
        return typeof answer === "function" ? answer() : answer;
    });
    await mountWithCleanup(DealPatterns, {
        env: await makeMockEnv({ config: getDefaultConfig() }),
        props: { action: { type: "ir.actions.client" }, ...props },
    });
    await animationFrame();
}

test("the axis is logarithmic, and 1 its middle", () => {
    expect(reach([{ low: 0.4, high: 2.6, ratio: 1.5 }])).toBe(3);
    expect(reach([{ low: null, high: null, ratio: null }])).toBe(1.1);
    expect(reach([{ low: 0.001, high: 90, ratio: 1 }])).toBe(20);
    expect(position(1, 4)).toBe(50);
    expect(position(2, 4)).toBe(75);
    expect(position(0.5, 4)).toBe(25);
    expect(position(100, 4)).toBe(100);
    expect(position(0, 4)).toBe(0);
    expect(marks(1.1).map((mark) => Math.round(mark.left))).toEqual([0, 50, 100]);
    const shown = marks(3).map((mark) => mark.left);
    expect(shown[0] + shown.at(-1)).toBe(100);
});

test("answer first, then a row per pattern with plot and numbers", async () => {
    await mountPatterns();
    expect(".o_patterns_summary").toHaveText(/^1 patterns found in 3 comparisons/);
    expect(queryAllTexts(".o_forest tbody th")).toEqual(["Meeting held", "Source: Fair"]);
    expect(queryAllTexts(".o_forest tbody tr:first td:not(.o_forest_plot)").map((t) => t.replace(/\s+/g, " "))).toEqual([
        "67% 40 of 60", "20% 10 of 50", "3.33 1.90 to 6.10", "Won more often q = 0.01",
    ]);
    expect(".o_forest tbody tr:eq(1) td:eq(3)").toHaveText(/n\/a\s+0.50 to ∞/);
    // an interval without bound reaches the end; no point where the ratio is unknown
    expect(".o_forest tbody tr:eq(1) .o_forest_point").toHaveCount(0);
    const line = queryFirst(".o_forest tbody tr:eq(1) .o_forest_line").style;
    expect(Math.round(parseFloat(line.left) + parseFloat(line.width))).toBe(100);
    expect.verifySteps(["board null"]);
});

test("what has too few deals is shown on request, without numbers that mean nothing", async () => {
    await mountPatterns();
    await contains(".o_patterns_few").click();
    expect(".o_forest tbody tr").toHaveCount(3);
    expect(".o_forest tr[data-verdict=few] .o_forest_line").toHaveCount(0);
    expect(".o_forest tr[data-verdict=few] td:eq(3)").toHaveText("n/a");
    expect(".o_forest tr[data-verdict=few] .badge").toHaveText("Not enough data");
    expect.verifySteps(["board null"]);
});

test("another study, compare again, and the deals behind a number", async () => {
    onRpc("crm.deal.pattern", "action_rebuild", () => {
        expect.step("rebuild");
        return false;
    });
    onRpc("crm.deal.pattern", "action_open_deals", ({ args }) => {
        expect.step(`deals ${args.flat().join(" ")}`);
        return { type: "ir.actions.act_window_close" };
    });
    onRpc("crm.deal.pattern", "action_draft_scenario", ({ args }) => {
        expect.step(`draft ${args}`);
        return { type: "ir.actions.act_window_close" };
    });
    mockService("action", { doAction: (action) => expect.step(action.type || action) });
    await mountPatterns();
    await contains(".o_patterns_study").select("8");
    await contains(".o_patterns_rebuild").click();
    await contains(".o_forest_with:first").click();
    await contains(".o_forest_without:first").click();
    await contains(".o_patterns_draft").click();
    await contains(".o_patterns_list").click();
    expect.verifySteps([
        "board null", "board 8", "rebuild", "board 8",
        "deals 1 true", "ir.actions.act_window_close",
        "deals 1 false", "ir.actions.act_window_close",
        "draft 7", "ir.actions.act_window_close",
        "crm_scenarios.crm_deal_pattern_action_list",
    ]);
});

test("nothing compared, too few, nothing found", async () => {
    const answers = [
        { study: false, studies: [], patterns: [], may_rebuild: true },
        { ...BOARD, study: { ...STUDY, tests: 0, detectable: null }, patterns: [] },
        { ...BOARD, study: { ...STUDY, found: 0 } },
    ];
    onRpc("crm.deal.pattern", "action_rebuild", () => false);
    await mountPatterns(() => answers.shift());
    expect(".o_nocontent_help").toHaveText(/No deals were compared yet/);
    await contains(".o_patterns_rebuild").click();
    expect(".o_patterns_summary").toHaveText(/^Not enough data: 110 deals/);
    expect(".o_forest").toHaveCount(0);
    await contains(".o_patterns_rebuild").click();
    expect(".o_patterns_summary").toHaveText(/^Nothing found that could not be chance/);
    expect.verifySteps(["board null", "board null", "board null"]);
});

test("while it is read, and what went wrong", async () => {
    const answer = new Deferred();
    let failed = false;
    await mountPatterns(() => {
        if (!failed) {
            return answer;
        }
        return BOARD;
    });
    expect(".o_patterns_loading").toHaveCount(1);
    failed = true;
    answer.reject(new Error("Only managers"));
    await animationFrame();
    expect("[role=alert]").toHaveCount(1);
    await contains(".o_patterns_retry").click();
    expect("[role=alert]").toHaveCount(0);
    expect(".o_forest tbody tr").toHaveCount(2);
    expect.verifySteps(["board null", "board null"]);
});
