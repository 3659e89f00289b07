import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    makeMockEnv,
    mockService,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { getDefaultConfig } from "@web/views/view";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { SegmentCrossTab } from "@crm_segments/cross_tab/segment_cross_tab";

describe.current.tags("desktop");

class Segmentation extends models.Model {
    _name = "crm.segmentation";
    name = fields.Char();
    enabled = fields.Boolean();
    company_id = fields.Many2one({ relation: "res.company" });
    _records = [
        { id: 1, name: "RFM", enabled: true },
        { id: 2, name: "Industry", enabled: true },
        { id: 3, name: "Off", enabled: false },
    ];
}

defineMailModels();
defineModels([Segmentation]);

const DONE = { name: "RFM", enabled: true, run: "done", can_run: true };
const nothing = { expected: null, index: null, verdict: null };
const DATA = {
    rows: {
        id: 1, name: "RFM", state: DONE, overlapping: false,
        segments: [
            { id: 11, name: "Champions", count: 30, amount: 300 },
            { id: 12, name: "Lost", count: 20, amount: 50 },
            { id: 13, name: "Empty", count: 0, amount: 0 },
        ],
    },
    columns: {
        id: 2, name: "Industry", state: DONE, overlapping: true,
        segments: [
            { id: 21, name: "Retail", count: 25, amount: 200 },
            { id: 22, name: "Farms", count: 22, amount: 100 },
            { id: 0, name: "No segment", count: 5, amount: 50 },
        ],
    },
    cells: [
        { row: 11, column: 21, count: 24, amount: 190, expected: 15, index: 160, verdict: "more" },
        { row: 11, column: 22, count: 6, amount: 60, expected: 8, index: 75, verdict: "chance" },
        { row: 11, column: 0, count: 2, amount: 50, ...nothing },
        { row: 12, column: 21, count: 0, amount: 0, expected: 10, index: 0, verdict: "less" },
        { row: 12, column: 22, count: 16, amount: 40, expected: 4, index: 400, verdict: "few" },
    ],
    total: { count: 50, amount: 350 },
    both: 45,
    currency_id: false,
};

const asked = [];
async function mountTab(data = DATA) {
    asked.length = 0;
    onRpc("crm.segmentation", "cross_tab", ({ args }) => {
        asked.push(`${args[0][0]} ${args[1]}`);
        return typeof data === "function" ? data() : data;
    });
    const env = await makeMockEnv({ config: getDefaultConfig() });
    await mountWithCleanup(SegmentCrossTab, { env, props: { action: {} } });
}

const cells = () => queryAllTexts(".o_segment_cross_tab tbody td");

test("the first two that are switched on, with members in the margins", async () => {
    await mountTab();
    expect(asked).toEqual(["1 2"]);
    expect(queryAllTexts(".o_cross_tab_first option")).toEqual(["RFM", "Industry"]);
    expect(queryAllTexts(".o_segment_cross_tab thead th")).toEqual(["", "Retail", "Farms", "No segment", "Total"]);
    // the total of a row is its members, not the sum of its cells
    expect(cells()).toEqual(["24", "6", "2", "30", "0", "16", "–", "20"]);
    expect(queryAllTexts(".o_segment_cross_tab tfoot td")).toEqual(["25", "22", "5", "50"]);
    expect(".o_segment_cross_tab").toHaveText(/In “Industry” a customer may be in several segments/);
});

test("share of the row, index with its sign, revenue", async () => {
    await mountTab();
    await contains(".o_cross_tab_share").click();
    expect(cells()).toEqual(["80%", "20%", "7%", "30", "0%", "80%", "–", "20"]);
    await contains(".o_cross_tab_index").click();
    expect(cells()).toEqual(["160 ▲", "75", "n/a", "30", "0 ▼", "400 ?", "–", "20"]);
    await contains(".o_cross_tab_amount").click();
    expect(cells()).toEqual(["190", "60", "50", "300", "0", "40", "–", "50"]);
});

test("by index only what is told from chance is shaded", async () => {
    await mountTab();
    await contains(".o_cross_tab_index").click();
    const shade = (n) => queryOne(`.o_segment_cross_tab tbody td:eq(${n})`).getAttribute("style");
    expect(shade(0)).toMatch(/primary\) 24%/); // 70 % of log2(1.6) / 2
    expect(shade(1)).toMatch(/ 0%/);
    expect(shade(4)).toMatch(/warning\) 70%/); // row 2, first cell
    expect(shade(5)).toMatch(/ 0%/);
});

test("a cell in words, and what goes together as sentences", async () => {
    await mountTab();
    expect(".o_cross_tab_cell:first").toHaveAttribute(
        "title",
        "24 customers, 80% of the row; 190 in 12 months; 15 expected, index 160: more than by chance"
    );
    expect(queryAllTexts(".o_cross_tab_told li")).toEqual([
        "▼ Lost × Retail: 0 customers where 10 would be expected (index 0)",
        "▲ Champions × Retail: 24 customers where 15 would be expected (index 160)",
    ]);
    expect(".o_cross_tab_told li:first button").toHaveCount(0);
});

test("other segmentations, and rows and columns swapped", async () => {
    await mountTab();
    await contains(".o_cross_tab_second").select("1");
    expect(".o_segment_cross_tab").toHaveText(/how its segments overlap/);
    await contains(".o_cross_tab_second").select("2");
    await contains(".o_cross_tab_swap").click();
    expect(asked).toEqual(["1 2", "1 1", "1 2", "2 1"]);
});

test("a cell opens its customers", async () => {
    onRpc("crm.segmentation", "action_open_cross_tab", ({ args }) => {
        expect.step(args.join(" "));
        return { type: "ir.actions.act_window_close" };
    });
    mockService("action", { doAction: (action) => expect.step(action.type) });
    await mountTab();
    await contains(".o_cross_tab_cell:eq(2)").click();
    expect.verifySteps(["1 2 11 0", "ir.actions.act_window_close"]);
});

test("hidden amounts can't be chosen", async () => {
    await mountTab({ ...DATA, total: { count: 50, amount: null } });
    expect(".o_cross_tab_amount").toHaveCount(0);
    expect(".o_cross_tab_cell:first").not.toHaveAttribute("title", /12 months/);
});

test("of many segments the largest are drawn, all on demand", async () => {
    const many = Array.from({ length: 40 }, (_one, n) => ({ id: 100 + n, name: `S${n}`, count: n + 1, amount: 0 }));
    await mountTab({ ...DATA, rows: { ...DATA.rows, segments: many }, cells: [] });
    expect(".o_segment_cross_tab tbody tr").toHaveCount(30);
    expect(".o_segment_cross_tab tbody th:first").toHaveText("S10");
    expect(".o_segment_cross_tab").toHaveText(/10 smaller ones are left out/);
    await contains(".o_cross_tab_whole").click();
    expect(".o_segment_cross_tab tbody tr").toHaveCount(40);
});

test("one that has never run keeps the table empty, and says so", async () => {
    const rows = { ...DATA.rows, state: { ...DONE, run: "waiting" } };
    await mountTab({ ...DATA, rows, cells: [], total: { count: 0, amount: 0 } });
    expect(".o_segment_cross_tab table").toHaveCount(0);
    expect(".o_segment_not_run").toHaveText(/“RFM” has never run.*Run now/s);
});

test("one side without members: the table, and what to do", async () => {
    const empty = DATA.columns.segments.map((one) => (one.id ? { ...one, count: 0 } : one));
    const columns = { ...DATA.columns, segments: empty, state: { ...DONE, name: "Industry", enabled: false } };
    const cells = [{ row: 11, column: 0, count: 30, amount: 300, ...nothing }];
    await mountTab({ ...DATA, columns, cells, both: 0 });
    expect(".o_segment_not_run").toHaveText(/“Industry” is switched off.*Switch on/s);
    expect(".o_cross_tab_cell").toHaveCount(1);
    expect(".o_segment_cross_tab").not.toHaveText(/Index: the customers/);
});

test("no segmentation at all: what a cross-tab is, and where to begin", async () => {
    Segmentation._records = [];
    mockService("action", { doAction: (action) => expect.step(action) });
    await mountTab();
    expect(".o_cross_tab_nothing").toHaveText(/against each other/);
    await contains(".o_cross_tab_nothing button").click();
    expect.verifySteps(["crm_segments.crm_segmentation_action"]);
});
