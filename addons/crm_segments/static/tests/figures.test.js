import { expect, test } from "@odoo/hoot";
import { allowTranslations, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { localization } from "@web/core/l10n/localization";
import { formatPoints, formatSigned } from "@crm_segments/heatmap/figures";

test("points as the user writes numbers; what rounds to nothing has no sign", () => {
    allowTranslations();
    patchWithCleanup(localization, { decimalPoint: ",", thousandsSep: ".", grouping: [3, 0] });
    expect(`${formatPoints(0.0331)}`).toBe("+3,3 points");
    expect(`${formatPoints(-0.25)}`).toBe("-25,0 points");
    expect(`${formatPoints(0.0004)}`).toBe("0,0 points");
    expect(`${formatPoints(-0.0004)}`).toBe("0,0 points");
});

test("the sign stands before the currency, and no line ends between the two", () => {
    const pounds = (value) => `£ ${value}`;
    expect(formatSigned(-13.5, pounds)).toBe("-\u2060£ 13.5");
    expect(formatSigned(13.5, pounds)).toBe("+\u2060£ 13.5");
    expect(formatSigned(0, pounds)).toBe("£ 0");
});
