import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { defineModels, fields, models, mountView, contains } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");

class Segmentation extends models.Model {
    _name = "crm.segmentation";
    distribution = fields.Json();
    _records = [
        {
            id: 1,
            distribution: [
                { id: 1, name: "A", color: 1, customers: 3, share: 0.75, revenue: 100, revenue_share: 0.25 },
                { id: 2, name: "B", color: 2, customers: 1, share: 0.25, revenue: 300, revenue_share: 0.75 },
                { id: 3, name: "C", color: 3, customers: 0, share: 0, revenue: 0, revenue_share: 0 },
            ],
        },
        {
            id: 2,
            distribution: [
                { id: 4, name: "D", color: 1, customers: 2, share: 1, revenue: null, revenue_share: null },
            ],
        },
        { id: 3, distribution: [] },
    ];
}

defineMailModels();
defineModels([Segmentation]);

async function mountDistribution(resId, options = "{'legend': true}") {
    await mountView({
        type: "form",
        resModel: "crm.segmentation",
        resId,
        arch: `<form><field name="distribution" widget="segment_distribution" options="${options}"/></form>`,
    });
}

test("a part per segment that has customers, as wide as its share", async () => {
    await mountDistribution(1);
    expect(".o_segment_part").toHaveCount(2);
    expect(".o_segment_part:first").toHaveAttribute("title", "A: 3 (75%)");
    expect(".o_segment_part:first").toHaveStyle({ width: "75%" }, { inline: true });
});

test("the table has the same content, empty segments included", async () => {
    await mountDistribution(1);
    expect(queryAllTexts("tbody tr td:not(:first-child)")).toEqual([
        "3", "75%", "25%", "1", "25%", "75%", "0", "0%", "0%",
    ]);
});

test("switching to revenue changes the bar", async () => {
    await mountDistribution(1);
    await contains(".o_segment_measure").click();
    expect(".o_segment_part:first").toHaveAttribute("title", "A: 3 (25%)");
});

test("hidden money offers no switch and no column", async () => {
    await mountDistribution(2);
    expect(".o_segment_measure").toHaveCount(0);
    expect(queryAllTexts("thead th")).toEqual(["Segment", "Customers", "Share"]);
});

test("without customers it says so", async () => {
    await mountDistribution(3);
    expect(".o_segment_distribution").toHaveText("No customer in any segment yet");
});

test("without a legend the largest segments are named", async () => {
    await mountDistribution(1, "{}");
    expect(queryAllTexts("li .text-truncate")).toEqual(["A", "B"]);
});
