import { describe, expect, test } from "@odoo/hoot";
import { queryAllAttributes, queryAllTexts, resize } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { contains, defineModels, fields, mockService, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { dayNumber, layOut } from "@crm_segments/timeline/timeline_layout";

describe.current.tags("desktop");

const SEGMENTS = [
    { id: 1, name: "Champions", color: 10 },
    { id: 2, name: "Loyal", color: 4 },
    { id: 3, name: "Lost", color: 1 },
];
const STAYS = [
    { id: 11, segment_id: 2, name: "Loyal", color: 4, from: "2026-01-01", to: "2026-03-02", period: "Jan", origin: "rule", pinned: false, pin_text: "" },
    { id: 12, segment_id: 1, name: "Champions", color: 10, from: "2026-03-02", to: false, period: "since March", origin: "manual", pinned: "in", pin_text: "Pinned in by Olga: Agreed." },
];

function timeline(stays = STAYS, values = {}) {
    return {
        partner_id: 7,
        can_pin: true,
        today: "2026-04-30",
        lines: [
            { id: 5, name: "RFM", exclusive: true, sentence: "Champions since March 2026, before that Loyal", segments: SEGMENTS, stays },
        ],
        ...values,
    };
}

class Customer extends models.Model {
    _name = "customer";
    name = fields.Char();
    segment_timeline = fields.Json();
    segment_ids = fields.Many2many({ relation: "crm.segment" });
    _records = [
        { id: 1, name: "Ann", segment_timeline: timeline(), segment_ids: [1, 2] },
        { id: 2, name: "Nobody", segment_timeline: timeline([], { can_pin: false }) },
        { id: 3, name: "Off", segment_timeline: { ...timeline(), lines: [] } },
        {
            id: 4,
            name: "Long",
            segment_timeline: timeline(
                Array.from({ length: 45 }, (_, index) => ({
                    ...STAYS[index % 2],
                    id: 100 + index,
                    from: `2026-01-${String((index % 28) + 1).padStart(2, "0")}`,
                    to: "2026-02-01",
                }))
            ),
        },
    ];
}

class Segment extends models.Model {
    _name = "crm.segment";
    name = fields.Char();
    color = fields.Integer();
    _records = SEGMENTS.map((segment) => ({ ...segment }));
}

defineMailModels();
defineModels([Customer, Segment]);

const ANSWER = {
    member: true,
    since: "2026-03-02",
    until: false,
    origin: "rule",
    stay: 12,
    pinned: false,
    customer: "Ann",
    segment: "Champions",
    segmentation: "RFM",
    figures_visible: true,
    can_pin: true,
    notes: ["The rule has changed since this was decided."],
    missing: [],
    sentence: "A and (B or C)",
    conditions: [
        { part: "rule", text: "A", passed: true, passed_then: false, value_text: "$ 10", value_then_text: "$ 5" },
        { part: "rule", text: "B", passed: false, passed_then: null, value_text: "", value_then_text: "" },
        { part: "rule", text: "C", passed: true, passed_then: true, value_text: "3", value_then_text: "" },
    ],
    tree: {
        op: "and",
        passed: true,
        children: [
            { op: "leaf", index: 0, passed: true },
            { op: "or", passed: true, children: [{ op: "leaf", index: 1, passed: false }, { op: "leaf", index: 2, passed: true }] },
        ],
    },
};

async function mountTimeline(resId = 1) {
    await mountView({
        type: "form",
        resModel: "customer",
        resId,
        arch: `<form><field name="segment_timeline" widget="segment_timeline"/></form>`,
    });
}

test("days don't depend on a time zone", () => {
    expect(dayNumber("2026-03-30") - dayNumber("2026-03-28")).toBe(2);
});

test("bars lie where their days are, stays that overlap in lanes of their own", () => {
    const stays = [
        { id: 1, from: "2026-01-01", to: "2026-01-06" },
        { id: 2, from: "2026-01-06", to: false },
        { id: 3, from: "2026-01-04", to: "2026-01-05" },
    ];
    const { bars, lanes } = layOut(stays, "2026-01-10");
    expect(bars.map((bar) => [bar.left, bar.width, bar.lane])).toEqual([
        [0, 50, 0],
        [50, 50, 0],
        [30, 10, 1],
    ]);
    expect(lanes).toBe(2);
    expect(layOut([], "2026-01-10").lanes).toBe(0);
    const [today] = layOut([{ id: 1, from: "2026-01-10", to: false }], "2026-01-10").bars;
    expect([today.left, today.width]).toEqual([0, 100]);
});

test("a line tells the way in a sentence, bars and a list", async () => {
    await mountTimeline();
    expect(".o_segment_sentence").toHaveText("Champions since March 2026, before that Loyal");
    expect(queryAllAttributes(".o_segment_track button", "aria-label")).toEqual([
        "Loyal, Jan",
        "Champions, since March. Pinned in by Olga: Agreed.",
    ]);
    expect(".o_segment_stay:first").toHaveStyle({ left: "0.00%", width: "50.00%" }, { inline: true });
    expect(".o_segment_stay .fa-thumb-tack").toHaveCount(1);
    expect(".o_segment_stays").toHaveCount(0);
    await contains(".o_segment_as_list").click();
    expect(queryAllTexts(".o_segment_stays li button")).toEqual(["Champions", "Loyal"]);
    expect(".o_segment_as_list").toHaveAttribute("aria-expanded", "true");
});

test("a click on a stay says why, as a tree with values now and then", async () => {
    onRpc("crm.segment", "explain", ({ args }) => {
        expect.step(args);
        return ANSWER;
    });
    await mountTimeline();
    await contains(".o_segment_stay:last").click();
    expect.verifySteps([[[1], 7, 12]]);
    expect(".modal-title").toHaveText("Why “Champions”?");
    expect(".o_segment_rule").toHaveText("Rule: A and (B or C)");
    expect(queryAllTexts(".o_segment_condition div > div:first-child")).toEqual(["A", "B", "C"]);
    expect(queryAllTexts(".o_segment_values")).toEqual([
        "now: $ 10 · then: $ 5 · it didn't hold then",
        "now: 3",
    ]);
    expect(queryAllAttributes(".o_segment_condition i", "aria-label")).toEqual([
        "holds",
        "doesn't hold",
        "holds",
    ]);
    expect(".o_segment_branch").toHaveCount(1);
    expect(".o_segment_note").toHaveCount(1);
    expect(".o_segment_missing").toHaveCount(0);
});

test("why not: every other segment can be asked, and says what is lacking", async () => {
    onRpc("crm.segment", "explain", ({ args }) => {
        expect.step(args);
        return { ...ANSWER, member: false, since: false, origin: false, stay: false, segment: "Lost", missing: ["needs time"], figures_visible: false };
    });
    await mountTimeline();
    expect(queryAllTexts(".o_segment_why_not option")).toEqual(["Why not …?", "Loyal", "Lost"]);
    await contains(".o_segment_why_not").select("3");
    expect.verifySteps([[[3], 7, null]]);
    expect(".modal-title").toHaveText("Why not “Lost”?");
    expect(queryAllTexts(".o_segment_missing li")).toEqual(["needs time"]);
    expect(".o_segment_why p.small").toHaveCount(1);
});

test("while the answer is under way, and when it fails", async () => {
    const answer = new Deferred();
    onRpc("crm.segment", "explain", async () => {
        expect.step("explain");
        await answer;
        return ANSWER;
    });
    await mountTimeline();
    await contains(".o_segment_stay:last").click();
    expect(".o_segment_why_loading").toHaveCount(1);
    expect(".o_segment_why").toHaveAttribute("aria-busy", "true");
    answer.reject(new Error("The rule is broken."));
    await animationFrame();
    await animationFrame();
    expect(".o_segment_why_failed").toHaveCount(1);
    expect(".o_segment_why_failed").toHaveText(/still hold/);
    onRpc("crm.segment", "explain", () => ANSWER);
    await contains(".o_segment_why_failed button").click();
    expect(".o_segment_conditions").toHaveCount(1);
    expect.verifySteps(["explain"]);
});

test("pinning asks for the reason and shows the result", async () => {
    onRpc("crm.segment", "explain", () => ANSWER);
    mockService("action", {
        doAction(action, { additionalContext, onClose }) {
            expect.step([action, additionalContext]);
            onClose();
        },
    });
    onRpc("customer", "web_read", () => expect.step("read"));
    await mountTimeline();
    expect.verifySteps(["read"]);
    await contains(".o_segment_stay:last").click();
    expect(".o_segment_unpin").toHaveCount(0);
    await contains(".o_segment_pin_out").click();
    expect.verifySteps([
        ["crm_segments.crm_segment_pin_action", { default_partner_id: 7, default_pinned: "out", default_segment_id: 1 }],
        "read",
    ]);
    expect(".modal").toHaveCount(0);
});

test("a pin can be taken off", async () => {
    onRpc("crm.segment", "explain", () => ({ ...ANSWER, pinned: "in" }));
    onRpc("crm.segment.membership", "action_unpin", ({ args }) => {
        expect.step(args);
        return {};
    });
    await mountTimeline();
    await contains(".o_segment_stay:last").click();
    expect(".o_segment_pin_in").toHaveCount(0);
    await contains(".o_segment_unpin").click();
    expect.verifySteps([[[12]]]);
});

test("who may not pin has no buttons, and who is nowhere is told so", async () => {
    onRpc("crm.segment", "explain", () => ({ ...ANSWER, member: false }));
    await mountTimeline(2);
    expect(".o_segment_nowhere").toHaveCount(1);
    expect(".o_segment_pin_any").toHaveCount(0);
    await contains(".o_segment_why_not").select("1");
    expect(".o_segment_pin_in").toHaveCount(0);
});

test("without a segmentation the page teaches", async () => {
    await mountTimeline(3);
    expect(".o_segment_timeline_empty button").toHaveText("Open Segments");
    expect(".o_segment_pin_any").toHaveCount(0);
});

test("a long way is shown in part", async () => {
    await mountTimeline(4);
    expect(".o_segment_stay").toHaveCount(30);
    expect(".o_segment_all").toHaveText("Show 15 earlier stays");
    await contains(".o_segment_all").click();
    expect(".o_segment_stay").toHaveCount(45);
});

test("on a phone the stays are a plain list", async () => {
    await resize({ width: 375 });
    await mountTimeline();
    expect(".o_segment_track").toHaveCount(0);
    expect(queryAllTexts(".o_segment_stays li button")).toEqual(["Champions", "Loyal"]);
});

test("a badge shows that it is pinned, and why", async () => {
    await mountView({
        type: "form",
        resModel: "customer",
        resId: 1,
        arch: `<form><field name="segment_ids" widget="segment_tags" readonly="1" options="{'color_field': 'color'}"/></form>`,
    });
    expect(".o_tag").toHaveCount(2);
    expect(".o_tag .fa-thumb-tack").toHaveCount(1);
    expect(".o_tag:first").toHaveAttribute("data-tooltip", "Champions. Pinned in by Olga: Agreed.");
});
