import { describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts, queryFirst, queryText } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    defineModels,
    fieldInput,
    fields,
    makeMockEnv,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { getDefaultConfig } from "@web/views/view";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { customerOf } from "@crm_scenarios/today/thread_actions";
import { Today } from "@crm_scenarios/today/today";

describe.current.tags("desktop");

class Scenario extends models.Model {
    _name = "crm.scenario";
    name = fields.Char();
    trigger = fields.Selection({ selection: [["lapsed", "No purchase for long"]] });
    goal = fields.Selection({ selection: [["purchase", "A purchase after entering"]] });
    deadline_days = fields.Integer();
    template_ids = fields.One2many({ relation: "mail.activity.plan.template" });
    _records = [
        { id: 1, name: "Win back", trigger: "lapsed", goal: "purchase", deadline_days: 60, template_ids: [1, 2, 3, 4] },
    ];
}

class Step extends models.Model {
    _name = "mail.activity.plan.template";
    summary = fields.Char();
    scenario_kind = fields.Selection({ selection: [["activity", "Activity"], ["email", "E-mail, sent"], ["wait", "Wait"]] });
    delay_count = fields.Integer();
    delay_unit = fields.Selection({ selection: [["days", "Days"], ["weeks", "Weeks"]] });
    scenario_condition = fields.Char();
    scenario_pace = fields.Selection({ selection: [["contact", "Contact interval of the policy"]] });
    responsible_type = fields.Selection({ selection: [["salesperson", "Salesperson"], ["other", "Default user"]] });
    responsible_id = fields.Many2one({ relation: "res.partner" });
    responsible_group_id = fields.Many2one({ relation: "res.partner" });
    activity_type_id = fields.Many2one({ relation: "res.partner" });
    _records = [
        { id: 1, summary: "Call", scenario_kind: "activity", delay_count: 0, delay_unit: "days", scenario_condition: "[]", responsible_type: "salesperson" },
        { id: 2, summary: "Write", scenario_kind: "email", delay_count: 3, delay_unit: "days", scenario_condition: "[('a', '=', 1)]" },
        { id: 3, scenario_kind: "wait", delay_count: 2, delay_unit: "weeks", scenario_condition: "[('a', '=', 1)]" },
        { id: 4, summary: "Visit", scenario_kind: "activity", delay_count: 5, delay_unit: "days", scenario_condition: "[]", responsible_type: "salesperson", scenario_pace: "contact" },
    ];
}

defineMailModels();
defineModels([Scenario, Step]);

const ARMS = {
    treated: { customers: 1000, goals: 124, rate: 0.124, mean: 30 },
    control: { customers: 1000, goals: 91, rate: 0.091, mean: 25 },
};
const VERSION = {
    number: 1, holdout: 0.5, from: "2026-01-01", to: "2026-02-01", open: 7, arms: ARMS, state: "better",
    rate: [0.033, 0.004, 0.062], money: [5, 2, 8], ratio_p: 1, needed: 0,
};

async function open(version, data = {}) {
    onRpc("crm.scenario", "result", () => ({
        currency_id: 1, money_visible: true, holdout: 0.5, versions: version ? [version] : [],
        advice: { enough: true, expected: 5000, needed: 2000, rate: 0.1, assumed: false }, ...data,
    }));
    await mountView({
        type: "form", resModel: "crm.scenario", resId: 1,
        arch: `<form><widget name="crm_scenario_result"/></form>`,
    });
    await animationFrame();
}

test("the difference is a sentence, an interval and a table", async () => {
    await open(VERSION);
    expect(queryText(".o_scenario_sentence")).toBe(
        "12.4% against 9.1%: +3.3 points, 0.4 to 6.2. The scenario works."
    );
    expect(".o_interval_plot").toHaveCount(2);
    expect(queryFirst(".o_interval_plot svg").getAttribute("aria-label")).toInclude(
        "+3.3 points, 19 times in 20 between +0.4 points and +6.2 points"
    );
    // zero stands in the middle, the interval to its right
    const x = (name) => Number(queryFirst(`.o_interval_plot ${name}`).getAttribute("x1"));
    expect(x(".o_zero")).toBe(50);
    expect(x(".o_range")).toBeGreaterThan(50);
    expect(queryAllTexts(".o_scenario_arms tr[data-arm=control] td").slice(0, 3)).toEqual([
        "1,000", "91", "9.1%",
    ]);
});

test("not enough data says how many more", async () => {
    await open({ ...VERSION, state: "few", rate: null, money: null, needed: 1234 });
    expect(queryText(".o_scenario_sentence")).toBe(
        "Not enough data yet: needs about 1,234 more customers."
    );
    expect(".o_interval_plot").toHaveCount(0);
});

test("too few customers: no hold-out is recommended, with the reason", async () => {
    await open(null, {
        advice: { enough: false, expected: 120, needed: 2223, rate: 0.1, assumed: true },
    });
    expect(queryText(".o_scenario_advice")).toInclude("No hold-out is recommended: about 120");
    expect(queryText(".o_scenario_advice")).toInclude("2,223");
    expect(queryText(".o_scenario_sentence")).toInclude("Nobody has entered yet");
});

const LINE = {
    key: "p7", partner_id: 7, lead_id: false, name: "Shop", lead: "", phone: "+44 (20) 123",
    segment: "A", money: 20, basis: "estimate", overdue: 3, urgent: false, until: "2026-01-01",
    products: ["Tea"], readable: true,
    reasons: [{ source: "due", text: "Last purchase 40 days ago", icon: "fa-phone", until: "2026-01-01" }],
};

test("an outcome is two taps", async () => {
    let lines = [LINE];
    onRpc("crm.today", "actions", () => ({ lines, more: 0, currency_id: 1, share: 0.1 }));
    onRpc("crm.today", "outcome", ({ args }) => {
        expect.step(args.slice(1));
        lines = [];
        return false;
    });
    const env = await makeMockEnv({ config: getDefaultConfig() });
    await mountWithCleanup(Today, { env, props: { action: {} } });
    expect(queryText(".o_today_reason")).toInclude("Last purchase 40 days ago");
    expect(queryFirst(".o_today_line a").getAttribute("href")).toBe("tel:+4420123");
    await click(".o_today_outcome");
    await animationFrame();
    await click("[data-outcome=no_answer_3]");
    await animationFrame();
    await animationFrame();
    expect.verifySteps([["no_answer", 3]]);
    expect(".o_today_empty").toHaveCount(1);
});

test("a conversation with a customer has a brief, one with a colleague has none", () => {
    const thread = (values) => ({ model: "discuss.channel", correspondent: { partner_id: values } });
    expect(customerOf(thread({ id: 7 }))).toBe(7);
    expect(customerOf(thread({ id: 7, main_user_id: { share: true } }))).toBe(7);
    expect(customerOf(thread({ id: 7, main_user_id: { share: false } }))).toBe(false);
    expect(customerOf(thread(undefined))).toBe(false);
    expect(customerOf({ model: "res.partner" })).toBe(false);
    expect(customerOf(undefined)).toBe(false);
});

test("the funnel is a table with bars; versions compare where customers were drawn", async () => {
    onRpc("crm.scenario", "picture", () => [
        {
            number: 2, entered: 40,
            steps: [
                { name: "Call", reached: 40, here: 10, done: 30 },
                { name: "Visit", reached: 30, here: 0, done: 10 },
            ],
            ends: [{ state: "goal", label: "Goal Reached", count: 8 }],
        },
    ]);
    onRpc("crm.scenario", "compare_versions", () => [
        { numbers: [1, 2], state: "apart", from: null, to: null, customers: [0, 0], rate: null },
        {
            numbers: [2, 3], state: "unsure", needed: 900, from: "2026-01-01", to: "2026-01-09",
            customers: [50, 60], rate: [0.1, -0.05, 0.25],
        },
        { numbers: [3, 4], state: "few", from: "2026-01-10", to: "2026-01-10", customers: [2, 3], rate: null },
    ]);
    await mountView({
        type: "form", resModel: "crm.scenario", resId: 1,
        arch: `<form><widget name="crm_scenario_picture"/></form>`,
    });
    await animationFrame();
    expect(queryAllTexts(".o_picture_steps tbody tr:eq(1) td.text-end")).toEqual(["30", "75%", "0", "10"]);
    expect(queryAllTexts(".o_picture_ends tbody td.text-end")).toEqual(["8", "20%"]);
    const [never, together, few] = queryAllTexts(".o_picture_pair");
    expect(never).toInclude("never took customers in at the same time");
    expect(together).toInclude("+10.0 points of goal rate, -5.0 to +25.0, of 50 and 60 customers");
    expect(together).toInclude("No sure difference: needs about 900 more customers.");
    expect(few).toInclude("not enough data, 2 and 3 customers");
    expect(".o_picture_pair:eq(1) .o_interval_plot").toHaveCount(1);
    expect(".o_picture_pair:eq(2) .o_interval_plot").toHaveCount(0);
});

test("the steps are a timeline from entering to the end, that follows the list", async () => {
    const names = [
        "summary", "scenario_kind", "delay_count", "delay_unit", "scenario_condition", "scenario_pace",
        "responsible_type", "responsible_id", "responsible_group_id", "activity_type_id",
    ];
    await mountView({
        type: "form", resModel: "crm.scenario", resId: 1,
        arch: `<form><widget name="crm_scenario_timeline"/><field name="template_ids">
            <list editable="bottom">${names.map((name) => `<field name="${name}"/>`).join("")}</list>
        </field></form>`,
    });
    expect(queryText(".o_timeline_edge:eq(0)")).toInclude("No purchase for long");
    expect(queryAllTexts(".o_timeline_when")).toEqual([
        "On entering", "3 days after entering", "Until its condition holds, 2 weeks at most",
        "Contact interval of the policy",
    ]);
    expect(queryAllTexts(".o_timeline_who")).toEqual(["Salesperson", "", "Salesperson"]);
    expect(".o_timeline_step:eq(1)").toHaveText(/only if its condition holds then/);
    expect(queryText(".o_timeline_end")).toBe("A purchase after entering, else after 60 days");
    await click(".o_data_cell[name=delay_count]:eq(1)");
    await animationFrame();
    await fieldInput("delay_count").edit("4");
    await animationFrame();
    expect(".o_timeline_when:eq(1)").toHaveText("4 days after entering");
});
