import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");

class Segment extends models.Model {
    _name = "crm.segment";
    currency_id = fields.Many2one({ relation: "res.currency" });
    profile = fields.Json();
    product_lift = fields.Json();
    _records = [
        {
            id: 1,
            currency_id: 1,
            profile: [
                { key: "customers", label: "Customers", kind: "count", value: 12, reference: 40 },
                { key: "interval", label: "Days", kind: "days", value: null, reference: 30 },
                { key: "refunds", label: "Refunds", kind: "share", value: 0.125, reference: null },
            ],
            product_lift: [
                {
                    product_id: 7, name: "Lantern", customers: 6, buyers: 12,
                    all_customers: 8, all_buyers: 40, lift: 2.5, low: 1.2, high: 4.1,
                },
            ],
        },
        { id: 2, currency_id: 1, profile: [], product_lift: [] },
    ];
}

defineMailModels();
defineModels([Segment]);

const mountField = (name, resId = 1) =>
    mountView({
        type: "form",
        resModel: "crm.segment",
        resId,
        arch: `<form><field name="${name}" widget="${name === "profile" ? "segment_profile" : "segment_products"}"/></form>`,
    });

test("each figure stands beside that of all customers; unknown is n/a, not 0", async () => {
    await mountField("profile");
    expect(queryAllTexts(".o_segment_figure .fw-bold")).toEqual(["12", "n/a", "12.5%"]);
    expect(queryAllTexts(".o_segment_figure:first .small")).toEqual(["Customers", "all: 40"]);
    expect("[data-key=refunds] .small").toHaveCount(1);
});

test("a product comes with its lift, counts and interval", async () => {
    await mountField("product_lift");
    expect(".o_segment_products tbody tr").toHaveCount(1);
    expect(".o_segment_products tbody .fw-bold").toHaveText("2.5 ×");
    expect(".o_segment_products tbody td:last").toHaveText("6 of 12 buyers here, 8 of 40 overall");
    expect(".o_segment_products tbody td:eq(1)").toHaveAttribute(
        "title",
        "19 times in 20 between 1.2 × and 4.1 ×"
    );
});

test("nothing sure enough is said to be so", async () => {
    await mountField("product_lift", 2);
    expect(".o_segment_products p").toHaveCount(1);
});
