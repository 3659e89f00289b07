import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { contains, defineModels, fields, mockService, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");

class Segmentation extends models.Model {
    _name = "crm.segmentation";
    name = fields.Char();
    _records = [{ id: 1, name: "RFM" }];
}

defineMailModels();
defineModels([Segmentation]);

const FIGURES = {
    "5-5": { count: 4, amount: 400, segments: [{ id: 7, count: 3 }, { id: 8, count: 1 }] },
    "1-1": { count: 1, amount: 1600, segments: [{ id: 9, count: 1 }] },
};
const CELLS = [5, 4, 3, 2, 1].flatMap((row) =>
    [1, 2, 3, 4, 5].map((column) => ({
        row, column, count: 0, amount: 0, segments: [{ id: 8, count: 0 }], ...FIGURES[`${row}-${column}`],
    }))
);
const DATA = {
    cells: CELLS,
    unscored: [
        { id: 10, name: "No purchase yet", pinned: false, count: 12, amount: 0 },
        { id: 7, name: "Champions", pinned: true, count: 2, amount: 50 },
    ],
    names: { 7: "Champions", 8: "Loyal", 9: "Lost", 10: "No purchase yet" },
    metrics: { recency: "Last Purchase", frequency: "Purchases", monetary: "Revenue" },
    notes: [],
    state: { name: "RFM", enabled: true, run: "done", can_run: true },
    currency_id: false,
};
const EMPTY = CELLS.map((cell) => ({ ...cell, count: 0, amount: 0 }));

async function mountGrid(data) {
    onRpc("crm.segmentation", "rfm_grid", ({ args }) => {
        expect.step(args[1]);
        return typeof data === "function" ? data() : data;
    });
    await mountView({
        type: "form",
        resModel: "crm.segmentation",
        resId: 1,
        arch: `<form><field name="name"/><widget name="segment_rfm_grid"/></form>`,
    });
}

const side = (selector) => parseInt(queryOne(selector).style.width);

test("five by five, the best at the top right, with both figures and the segments", async () => {
    await mountGrid(DATA);
    expect(queryAllTexts(".o_segment_rfm_grid tbody th")).toEqual([
        "Recency 5 (latest)", "Recency 4", "Recency 3", "Recency 2", "Recency 1 (longest ago)",
    ]);
    expect(queryAllTexts(".o_segment_rfm_grid thead th").slice(1, 3)).toEqual(["Frequency 1", "Frequency 2"]);
    expect(queryAllTexts(".o_grid_cell .o_grid_count")).toEqual(["4", "1"]);
    expect(".o_grid_cell:first .o_grid_segment").toHaveText("Champions +1");
    expect(".o_grid_cell:first").toHaveAttribute(
        "title",
        "4 customers, 400 in 12 months. Segments: Champions (3), Loyal (1)"
    );
    expect(queryAllTexts(".o_segment_rfm_grid tfoot td")).toEqual(["1", "0", "0", "0", "4", "5"]);
    expect.verifySteps(["frequency"]);
});

test("square and shade stand for customers or revenue, as chosen", async () => {
    await mountGrid(DATA);
    // by customers 4 : 1 the sides are 2 : 1; by revenue 400 : 1600 they are 1 : 2
    expect(side(".o_grid_cell:eq(0) .o_grid_square")).toBe(32);
    expect(side(".o_grid_cell:eq(1) .o_grid_square")).toBe(16);
    await contains(".o_grid_size").select("amount");
    expect(side(".o_grid_cell:eq(0) .o_grid_square")).toBe(16);
    expect(side(".o_grid_cell:eq(1) .o_grid_square")).toBe(32);
    expect(queryAllTexts(".o_segment_rfm_grid tfoot td").at(-1)).toBe("2,000");
    const shaded = () => queryOne(".o_segment_rfm_grid tbody tr:first td:eq(4)").getAttribute("style");
    expect(shaded()).toMatch(/18%/); // 70 % of 400 / 1600
    await contains(".o_grid_shade").select("count");
    expect(shaded()).toMatch(/70%/);
    expect.verifySteps(["frequency"]);
});

test("the other axis is asked for", async () => {
    await mountGrid(DATA);
    await contains(".o_grid_axis_monetary").click();
    expect(".o_segment_rfm_grid thead th:eq(1)").toHaveText("Monetary value 1");
    expect(".o_grid_axis_monetary").toHaveAttribute("aria-pressed", "true");
    expect.verifySteps(["frequency", "monetary"]);
});

test("hidden amounts leave customers only", async () => {
    const cells = CELLS.map((cell) => ({ ...cell, amount: null }));
    await mountGrid({ ...DATA, cells, unscored: [{ ...DATA.unscored[0], amount: null }] });
    expect(".o_grid_size").toHaveCount(0);
    expect(".o_grid_cell:first").toHaveAttribute("title", "4 customers. Segments: Champions (3), Loyal (1)");
    expect(".o_segment_rfm_grid").not.toHaveText(/n\/a/);
    expect.verifySteps(["frequency"]);
});

test("cells and those without scores open their customers", async () => {
    onRpc("crm.segmentation", "action_open_grid", ({ args }) => {
        expect.step(args.slice(1).join(" "));
        return { type: "ir.actions.act_window_close" };
    });
    mockService("action", { doAction: (action) => expect.step(action.type) });
    await mountGrid(DATA);
    await contains(".o_grid_cell:first").click();
    await contains(".o_grid_unscored_open:first").click();
    expect.verifySteps([
        "frequency",
        "frequency 5 5 false", "ir.actions.act_window_close",
        "frequency 0 0 10", "ir.actions.act_window_close",
    ]);
    expect(".o_grid_unscored li:eq(0)").toHaveText(/12 customers, 0 in 12 months: without a purchase/);
    expect(".o_grid_unscored li:eq(1)").toHaveText(/2 customers, 50 in 12 months: pinned by hand/);
});

test("a measure that can't be ranked is told", async () => {
    await mountGrid({ ...DATA, notes: ["Frequency can't be ranked."] });
    expect(".o_segment_rfm_grid [role=status]").toHaveText("Frequency can't be ranked.");
    expect.verifySteps(["frequency"]);
});

test("never run: says so and runs", async () => {
    let ran = false;
    onRpc("crm.segmentation", "action_run", () => {
        ran = true;
        return { type: "ir.actions.client", tag: "display_notification", params: { next: { tag: "soft_reload" } } };
    });
    mockService("action", { doAction: (action) => expect.step(`next: ${action.params.next}`) });
    const state = { ...DATA.state, run: "never" };
    await mountGrid(() => (ran ? DATA : { ...DATA, cells: EMPTY, unscored: [], state }));
    expect(".o_segment_rfm_grid table").toHaveCount(0);
    expect(".o_segment_not_run").toHaveText(/has never run/);
    await contains(".o_segment_not_run button").click();
    expect(".o_grid_cell").toHaveCount(2);
    expect.verifySteps(["frequency", "next: undefined", "frequency"]);
});

test("who may not run is told who may", async () => {
    const state = { ...DATA.state, enabled: false, can_run: false };
    await mountGrid({ ...DATA, cells: EMPTY, unscored: [], state });
    expect(".o_segment_not_run button").toHaveCount(0);
    expect(".o_segment_not_run").toHaveText(/switched off.*Whoever manages segments can/s);
    expect.verifySteps(["frequency"]);
});

test("nobody bought: says what the grid ranks, and names those without purchase", async () => {
    await mountGrid({ ...DATA, cells: EMPTY, unscored: [DATA.unscored[0]] });
    expect(".o_segment_not_run").toHaveText(/Nobody in the population has bought yet/);
    expect(".o_grid_unscored li").toHaveCount(1);
    expect.verifySteps(["frequency"]);
});
