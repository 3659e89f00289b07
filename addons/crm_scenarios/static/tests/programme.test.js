import { describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts, queryFirst, queryText } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    clickSave,
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");

class Programme extends models.Model {
    _name = "crm.programme";
    name = fields.Char();
    is_template = fields.Boolean();
    _records = [{ id: 1, name: "New CRM" }];
}

defineMailModels();
defineModels([Programme]);

const STEP = {
    id: 7, name: "Listen", first: "2026-05-04", last: "2026-05-05", left: 10, width: 6, progress: 0.5,
    critical: true, state: "Begun", done: false, late: false, milestone: false, who: "Ann", hours: 16,
    slack: 0, struck: false,
};
const STRUCK = { ...STEP, id: 8, name: "Servers", first: false, last: false, critical: false, struck: "In the cloud", who: "" };
const MONTH = { month: "2026-05-01", left: 0, width: 100, labelled: true, label: "May 2026" };
const PICTURE = {
    currency_id: 1,
    steps: 1,
    axis: {
        first: "2026-05-01", last: "2026-05-31", months: [MONTH], breaks: [{ left: 3, width: 6 }],
        today: 20, today_on: "2026-05-07", end: 30, end_on: "2026-05-09", end_p80: 40, end_p80_on: "2026-05-12",
    },
    phases: [
        {
            id: 3, name: "Start", first: "2026-05-04", last: "2026-05-05", left: 10, width: 6, progress: 0.5,
            critical: true, accepted_on: false, acceptance: true, steps: [STEP, STRUCK],
        },
    ],
    cash: {
        columns: [{ ...MONTH, once: 1600, running: 400, total: 2000, once_height: 80, running_height: 20 }],
        most: 2000, later: [{ year: 2027, once: 0, running: 90, total: 90 }],
        after: { once: 0, running: 90, total: 90 }, all: { once: 1600, running: 490, total: 2090 },
    },
};

async function open(picture, record = {}) {
    onRpc("crm.programme", "picture", () => picture);
    await mountView({
        type: "form", resModel: "crm.programme", resId: 1, ...record,
        arch: `<form><field name="name"/><field name="is_template"/><widget name="crm_programme_picture"/></form>`,
    });
    await animationFrame();
}

test("phases are bars that open to their steps", async () => {
    await open(PICTURE);
    expect(".o_picture_phase").toHaveCount(1);
    expect(".o_picture_step").toHaveCount(0);
    expect(queryFirst(".o_bar").style.left).toBe("10%");
    expect(queryFirst(".o_bar_done").style.width).toBe("50%");
    expect(queryFirst(".o_today").style.left).toBe("20%");
    expect(queryFirst(".o_picture_phase button").getAttribute("aria-expanded")).toBe("false");
    await click(".o_picture_phase button");
    await animationFrame();
    expect(".o_picture_step").toHaveCount(2);
    expect(queryFirst(".o_picture_step button").getAttribute("aria-label")).toBe(
        "Listen, 05/04/2026 – 05/05/2026, 50% done, on the critical path, Ann"
    );
    expect(".o_picture_step:eq(0) .o_bar.o_critical").toHaveCount(1);
    expect(".o_picture_step:eq(0) .fa-bolt").toHaveCount(1);
    expect(".o_picture_step:eq(1) .o_bar").toHaveCount(0);
    expect(queryFirst(".o_picture_step:eq(1) button").getAttribute("aria-label")).toBe(
        "Servers, Struck out: In the cloud"
    );
});

test("money stands under the same axis, later years are named", async () => {
    await open(PICTURE);
    expect(queryFirst(".o_column .o_once").style.height).toBe("60%");
    expect(queryFirst(".o_column .o_running").style.height).toBe("15%");
    expect(queryFirst(".o_column").title).toMatch(/May 2026: \$\s1,600 once, \$\s400 running/);
    expect(queryText(".o_picture_after")).toInclude("Later, until 2027: $ 90");
});

test("the table has the same content", async () => {
    await open(PICTURE);
    await click(".o_picture_table_button");
    await animationFrame();
    expect(".o_picture_chart").toHaveCount(0);
    expect(queryAllTexts(".o_picture_steps tbody tr:eq(1) td")).toEqual([
        "05/04/2026", "05/05/2026", "50%", "yes", "0.0", "Ann",
    ]);
    expect(queryText(".o_picture_steps tbody tr:eq(2) td:eq(0)")).toBe("Struck out: In the cloud");
    expect(queryAllTexts(".o_picture_payments tfoot td")).toEqual(["$ 1,600", "$ 490", "$ 2,090"]);
    expect(queryText(".o_picture_payments tbody tr:eq(1)")).toInclude("Later in 2027");
});

test("what is saved is drawn anew, what is typed isn't yet", async () => {
    let calls = 0;
    onRpc("crm.programme", "web_save", () => expect.step("save"));
    onRpc("crm.programme", "picture", () => {
        calls++;
        return { ...PICTURE, phases: [{ ...PICTURE.phases[0], name: `Drawn ${calls}` }] };
    });
    await mountView({
        type: "form", resModel: "crm.programme", resId: 1,
        arch: `<form><field name="name"/><field name="is_template"/><widget name="crm_programme_picture"/></form>`,
    });
    await animationFrame();
    expect(queryText(".o_picture_phase .o_picture_name button")).toBe("Drawn 1");
    await contains(".o_field_widget[name=name] input").edit("Newer CRM");
    expect(queryText(".o_programme_picture")).toInclude("save to see the changes");
    expect(calls).toBe(1);
    await clickSave();
    await animationFrame();
    expect.verifySteps(["save"]);
    expect(calls).toBe(2);
    expect(queryText(".o_picture_phase .o_picture_name button")).toBe("Drawn 2");
});

test("nothing planned yet: what to do", async () => {
    await open({ currency_id: 1, steps: 0, axis: null, phases: null, cash: null });
    expect(queryText(".o_picture_empty")).toInclude("No step yet");
});

test("a new programme, and one that can't be read", async () => {
    onRpc("crm.programme", "picture", () => {
        throw new Error("Not yours");
    });
    await open(null, { resId: undefined });
    expect(queryText(".o_picture_empty")).toInclude("Save the programme");
});
