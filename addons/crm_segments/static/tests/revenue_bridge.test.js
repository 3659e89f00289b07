import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { manuallyDispatchProgrammaticEvent, press, queryAllTexts, queryFirst, queryOne } from "@odoo/hoot-dom";
import { animationFrame, Deferred, mockDate } from "@odoo/hoot-mock";
import {
    contains,
    makeMockEnv,
    mockService,
    mountWithCleanup,
    onRpc,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { BridgeChart } from "@crm_segments/bridge/bridge_chart";
import { PERIODS } from "@crm_segments/bridge/bridge_periods";
import { RevenueBridge } from "@crm_segments/bridge/revenue_bridge";
import { getDefaultConfig } from "@web/views/view";

const { DateTime } = luxon;

describe.current.tags("desktop");
defineMailModels();
preloadBundle("web.chartjs_lib");
beforeEach(() => mockDate("2026-11-25 12:00:00"));

const row = (key, name, ...cells) => ({
    key,
    name,
    help: `About ${name}`,
    total: cells.reduce((sum, [amount]) => sum + amount, 0),
    count: cells.reduce((sum, [, count]) => sum + count, 0),
    cells: cells.map(([amount, count]) => ({ amount, count })),
});
const DATA = {
    segments: [
        { id: 5, name: "Good", color: 1 },
        { id: 0, name: "No segment", color: 0 },
    ],
    start: row("start", "First period", [100, 2], [50, 1]),
    parts: [
        row("lost", "Lost customers", [0, 0], [-50, 1]),
        row("new", "New customers", [30.5, 1], [0, 0]),
        row("price", "Price", [-0.25, 2], [0, 0]),
    ],
    end: row("end", "Second period", [130.25, 3], [0, 0]),
    periods: [
        ["2025-01-01", "2025-11-25"],
        ["2026-01-01", "2026-11-25"],
    ],
    segmentation: { id: 3, name: "RFM" },
    segmentations: [
        { id: 3, name: "RFM" },
        { id: 4, name: "ABC" },
    ],
    currency_id: false,
    known_from: "2025-12-31",
};
const EMPTY = {
    ...DATA,
    segments: [],
    start: row("start", "First period"),
    parts: [row("lost", "Lost customers")],
    end: row("end", "Second period"),
};

async function mountBridge(answer = DATA, props = {}) {
    onRpc("crm.revenue.bridge", "bridge", ({ args }) => {
        expect.step(`${args[0].flat().join(" ")} ${args[1]}${args[2] ? " fresh" : ""}`);
        return typeof answer === "function" ? answer() : answer;
    });
    await mountAction(props);
}

async function mountAction(props = {}) {
    await mountWithCleanup(RevenueBridge, {
        env: await makeMockEnv({ config: getDefaultConfig() }),
        props: { action: { type: "ir.actions.client" }, ...props },
    });
    await animationFrame();
}

const YEAR = "2025-01-01 2025-11-25 2026-01-01 2026-11-25";

test("periods to choose from", () => {
    const today = DateTime.fromISO("2026-11-25");
    expect(PERIODS.year(today).flat().join(" ")).toBe(YEAR);
    expect(PERIODS.months(today).flat()).toEqual(["2024-11-26", "2025-11-25", "2025-11-26", "2026-11-25"]);
    expect(PERIODS.quarter(today).flat()).toEqual(["2026-04-01", "2026-06-30", "2026-07-01", "2026-09-30"]);
    // a day that the other year doesn't have
    const leap = DateTime.fromISO("2024-02-29");
    expect(PERIODS.months(leap).flat()).toEqual(["2022-03-01", "2023-02-28", "2023-03-01", "2024-02-29"]);
    const january = DateTime.fromISO("2026-01-10");
    expect(PERIODS.quarter(january).flat()).toEqual(["2025-07-01", "2025-09-30", "2025-10-01", "2025-12-31"]);
});

test("an answer of last night tells its age, and can be read again", async () => {
    await mountBridge(() => ({ ...DATA, read_at: "2026-11-25 02:00:00" }));
    expect.verifySteps([`${YEAR} null`]);
    expect(".o_bridge_age").toHaveText(/hours ago/);
    await contains(".o_bridge_fresh").click();
    expect.verifySteps([`${YEAR} null fresh`]);
});

test("the answer first, then a row per part with the same amounts as the chart", async () => {
    await mountBridge();
    expect.verifySteps([`${YEAR} null`]);
    expect(".o_bridge_summary").toHaveText(
        "Revenue went from 150.00 to 130.25: -19.75 (-13.2%)."
    );
    expect(queryAllTexts(".o_bridge_table thead th")).toEqual(["", "Total", "Good", "No segment"]);
    expect(queryAllTexts(".o_bridge_table tbody tr td")).toEqual([
        "150.00", "100.00", "50.00",
        "-50.00", "–", "-50.00",
        "+30.50", "+30.50", "–",
        "-0.25", "-0.25", "–",
        "130.25", "130.25", "–",
    ]);
    expect("canvas").toHaveAttribute("aria-label", /went from 150.00/);
    expect(".o_bridge_table + p, .table-responsive + p").toHaveText(/known from/);
});

test("each bar of the waterfall stands where the one before ended", async () => {
    const bars = [
        { key: "start", label: "A", value: 150, text: "150", short: "150", whole: true },
        { key: "lost", label: "L", value: -50, text: "-50", short: "-50" },
        { key: "new", label: "N", value: 30.5, text: "+30.5", short: "+31" },
        { key: "end", label: "B", value: 130.5, text: "130.5", short: "131", whole: true },
    ];
    const chart = await mountWithCleanup(BridgeChart, {
        props: { bars, label: "x", onOpen: (key) => expect.step(key) },
    });
    expect(chart.spans).toEqual([[0, 150], [150, 100], [100, 130.5], [0, 130.5]]);
    chart.config.options.onClick({}, [{ index: 1 }]);
    chart.config.options.onClick({}, []);
    expect.verifySteps(["lost"]);
});

test("presets, free days and another segmentation ask again", async () => {
    await mountBridge();
    await contains(".o_preset_quarter").click();
    expect(".o_preset_quarter").toHaveAttribute("aria-pressed", "true");
    const input = queryFirst(".o_bridge_period_0 input");
    input.value = "2026-05-01";
    await manuallyDispatchProgrammaticEvent(input, "change");
    await animationFrame();
    expect("[aria-pressed=true]").toHaveCount(0);
    await contains(".o_bridge_segmentation").select("4");
    expect.verifySteps([
        `${YEAR} null`,
        "2026-04-01 2026-06-30 2026-07-01 2026-09-30 null",
        "2026-05-01 2026-06-30 2026-07-01 2026-09-30 null",
        "2026-05-01 2026-06-30 2026-07-01 2026-09-30 4",
    ]);
});

test("an amount opens its customers, with the keyboard as well", async () => {
    onRpc("crm.revenue.bridge", "action_open_customers", ({ args }) => {
        expect.step(`open ${args.slice(1).join(" ")}`);
        return { type: "ir.actions.act_window_close" };
    });
    mockService("action", { doAction: (action) => expect.step(action.type) });
    await mountBridge();
    await contains("tr[data-key=new] .o_bridge_cell:first").click();
    queryOne("tr[data-key=lost] .o_bridge_cell:eq(1)").focus();
    await press("Enter");
    await animationFrame();
    expect.verifySteps([
        `${YEAR} null`,
        "open 3 new  true", "ir.actions.act_window_close",
        "open 3 lost 0 true", "ir.actions.act_window_close",
    ]);
});

test("a bar of last night opens the customers of last night", async () => {
    onRpc("crm.revenue.bridge", "action_open_customers", ({ args }) => {
        expect.step(`open ${args.slice(1).join(" ")}`);
        return { type: "ir.actions.act_window_close" };
    });
    mockService("action", { doAction: () => {} });
    await mountBridge(() => ({ ...DATA, read_at: "2026-11-25 02:00:00" }));
    await contains("tr[data-key=new] .o_bridge_cell:first").click();
    expect.verifySteps([`${YEAR} null`, "open 3 new  false"]);
});

test("while it is read; what was shown before stays", async () => {
    const answers = [new Deferred(), new Deferred()];
    let turn = 0;
    await mountBridge(() => answers[turn++]);
    expect(".o_bridge_loading").toHaveCount(1);
    answers[0].resolve(DATA);
    await animationFrame();
    expect(".o_bridge_loading").toHaveCount(0);
    await contains(".o_preset_months").click();
    expect("[aria-busy] .o_bridge_table").toHaveCount(1);
    expect(".opacity-50 .o_bridge_table").toHaveCount(1);
    answers[1].resolve(EMPTY);
    await animationFrame();
    expect(".o_bridge_table").toHaveCount(0);
    expect.verifySteps([`${YEAR} null`, "2024-11-26 2025-11-25 2025-11-26 2026-11-25 null"]);
});

test("nothing sold: says what to do", async () => {
    await mountBridge(EMPTY);
    expect(".o_nocontent_help").toHaveText(/Choose other days/);
    expect("canvas").toHaveCount(0);
    expect.verifySteps([`${YEAR} null`]);
});

test("no segment known: the total alone, and what to do", async () => {
    const cut = ({ cells, ...rest }) => ({ ...rest, cells: cells.slice(1) });
    const { start, parts, end } = DATA;
    await mountBridge({
        ...DATA, segments: DATA.segments.slice(1), segmentation: false, segmentations: [],
        start: cut(start), parts: parts.map(cut), end: cut(end), known_from: false,
    });
    expect(queryAllTexts(".o_bridge_table thead th")).toEqual(["", "Total"]);
    expect(".table-responsive + p").toHaveText(/run a segmentation/);
    expect(".o_bridge_segmentation").toHaveCount(0);
    expect.verifySteps([`${YEAR} null`]);
});

test("what went wrong, and again", async () => {
    let failed = false;
    onRpc("crm.revenue.bridge", "bridge", () => {
        if (!failed) {
            failed = true;
            throw new Error("The first period has to end before the second begins.");
        }
        return DATA;
    });
    await mountAction();
    expect("[role=alert]").toHaveCount(1);
    await contains(".o_bridge_retry").click();
    expect("[role=alert]").toHaveCount(0);
    expect(".o_bridge_table").toHaveCount(1);
});

test("back from the customers it shows what it showed", async () => {
    const periods = [["2020-01-01", "2020-12-31"], ["2021-01-01", "2021-12-31"]];
    await mountBridge(DATA, { state: { bridge: { preset: "", periods, segmentation: 4 } } });
    expect.verifySteps(["2020-01-01 2020-12-31 2021-01-01 2021-12-31 4"]);
});
