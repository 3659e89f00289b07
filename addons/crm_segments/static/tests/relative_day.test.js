import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryAllValues } from "@odoo/hoot-dom";
import { contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { isRelative, readRelative, relativeWords, writeRelative } from "@crm_segments/relative_day/relative_day";

describe.current.tags("desktop");

class Rule extends models.Model {
    _name = "rule";
    domain = fields.Char();
    day = fields.Date();
    name = fields.Char();
    _records = [
        { id: 1, domain: "[('day', '<', 'today -90d')]" },
        { id: 2, domain: "['&', ('day', '>=', 'today -30d'), ('day', '<=', 'today')]" },
        { id: 3, domain: "[('day', '<', '2026-01-31')]" },
        { id: 4, domain: "[('day', '<', 'today =1d -1m')]" },
    ];
}

defineMailModels();
defineModels([Rule]);

const ARCH = (options) => `
    <form><field name="domain" widget="domain" options="{'model': 'rule', ${options}}"/></form>`;

async function open(resId, options = "") {
    await mountView({ type: "form", resModel: "rule", resId, arch: ARCH(options) });
}

test("what is a relative date, and what it says", () => {
    expect(["today", "-90d", "today =1d -1m", "now"].map(isRelative)).toEqual([true, true, true, true]);
    expect(["2026-01-31", "", false, "tomorrow"].map(isRelative)).toEqual([false, false, false, false]);
    expect(readRelative("-1m")).toEqual({ sign: "-", number: 1, unit: "m" });
    expect(readRelative("today =1d -1m")).toBe(null);
    expect(writeRelative({ sign: "+", number: 2, unit: "w" })).toBe("today +2w");
    expect(writeRelative({ sign: "-", number: 0, unit: "d" })).toBe("today");
    expect(relativeWords("today =1d")).toBe("today =1d");
});

test("a relative date is edited as number and unit", async () => {
    onRpc("rule", "web_save", ({ args }) => expect.step(args[1].domain));
    await open(1);
    expect(".o_relative_day").toHaveCount(1);
    expect(queryAllValues(".o_relative_day_direction")).toEqual(["-d"]);
    await contains(".o_relative_day_number").edit("6");
    await contains(".o_relative_day_direction").select("-m");
    await contains(".o_form_button_save").click();
    await contains(".o_relative_day_direction").select("");
    expect(".o_relative_day_number").toHaveCount(0);
    await contains(".o_form_button_save").click();
    expect.verifySteps([`[("day", "<", "today -6m")]`, `[("day", "<", "today")]`]);
});

test("between two relative dates: two conditions", async () => {
    await open(2);
    expect(queryAllValues(".o_relative_day_direction")).toEqual(["-d", ""]);
});

test("a fixed day keeps the host's editor", async () => {
    await open(3);
    expect(".o_relative_day").toHaveCount(0);
});

test("several terms stay a text, and a fixed day can be chosen instead", async () => {
    await open(4);
    expect(queryAllValues(".o_relative_day input")).toEqual(["today =1d -1m"]);
    await contains(".o_relative_day button").click();
    expect(".o_relative_day").toHaveCount(0);
});

test("a folded rule is described in words", async () => {
    await open(1, "'foldable': true");
    expect(queryAllTexts(".o_facet_values")).toEqual(["Day before 90 days ago"]);
});
