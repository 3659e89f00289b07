import { describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts, queryFirst, queryText } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { makeMockEnv, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { getDefaultConfig } from "@web/views/view";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { MarketBoard } from "@crm_scenarios/market/market_board";

describe.current.tags("desktop");
defineMailModels();

const ROW = {
    id: 7, name: "Trade", size: 1000, own: 200, share: 0.2, relative: 2, growth: 0.1, market_growth: 0.25,
    penetration: null, customers: 12, companies: null, quadrant: "star", source: "Study",
    as_of: "2026-01-31", sure: "Sure", stale: false, trend: [[2024, null], [2025, 0.2]],
    rivals: [
        { name: "Rival", revenue: 100, share: 0.1, source: "Report", as_of: "2020-01-31", stale: true,
          won: 6, lost: 4, win_rate: 0.6, low: 0.31, high: 0.83 },
    ],
};
const OTHER = { ...ROW, id: 8, name: "Crafts", size: null, share: null, relative: null, market_growth: null, quadrant: false, source: "", as_of: false, stale: true, rivals: [] };

async function open(rows, bubbles) {
    onRpc("crm.market", "board", () => ({
        year: 2025, years: [2025, 2024], currency_id: 1, money_visible: true, cuts: { share: 1, growth: 0.1 },
        rows, chart: { bubbles, cut_x: 50, cut_y: 60, low: -0.02, high: 0.3 },
    }));
    onRpc("crm.market", "white_space", () => ({
        categories: [{ id: 3, name: "Toys" }],
        segments: [{ id: 1, name: "Big", customers: 4, shares: { 3: 0.75 } }, { id: 2, name: "Small", customers: 9, shares: { 3: 0 } }],
    }));
    const env = await makeMockEnv({ config: getDefaultConfig() });
    await mountWithCleanup(MarketBoard, { env, props: { action: {} } });
}

test("bubbles have a table behind them; unknown is never 0", async () => {
    await open([ROW, OTHER], [{ id: 7, x: 33, y: 20, r: 9 }]);
    expect(".o_bubble").toHaveCount(1);
    expect(queryFirst(".o_bubble").getAttribute("aria-label")).toBe("1. Trade: Star: leading in a fast market");
    expect(queryFirst(".o_bubble circle").getAttribute("cx")).toBe("33");
    const cells = queryAllTexts(".o_market_rows tr[data-id='8'] td");
    expect(cells[0]).toBe("unknown");
    expect(cells[2]).toBe("unknown");
    expect(cells[7]).toBe("unknown");
    expect(cells[8]).toInclude("no source");
    expect(queryAllTexts(".o_market_rows tr[data-id='7'] td")[3]).toBe("2.00");
    expect(queryAllTexts(".o_market_space td")).toEqual(["75%", "none"]);
});

test("a market opens with its rivals, old figures say so", async () => {
    await open([ROW], []);
    expect(queryText(".o_market_no_chart")).toInclude("No bubble yet");
    await click(".o_market_rows tr[data-id='7'] button");
    await animationFrame();
    expect(queryText(".o_market_detail")).toInclude("2024: unknown · 2025: 20%");
    expect(queryText(".o_market_detail")).toInclude("60% (31% to 83%), 6 won, 4 lost to it");
    expect(queryText(".o_market_detail")).toInclude("older than 18 months");
});

test("no market: what to do", async () => {
    await open([], []);
    expect(queryText(".o_market_empty")).toInclude("Enter or import the size of a market");
});
