import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryAllValues, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { ChoiceTable } from "@crm_scenarios/programme/choice_table";

describe.current.tags("desktop");
defineMailModels();

const table = (mean, place, score) => ({
    needs: [{ id: 1, name: "Price", weight: 3, must: false }, { id: 2, name: "Calls", weight: 2, must: true }],
    candidates: [
        { id: 7, name: "One", mean, place, coverage: 0.6, out: "", chosen: true },
        { id: 8, name: "Two", mean: 1, place: null, coverage: 0.4, out: "Calls", chosen: false },
    ],
    scores: [{ need: 1, candidate: 7, score, note: "Cheap" }, { need: 2, candidate: 8, score: "1", note: "" }],
    marks: [["0", "0"], ["1", "1"], ["4", "4"]],
    editable: true,
});

const record = { resId: 5, isDirty: async () => false, load: async () => expect.step("record read") };

test("what isn't scored isn't 0; a score that is chosen is saved and read again", async () => {
    let answer = table(null, null, false);
    onRpc("crm.programme", "choice_table", () => answer);
    onRpc("crm.programme", "set_score", ({ args }) => {
        expect.step(args.slice(1));
        answer = table(4, 1, "4");
        return true;
    });
    await mountWithCleanup(ChoiceTable, { props: { record, readonly: false } });
    expect(queryAllTexts(".o_choice_mean")).toEqual(["not scored", "1.00"]);
    expect(queryAllTexts(".o_choice_place")).toEqual(["–", "out\nCalls"]);
    expect("td.table-danger").toHaveCount(1);
    expect(queryFirst("td.table-danger")).toHaveText(/rules it out/);
    await contains(".o_choice_score:first").select("4");
    await animationFrame();
    expect.verifySteps([[1, 7, "4", "Cheap"], "record read"]);
    expect(queryAllTexts(".o_choice_mean")).toEqual(["4.00", "1.00"]);
    expect(queryAllValues(".o_choice_score")[0]).toBe("4");
});

test("without needs it says what to do; without the right nothing is changed", async () => {
    let answer = { ...table(4, 1, "4"), needs: [] };
    onRpc("crm.programme", "choice_table", () => answer);
    await mountWithCleanup(ChoiceTable, { props: { record, readonly: true } });
    expect(".o_programme_choice p").toHaveText(/Enter what is needed/);
    answer = { ...table(4, 1, "4"), editable: false };
    await mountWithCleanup(ChoiceTable, { props: { record, readonly: true } });
    expect(".o_choice_score:enabled").toHaveCount(0);
    expect(".o_choice_note").toHaveCount(0);
});
