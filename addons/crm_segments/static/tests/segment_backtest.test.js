import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { Component, useState, xml } from "@odoo/owl";
import { contains, mountWithCleanup, preloadBundle } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { LINES, PreviewBacktest } from "@crm_segments/preview/preview_backtest";

describe.current.tags("desktop");
defineMailModels();
preloadBundle("web.chartjs_lib");

const PAST = {
    days: ["2024-02-29", "2024-03-31", "2024-04-10"],
    segments: [
        { id: 1, name: "Gold", color: 1, members: [3000, 3100, 3214], revenue: [400, 450, 500] },
        { id: 2, name: "Silver", color: 2, members: [900, 959, 902], revenue: [40, 45, 50] },
    ],
    taken_as_today: [],
    unknown_before: [],
    currency_id: 1,
    seconds: 3.14,
};

async function mountPast(changes = {}) {
    await mountWithCleanup(PreviewBacktest, { props: { load: async () => ({ ...PAST, ...changes }) } });
    await animationFrame();
    await animationFrame();
}

const drawn = () => Chart.getChart(queryFirst(".o_segment_backtest canvas")).data;
const tableTexts = () => queryAllTexts(".o_segment_backtest_table :is(th, td)");
const openTable = () => contains(".o_segment_backtest summary").click();

test("a line per segment, the present last, and the same as a table", async () => {
    await mountPast();
    expect(".o_segment_backtest canvas").toHaveAttribute(
        "aria-label",
        "Gold: from 3,000 to 3,214; Silver: from 900 to 902"
    );
    const { labels, datasets } = drawn();
    expect(labels).toEqual(["02/29/2024", "03/31/2024", "today"]);
    expect(datasets.map(({ label, data }) => [label, ...data])).toEqual([
        ["Gold", 3000, 3100, 3214],
        ["Silver", 900, 959, 902],
    ]);
    expect(datasets[0].pointStyle).not.toBe(datasets[1].pointStyle);
    await openTable();
    expect(tableTexts()).toEqual([
        "Day", "Gold", "Silver",
        "02/29/2024", "3,000", "900",
        "03/31/2024", "3,100", "959",
        "today", "3,214", "902",
    ]);
    expect(".o_segment_backtest").toHaveText(/Played in 3.1 seconds/);
});

test("by revenue, where the user may see it", async () => {
    await mountPast();
    await contains(".o_backtest_measure").click();
    expect(drawn().datasets[1].data).toEqual([40, 45, 50]);
    await openTable();
    expect(tableTexts().slice(-2)).toEqual(["$ 500", "$ 50"]);
    await contains(".o_backtest_measure").click();
    expect(drawn().datasets[1].data).toEqual([900, 959, 902]);
});

test("hidden money can't be chosen", async () => {
    await mountPast({ segments: PAST.segments.map((row) => ({ ...row, revenue: null })) });
    expect(".o_segment_backtest canvas").toHaveCount(1);
    expect(".o_backtest_measure").toHaveCount(0);
});

test("what has no history is said", async () => {
    await mountPast({
        taken_as_today: ["Country", "Tags"],
        unknown_before: [
            { name: "RFM", since: "2024-03-01" },
            { name: "ABC", since: false },
        ],
    });
    expect(".o_backtest_today").toHaveText(/Country, Tags/);
    expect(queryAllTexts(".o_backtest_unknown")).toEqual([
        "The members of “RFM” are known from 03/01/2024 on; before, nobody counts as one.",
        "The members of “ABC” at past days are not known; nobody counts as one.",
    ]);
});

test("of many segments the largest are drawn, in their order; the table has all", async () => {
    const segments = Array.from({ length: LINES + 2 }, (_one, index) => ({
        id: index + 1,
        name: `S${index + 1}`,
        color: index,
        members: [index, 1, 1],
        revenue: null,
    }));
    await mountPast({ segments });
    expect(drawn().datasets.map((line) => line.label)).toEqual(segments.slice(2).map((row) => row.name));
    expect(".o_segment_backtest").toHaveText(/12 largest of 14/);
    await openTable();
    expect(".o_segment_backtest_table thead th").toHaveCount(15);
});

test("nobody at any time", async () => {
    await mountPast({ segments: PAST.segments.map((row) => ({ ...row, members: [0, 0, 0] })) });
    expect(".o_segment_backtest_empty").toHaveCount(1);
    expect(".o_segment_backtest canvas").toHaveCount(0);
});

test("closing gives up the question", async () => {
    const question = new Deferred();
    question.abort = (reject) => expect.step(`abort ${reject}`);
    class Parent extends Component {
        static components = { PreviewBacktest };
        static props = [];
        static template = xml`<PreviewBacktest t-if="state.open" load="load"/>`;
        state = useState({ open: true });
        load = () => question;
    }
    const parent = await mountWithCleanup(Parent);
    expect(".o_segment_backtest_loading").toHaveCount(1);
    parent.state.open = false;
    await animationFrame();
    expect.verifySteps(["abort false"]);
});
