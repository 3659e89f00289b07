import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");

class Programme extends models.Model {
    _name = "crm.programme";
    name = fields.Char();
    _records = [{ id: 1, name: "New CRM" }];
}

defineMailModels();
defineModels([Programme]);

const ROW = {
    name: "A", done: 0.25, warned: true, planned: 1000, earned: 250, planned_hours: 40,
    committed: 100, actual: 900, forecast: 1650, variance: -650, spent_share: 0.9, actual_hours: 30,
    forecast_hours: 60,
};

async function open(data) {
    onRpc("crm.programme", "plan_and_actual", () => ({ currency_id: false, sees_books: true, total: ROW, ...data }));
    await mountView({
        type: "form", resModel: "crm.programme", resId: 1,
        arch: `<form><widget name="crm_programme_chart"/></form>`,
    });
    await animationFrame();
}

test("the table has what the bars show", async () => {
    await open({ rows: [ROW, { ...ROW, name: "", warned: false, planned: 0, spent_share: null }] });
    const width = (kind) => parseFloat(queryFirst(`.o_programme_line .o_programme_${kind}`).style.width);
    // nothing is drawn of nothing
    expect(".o_programme_line .o_programme_planned").toHaveCount(1);
    // the longest is the forecast of 1,650
    expect(width("forecast")).toBe(100);
    expect(Math.round(width("planned"))).toBe(61);
    expect(Math.round(width("committed"))).toBe(6);
    const cells = queryAllTexts(".o_programme_table tbody tr:first td");
    expect(cells.slice(0, 7)).toEqual(["25%", "1,000", "250", "900 (90%)", "100", "1,650", "-650"]);
    expect(queryAllTexts(".o_programme_table tbody th")).toEqual(["A spends too fast", "No phase", "Whole programme spends too fast"]);
    // nothing planned: no share, not 0 %
    expect(queryAllTexts(".o_programme_table tbody tr:eq(1) td")[3]).toBe("900");
});

test("without the books only the plan", async () => {
    const plain = { name: "A", done: 0, warned: false, planned: 1000, earned: 0, planned_hours: 40 };
    await open({ sees_books: false, rows: [plain], total: plain });
    expect(".o_programme_planned").toHaveCount(2); // a bar, and the key
    expect(".o_programme_actual, .o_programme_forecast, .o_programme_committed").toHaveCount(0);
    expect(queryAllTexts(".o_programme_table thead th")).toEqual(["Phase", "Work Done", "Planned", "Earned", "Own Hours Planned"]);
});

test("nothing yet", async () => {
    await open({ rows: [] });
    expect(".o_programme_table").toHaveCount(0);
    expect(".o_programme_chart").toHaveText(/Nothing was planned/);
});
