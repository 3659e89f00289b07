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
import { SegmentCompare } from "@crm_segments/compare/segment_compare";

describe.current.tags("desktop");

const NAMES = ["Champions", "Loyal", "Lost", "At Risk", "Promising"];
const CHOICES = NAMES.map((name, index) => ({ id: index + 1, name, segmentation_id: [1, "RFM"] }));

class Segment extends models.Model {
    _name = "crm.segment";
    name = fields.Char();
}

defineMailModels();
defineModels([Segment]);

const cell = (value, verdict, factor = null, n = 20) => ({ value, n, verdict, factor });
const bought = (count, lift, verdict) => ({
    count, buyers: 20, all_count: 30, all_buyers: 100, lift, low: lift && lift / 2, high: lift && lift * 2, verdict,
});
const DATA = {
    segments: [
        { id: 1, name: "Champions", segmentation: "RFM", color: 1 },
        { id: 3, name: "Lost", segmentation: "RFM", color: 2 },
    ],
    base: ["RFM"],
    figures: [
        { key: "customers", label: "Customers", kind: "count", reference: 100, values: [cell(20, "part", 0.2), cell(0, "part", 0)] },
        { key: "average", label: "Average", kind: "money", reference: 80, values: [cell(200, "more", 2.5), cell(60, "less", 0.75)] },
        { key: "interval", label: "Days", kind: "days", reference: 30, values: [cell(36, "more", 1.2), cell(null, "unknown")] },
        { key: "win_rate", label: "Win rate", kind: "share", reference: 0.5, values: [cell(0.52, "same", 1.04), cell(1, "few", 2, 3)] },
    ],
    products: [
        { product_id: 5, name: "Lantern", category: "Lights", values: [bought(12, 2, "more"), bought(0, 0, "less")] },
        { product_id: 6, name: "Torch", category: "Lights", values: [bought(6, 1, "same"), bought(8, 4, "more")] },
        { product_id: 7, name: "Rope", category: "Tools", values: [bought(9, 1.5, "more"), bought(2, null, "few")] },
    ],
    visible: true,
    currency_id: false,
};

async function mountCompare(ids = [1, 3], data = DATA, choices = CHOICES) {
    onRpc("crm.segment", "compare_profiles", ({ args }) => {
        expect.step(args[0].join(" "));
        return data;
    });
    // the mock of the server doesn't follow the path in the domain
    onRpc("crm.segment", "search_read", () => choices);
    const env = await makeMockEnv({ config: getDefaultConfig() });
    await mountWithCleanup(SegmentCompare, { env, props: { action: { params: { segment_ids: ids } } } });
}

const row = (key) => queryAllTexts(`.o_compare_figures tr[data-key=${key}] td`);

test("figures in columns, differences in words, unknown is n/a", async () => {
    await mountCompare();
    expect(queryAllTexts(".o_compare_figures thead th")).toEqual(["", "Champions\nRFM", "Lost\nRFM", "All customers of RFM"]);
    expect(row("customers")).toEqual(["20\n20% of all", "0\n0% of all", "100"]);
    expect(row("average")).toEqual(["200.00\n▲ 2.5 times that of all", "60.00\n▼ 25% less than all", "80.00"]);
    expect(row("interval")).toEqual(["36 days\n▲ 20% more than all", "n/a\nnothing to compare with", "30 days"]);
    expect(row("win_rate")).toEqual(["52%\nabout the same", "100%\nrests on 3: too few to compare", "50%"]);
    expect.verifySteps(["1 3"]);
});

test("products stand by category, each with lift, counts and a verdict", async () => {
    await mountCompare();
    expect(queryAllTexts(".o_compare_category")).toEqual(["Lights", "Tools"]);
    expect(queryAllTexts(".o_compare_products tbody tr:eq(1) td")).toEqual([
        "2.0 ×\n12 of 20, ▲ more often", "0.0 ×\n0 of 20, ▼ less often", "30 of 100",
    ]);
    expect(".o_compare_products tbody tr:eq(1) td:first").toHaveAttribute("title", "19 times in 20 between 1.0 × and 4.0 ×");
    // the longest bar is that of the highest lift, 4
    expect(queryOne(".o_compare_products tbody tr:eq(1) .o_segment_lift_bar:first").style.width).toBe("50%");
    expect(queryAllTexts(".o_compare_products tbody:last tr:last td")[1]).toBe("n/a\n2 of 20, too few to tell");
    expect.verifySteps(["1 3"]);
});

test("segments are added and left out; four is the most", async () => {
    await mountCompare();
    expect(queryAllTexts(".o_compare_add option")).toEqual(["Add a segment…", "Loyal", "At Risk", "Promising"]);
    await contains(".o_compare_add").select("2");
    await contains(".o_compare_add").select("4");
    expect(".o_compare_add").toHaveCount(0);
    expect(".o_segment_compare").toHaveText(/Four fit side by side/);
    await contains(".o_compare_remove:first").click();
    expect(".o_compare_add").toHaveCount(1);
    expect.verifySteps(["1 3", "1 3 2", "1 3 2 4", "3 2 4"]);
});

test("one segment asks for another", async () => {
    await mountCompare([1]);
    expect(".o_compare_hint").toHaveText(/Choose two to four segments/);
    expect(".o_compare_figures").toHaveCount(0);
    await contains(".o_compare_add").select("3");
    expect(".o_compare_figures").toHaveCount(1);
    expect.verifySteps(["1 3"]);
});

test("a segment opens its customers", async () => {
    onRpc("crm.segment", "action_open_members", ({ args }) => {
        expect.step(`members of ${args[0]}`);
        return { type: "ir.actions.act_window_close" };
    });
    mockService("action", { doAction: (action) => expect.step(action.type) });
    await mountCompare();
    await contains(".o_compare_open:eq(1)").click();
    expect.verifySteps(["1 3", "members of 3", "ir.actions.act_window_close"]);
});

test("without rights to figures there are customers only, and it is said why", async () => {
    await mountCompare([1, 3], { ...DATA, figures: DATA.figures.slice(0, 1), products: [], visible: false });
    expect(".o_compare_figures tbody tr").toHaveCount(1);
    expect(".o_compare_products").toHaveCount(0);
    expect(".o_segment_compare").toHaveText(/those who may see the figures of all customers/);
    expect.verifySteps(["1 3"]);
});

test("no product is sure enough", async () => {
    await mountCompare([1, 3], { ...DATA, products: [] });
    expect(".o_segment_compare").toHaveText(/Not enough data/);
    expect.verifySteps(["1 3"]);
});

test("nobody in any of them: says when they are filled", async () => {
    const [customers, ...others] = DATA.figures;
    const values = customers.values.map((one) => ({ ...one, value: 0, verdict: "unknown" }));
    await mountCompare([1, 3], { ...DATA, figures: [{ ...customers, values }, ...others], products: [] });
    expect(".o_compare_figures").toHaveCount(0);
    expect(".o_compare_hint").toHaveText(/Nobody is in these segments/);
    expect.verifySteps(["1 3"]);
});

test("no segments at all: where to begin", async () => {
    mockService("action", { doAction: (action) => expect.step(action) });
    await mountCompare([], DATA, []);
    await contains(".o_compare_hint button").click();
    expect.verifySteps(["crm_segments.crm_segmentation_action"]);
});
