import { describe, expect, test } from "@odoo/hoot";
import { press, queryAllAttributes, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, mountWithCleanup } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { DealCourse } from "@crm_scenarios/deal_course/deal_course";
import { daysText, mark, sentence } from "@crm_scenarios/deal_course/course_text";
import { Component, xml } from "@odoo/owl";

describe.current.tags("desktop");
defineMailModels();

const step = (name, state, vals = {}) => ({
    step: name.toLowerCase(), name, state, date: null, days: null,
    norm: null, norm_count: 0, norm_own: false, over: false, ...vals,
});
const STEPS = [
    step("Contact", "skipped"),
    step("Quotation", "done", {
        days: 12, date: "2026-03-05", norm: 7, norm_count: 45, norm_own: true, over: true,
    }),
    step("Order", "now", { days: 3, norm: 4.6, norm_count: 1210 }),
    step("Invoice", "ahead", { norm: 7.6, norm_count: 20 }),
    step("Payment", "ahead"),
];

/** In a place that opens something on click and Enter, as cards and rows do. */
async function mountCourse(course = STEPS) {
    class Row extends Component {
        static components = { DealCourse };
        static props = ["*"];
        static template = xml`
            <div class="row_around" t-on-click="() => this.opened()" t-on-keydown="(ev) => ev.key === 'Enter' and this.opened()">
                <DealCourse name="'course'" record="record" readonly="true"/>
            </div>`;
        record = { data: { course, name: "Fifty chairs", segment_id: { id: 4, display_name: "Wholesalers" } } };
        opened() {
            expect.step("document opened");
        }
    }
    await mountWithCleanup(Row);
}

test("what is said of a step", async () => {
    await mountCourse(); // texts and numbers need the language
    expect(STEPS.map(mark)).toEqual(["–", "12!", "3", "≤7", "·"]);
    expect(mark(step("Order", "done"))).toBe("✓");
    expect(`${daysText(step("Order", "done"))}`).toBe("done, days unknown");
    expect(sentence(STEPS[1], "Wholesalers")).toBe(
        "Quotation: 12 days, norm 7 (80 % of 45 deals of Wholesalers)"
    );
    expect(sentence(STEPS[2], "Wholesalers")).toBe(
        "Order: 3 days so far, norm 4.6 (80 % of 1,210 deals of all customers)"
    );
    expect(sentence(STEPS[0], "")).toBe("Contact: no record, no norm yet");
    expect(sentence(STEPS[4], "")).toBe("Payment: ahead, no norm yet");
});

test("the steps stand in a line, and are read as sentences", async () => {
    await mountCourse();
    expect(queryAllTexts(".o_deal_step")).toEqual(["–", "12!", "3", "≤7", "·"]);
    expect(queryAllAttributes(".o_deal_step", "data-state")).toEqual([
        "skipped", "done", "now", "ahead", "ahead",
    ]);
    expect(".o_deal_over").toHaveCount(1);
    const label = queryFirst(".o_deal_course").getAttribute("aria-label").split("; ");
    expect(label.length).toBe(5);
    expect(queryAllAttributes(".o_deal_step", "title")).toEqual(label);
});

test("a click tells all of it in a table, and opens no document", async () => {
    await mountCourse();
    await contains(".o_deal_course").click();
    const row = (name) => queryAllTexts(`.o_deal_course_table tr[data-step=${name}] > *`);
    expect(".o_deal_course_table caption").toHaveText("Fifty chairs");
    expect(row("contact")).toEqual(["Contact", "", "no norm yet", "", ""]);
    expect(row("quotation").slice(0, 4)).toEqual(["Quotation", "12", "7", "45 · Wholesalers"]);
    expect(row("quotation")[4]).toMatch(/2026/);
    expect(row("order")).toEqual(["Order", "3", "4.6", "1,210 · all customers", ""]);
    expect(".o_deal_course_table tr[data-step=quotation] td [aria-label='Longer than the norm']").toHaveCount(1);
    expect(".o_deal_course_table .table-active").toHaveCount(1);
    expect(".o_deal_course_table").toBeFocused();
    await press("Escape");
    await animationFrame();
    expect(".o_deal_course_table").toHaveCount(0);
    expect.verifySteps([]);
});

test("by keyboard", async () => {
    await mountCourse();
    queryFirst(".o_deal_course").focus();
    await press("Enter");
    await animationFrame();
    expect(".o_deal_course_table").toHaveCount(1);
    expect.verifySteps([]);
});

test("a row without steps shows nothing", async () => {
    await mountCourse(false);
    expect(".o_deal_course").toHaveCount(0);
});
