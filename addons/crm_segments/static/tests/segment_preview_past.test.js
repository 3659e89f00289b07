import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import {
    contains, defineModels, fields, makeServerError, models, mountView, onRpc, preloadBundle,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");

class Segmentation extends models.Model {
    _name = "crm.segmentation";
    name = fields.Char();
    domain = fields.Char();
    enabled = fields.Boolean();
    _records = [{ id: 1, name: "Tiers", domain: "[]", enabled: true }];
}

defineMailModels();
defineModels([Segmentation]);
preloadBundle("web.chartjs_lib");

/** Arguments of the questions about the past. */
const asked = [];
beforeEach(() => asked.splice(0));

const CHANGED = { domain: "[(1, '=', 1)]" };
const RESULT = {
    joined: 1, left: 0, kept: 2, revenue_moved: 300, seconds: 0.4, currency_id: 1,
    segments: [{ id: 1, name: "Gold", color: 1, joined: 1, left: 0, stays: 2, revenue: 500 }],
    examples: { joined: [{ id: 7, name: "Ann", from: [], to: ["Gold"], value: "" }], left: [] },
    overlap: [],
};
const PAST = {
    days: ["2024-03-31", "2024-04-10"],
    segments: [{ id: 1, name: "Gold", color: 1, members: [1, 3], revenue: [450, 500] }],
    taken_as_today: [], unknown_before: [], currency_id: 1, seconds: 3.1,
};

async function saveRule(preview, backtest) {
    onRpc("crm.segmentation", "preview", preview);
    onRpc("crm.segmentation", "backtest", ({ args }) => {
        asked.push(args);
        return backtest();
    });
    onRpc("web_save", ({ args }) => {
        expect.step(["save", args[1]]);
    });
    await mountView({
        type: "form",
        resModel: "crm.segmentation",
        resId: 1,
        arch: `<form js_class="crm_segmentation_form"><field name="domain"/><field name="enabled"/></form>`,
    });
    await contains(".o_field_widget[name=domain] input").edit(CHANGED.domain);
    await save();
}

async function save() {
    await contains(".o_form_button_save").click();
    await animationFrame();
    await animationFrame();
}

test("the past is asked for once the preview is there", async () => {
    const answer = new Deferred();
    await saveRule(() => answer, () => PAST);
    expect(asked).toEqual([]);
    answer.resolve(RESULT);
    await animationFrame();
    expect(asked).toEqual([[[1], CHANGED]]);
    await animationFrame();
    await animationFrame();
    expect(".o_segment_backtest canvas").toHaveCount(1);
    expect(".o_segment_preview_save").toBeFocused();
});

test("nobody has to wait for the past: closing and saving give it up", async () => {
    await saveRule(() => RESULT, () => new Deferred());
    expect(".o_segment_backtest_loading").toHaveCount(1);
    expect(".o_segment_preview_save").toBeEnabled();
    await contains(".o_segment_preview_close").click();
    expect(".o_segment_preview").toHaveCount(0);
    await save();
    expect(".o_segment_backtest_loading").toHaveCount(1);
    await contains(".o_segment_preview_save").click();
    expect.verifySteps([["save", CHANGED]]);
});

test("a past that can't be told spoils nothing", async () => {
    let answer = () => {
        throw makeServerError({ message: "Looking back takes too long." });
    };
    await saveRule(() => RESULT, () => answer());
    expect(".o_segment_backtest_error").toHaveText(/Looking back takes too long/);
    expect(".o_segment_preview_headline").toHaveText(/1 join/);
    expect(".o_segment_preview_save").toBeEnabled();
    answer = () => PAST;
    await contains(".o_segment_backtest_error button").click();
    await animationFrame();
    await animationFrame();
    expect(".o_segment_backtest canvas").toHaveCount(1);
});

test("without segments there is no past to show", async () => {
    await saveRule(() => ({ ...RESULT, joined: 0, kept: 0, segments: [] }), () => PAST);
    expect(".o_segment_preview_empty").toHaveCount(1);
    expect(asked).toEqual([]);
});
