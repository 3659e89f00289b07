import { describe, expect, test } from "@odoo/hoot";
import { manuallyDispatchProgrammaticEvent, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");

class Segmentation extends models.Model {
    _name = "crm.segmentation";
    name = fields.Char();
    _records = [{ id: 1, name: "RFM" }];
}

defineMailModels();
defineModels([Segmentation]);

const asked = [];
const DATA = {
    segments: [
        { id: 5, name: "Good", color: 1 },
        { id: 6, name: "Bad", color: 2 },
        { id: 7, name: "Unused", color: 3 },
    ],
    cells: [
        { from: 5, to: 5, count: 8, amount: 800 },
        { from: 5, to: 6, count: 2, amount: 50 },
        { from: 0, to: 5, count: 1, amount: 10 },
    ],
    currency_id: false,
    known_from: "2020-01-31",
};

async function mountMigration(data) {
    onRpc("crm.segmentation", "migration", ({ args }) => {
        asked.push(`${args[1]} ${args[2]}`);
        return data;
    });
    await mountView({
        type: "form",
        resModel: "crm.segmentation",
        resId: 1,
        arch: `<form><field name="name"/><widget name="segment_migration"/></form>`,
    });
}

test("a row and a column per segment that somebody left or came to, with totals", async () => {
    await mountMigration(DATA);
    expect(queryAllTexts(".o_segment_migration thead th")).toEqual(["", "Good", "Bad", "No segment", "Total"]);
    expect(queryAllTexts(".o_segment_migration tbody tr")).toEqual([
        "Good 8 2 – 10",
        "Bad – – – 0",
        "No segment 1 – – 1",
    ]);
    expect(queryAllTexts(".o_segment_migration tfoot td")).toEqual(["9", "2", "0", "11"]);
    expect(".o_migration_summary").toHaveText(/^2 customers moved/);
});

test("switching to revenue shows amounts; without rights there is nothing to switch", async () => {
    await mountMigration(DATA);
    await contains(".o_migration_measure").click();
    expect(queryAllTexts(".o_segment_migration tfoot td")).toEqual(["810", "50", "0", "860"]);
});

test("hidden amounts can't be chosen", async () => {
    await mountMigration({ ...DATA, cells: DATA.cells.map((cell) => ({ ...cell, amount: null })) });
    expect(".o_migration_measure").toHaveCount(0);
    expect(".o_migration_summary").toHaveText(/n\/a/);
});

test("another day asks again", async () => {
    await mountMigration(DATA);
    for (const [name, day] of [["to", "2024-06-30"], ["from", "2024-05-31"]]) {
        const input = queryOne(`.o_migration_${name}`);
        input.value = day;
        await manuallyDispatchProgrammaticEvent(input, "change");
        await animationFrame();
    }
    expect(asked.at(-1)).toBe("2024-05-31 2024-06-30");
});

test("a cell opens its customers", async () => {
    onRpc("crm.segmentation", "action_open_migration", ({ args }) => {
        expect.step(`open ${args[3]} ${args[4]}`);
        return { type: "ir.actions.act_window_close" };
    });
    mockService("action", { doAction: (action) => expect.step(action.type) });
    await mountMigration(DATA);
    await contains(".o_migration_cell:eq(1)").click();
    expect.verifySteps(["open 5 6", "ir.actions.act_window_close"]);
});

test("nobody anywhere: says what to do", async () => {
    await mountMigration({ ...DATA, cells: [] });
    expect(".o_segment_migration table").toHaveCount(0);
    expect(".o_segment_migration").toHaveText(/Compute the Past/);
});
