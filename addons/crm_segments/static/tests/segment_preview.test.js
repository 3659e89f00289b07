import { describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import {
    contains, defineModels, fields, makeServerError, models, mountView, onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { changesDefinition } from "@crm_segments/preview/preview_form";

describe.current.tags("desktop");

class Segmentation extends models.Model {
    _name = "crm.segmentation";
    name = fields.Char();
    domain = fields.Char();
    description = fields.Char();
    enabled = fields.Boolean();
    _records = [
        { id: 1, name: "Tiers", domain: "[]", enabled: true },
        { id: 2, name: "Off", domain: "[]", enabled: false },
    ];
}

class Segment extends models.Model {
    _name = "crm.segment";
    name = fields.Char();
    domain = fields.Char();
    segmentation_id = fields.Many2one({ relation: "crm.segmentation" });
    _records = [
        { id: 5, name: "Gold", domain: "[]", segmentation_id: 1 },
        { id: 6, name: "Idle", domain: "[]", segmentation_id: 2 },
    ];
}

defineMailModels();
defineModels([Segmentation, Segment]);

const RESULT = {
    joined: 214,
    left: 57,
    kept: 3902,
    revenue_moved: 81300,
    seconds: 0.42,
    currency_id: 1,
    segments: [
        { id: 1, name: "Gold", color: 1, joined: 214, left: 0, stays: 3000, revenue: 500 },
        { id: 2, name: "Silver", color: 2, joined: 0, left: 57, stays: 902, revenue: 50 },
    ],
    examples: {
        joined: [{ id: 7, name: "Ann", from: [], to: ["Gold"], value: "Revenue: 300" }],
        left: [{ id: 8, name: "Bob", from: ["Silver"], to: [], value: "" }],
    },
    overlap: [{ id: 9, name: "Champions", segmentation: "RFM", count: 12 }],
};

const HIDDEN = {
    ...RESULT,
    revenue_moved: false,
    segments: RESULT.segments.map((row) => ({ ...row, revenue: false })),
};

function onPreview(answer) {
    // the past is another matter: see segment_preview_past.test.js
    onRpc("crm.segmentation", "backtest", () => new Deferred());
    onRpc("crm.segmentation", "preview", ({ args }) => {
        expect.step(["preview", ...args]);
        return typeof answer === "function" ? answer() : answer;
    });
    onRpc("web_save", ({ args }) => {
        expect.step(["save", args[1]]);
    });
}

async function mountForm(resId = 1, resModel = "crm.segmentation") {
    const segmentation = resModel === "crm.segmentation";
    await mountView({
        type: "form",
        resModel,
        resId,
        arch: `<form js_class="${segmentation ? "crm_segmentation_form" : "crm_segment_form"}">
            ${segmentation ? '<header><button name="action_preview" type="object" string="Preview"/></header>' : ""}
            <field name="name"/>
            <field name="domain"/>
            ${segmentation ? '<field name="description"/><field name="enabled"/>' : '<field name="segmentation_id"/>'}
        </form>`,
    });
}

async function edit(name, value) {
    await contains(`.o_field_widget[name=${name}] input`).edit(value);
}

const save = () => contains(".o_form_button_save").click();
const CHANGED = ["preview", [1], { domain: "[(1, '=', 1)]" }];

test("a changed rule is shown before it is saved", async () => {
    onPreview(RESULT);
    await mountForm();
    await edit("domain", "[(1, '=', 1)]");
    await save();
    await animationFrame();
    expect.verifySteps([CHANGED]);
    expect(".o_segment_preview_headline").toHaveText(
        "214 join · 57 leave · 3,902 stay · $ 81,300 of last year's sales move"
    );
    expect(queryAllTexts(".o_segment_preview_segments tbody td")).toEqual([
        "Gold", "214", "0", "3,000", "$ 500", "Silver", "0", "57", "902", "$ 50",
    ]);
    expect(queryAllTexts("[data-list=joined] li")).toEqual(["Ann\nno segment → Gold\nRevenue: 300"]);
    expect(queryAllTexts("[data-list=left] li")).toEqual(["Bob\nSilver → no segment"]);
    expect(queryAllTexts("[data-list=joined] h5")).toEqual(["Who joins (1 of 214)"]);
    expect(queryAllTexts(".o_segment_preview_overlap td")).toEqual(["RFM: Champions", "12"]);
    expect(".o_segment_preview").toHaveText(/Computed in 0.4 seconds/);
    expect(".o_segment_preview_save").toBeFocused();
    await contains(".o_segment_preview_save").click();
    expect.verifySteps([["save", { domain: "[(1, '=', 1)]" }]]);
    expect(".o_segment_preview").toHaveCount(0);
});

test("keep editing saves nothing and keeps the change", async () => {
    onPreview(RESULT);
    await mountForm();
    await edit("domain", "[(1, '=', 1)]");
    await save();
    await contains(".o_segment_preview_close").click();
    expect.verifySteps([CHANGED]);
    expect(".o_field_widget[name=domain] input").toHaveValue("[(1, '=', 1)]");
    // and it can be saved afterwards, from the keyboard
    await save();
    await animationFrame();
    await press("Enter");
    await animationFrame();
    expect.verifySteps([CHANGED, ["save", { domain: "[(1, '=', 1)]" }]]);
});

test("escape keeps editing", async () => {
    onPreview(RESULT);
    await mountForm();
    await edit("domain", "[(1, '=', 1)]");
    await save();
    await animationFrame();
    await press("Escape");
    await animationFrame();
    expect(".o_segment_preview").toHaveCount(0);
    expect(".o_form_button_save").toBeVisible();
    expect.verifySteps([CHANGED]);
});

test("what decides nothing, or is switched off, is saved at once", async () => {
    onPreview(RESULT);
    await mountForm();
    await edit("description", "In words");
    await save();
    expect.verifySteps([["save", { description: "In words" }]]);
});

test("switched off: no question when saving, but a button", async () => {
    onPreview(RESULT);
    await mountForm(2);
    await edit("domain", "[(1, '=', 1)]");
    await contains("button[name=action_preview]").click();
    await animationFrame();
    expect.verifySteps([["preview", [2], { domain: "[(1, '=', 1)]" }]]);
    await contains(".o_segment_preview_save").click();
    expect.verifySteps([["save", { domain: "[(1, '=', 1)]" }]]);
});

test("the button on what is saved offers nothing to save", async () => {
    onPreview(RESULT);
    await mountForm();
    await contains("button[name=action_preview]").click();
    await animationFrame();
    expect.verifySteps([["preview", [1], {}]]);
    expect(".o_segment_preview_save").toHaveCount(0);
    expect(queryAllTexts(".o_segment_preview footer button")).toEqual(["Close"]);
});

test("while it is worked out nothing can be saved", async () => {
    const answer = new Deferred();
    onPreview(() => answer);
    await mountForm();
    await edit("domain", "[(1, '=', 1)]");
    await save();
    expect(".o_segment_preview_loading").toHaveCount(1);
    expect(".o_segment_preview_save").not.toBeEnabled();
    answer.resolve(RESULT);
    await animationFrame();
    expect(".o_segment_preview_save").toBeEnabled();
    expect.verifySteps([CHANGED]);
});

test("an error in the rule is told in words and stays in the form", async () => {
    onPreview(() => {
        throw makeServerError({ type: "ValidationError", message: "The rule of “Gold” can't be used." });
    });
    await mountForm();
    await edit("domain", "[(1, '=', 1)]");
    await save();
    await animationFrame();
    expect(".o_segment_preview_error").toHaveText(/The rule of “Gold” can't be used/);
    expect(queryAllTexts(".o_segment_preview footer button")).toEqual(["Keep editing"]);
    await contains(".o_segment_preview_close").click();
    expect(".o_field_widget[name=domain] input").toHaveValue("[(1, '=', 1)]");
    expect.verifySteps([CHANGED]);
});

test("a preview that breaks down doesn't keep anybody from saving", async () => {
    onPreview(() => {
        throw makeServerError({ errorName: "builtins.MemoryError", message: "Out of memory" });
    });
    await mountForm();
    await edit("domain", "[(1, '=', 1)]");
    await save();
    await animationFrame();
    expect(queryFirst(".o_segment_preview_save")).toHaveText("Save without a preview");
    await contains(".o_segment_preview_save").click();
    expect.verifySteps([CHANGED, ["save", { domain: "[(1, '=', 1)]" }]]);
});

test("hidden money is not shown at all", async () => {
    onPreview(HIDDEN);
    await mountForm();
    await contains("button[name=action_preview]").click();
    await animationFrame();
    expect(".o_segment_preview_headline").toHaveText("214 join · 57 leave · 3,902 stay");
    expect(queryAllTexts(".o_segment_preview_segments th")).toEqual(["Segment", "Join", "Leave", "Stay"]);
    expect.verifySteps([["preview", [1], {}]]);
});

test("nobody moves, and nobody fits", async () => {
    const still = { ...RESULT, joined: 0, left: 0, examples: { joined: [], left: [] }, overlap: [] };
    let answer = still;
    onPreview(() => answer);
    await mountForm();
    await contains("button[name=action_preview]").click();
    await animationFrame();
    expect(".o_segment_preview").toHaveText(/Nobody moves/);
    await contains(".o_segment_preview_close").click();
    answer = { ...still, kept: 0 };
    await contains("button[name=action_preview]").click();
    await animationFrame();
    expect(".o_segment_preview_empty").toHaveText(/No customer fits/);
    expect.verifySteps([["preview", [1], {}], ["preview", [1], {}]]);
});

test("a segment opened on its own is part of its segmentation", async () => {
    onPreview(RESULT);
    await mountForm(5, "crm.segment");
    await edit("domain", "[(1, '=', 1)]");
    await save();
    await animationFrame();
    expect.verifySteps([["preview", [1], { segment_ids: [[1, 5, { domain: "[(1, '=', 1)]" }]] }]]);
    await contains(".o_segment_preview_save").click();
    expect.verifySteps([["save", { domain: "[(1, '=', 1)]" }]]);
});

test("a segment of what is switched off is saved at once", async () => {
    onPreview(RESULT);
    await mountForm(6, "crm.segment");
    await edit("domain", "[(1, '=', 1)]");
    await save();
    expect.verifySteps([["save", { domain: "[(1, '=', 1)]" }]]);
});

test("names, colours and descriptions of segments decide nothing", () => {
    expect(changesDefinition({ segment_ids: [[1, 5, { name: "A", color: 2 }]] })).toBe(false);
    expect(changesDefinition({ segment_ids: [[1, 5, { threshold: 2 }]] })).toBe(true);
    expect(changesDefinition({ segment_ids: [[2, 5, false]] })).toBe(true);
    expect(changesDefinition({ segment_ids: [[0, "virtual_1", { name: "A" }]] })).toBe(true);
    expect(changesDefinition({ name: "A", sequence: 3 })).toBe(false);
});
