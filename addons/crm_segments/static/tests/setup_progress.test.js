import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { POLL_INTERVAL } from "@crm_segments/setup/setup_progress";

describe.current.tags("desktop");

class Setup extends models.Model {
    _name = "crm.segment.setup";
    run_progress = fields.Json();
    _records = [
        { id: 1, run_progress: { total: 3, done: 0, failed: 0, running: true, waiting: true } },
        { id: 2, run_progress: { total: 2, done: 2, failed: 1, running: false, waiting: false } },
        { id: 3, run_progress: { total: 0, done: 0, failed: 0, running: false, waiting: true } },
    ];
}

defineMailModels();
defineModels([Setup]);

const mountPage = (resId) =>
    mountView({
        type: "form",
        resModel: "crm.segment.setup",
        resId,
        arch: `<form><field name="run_progress" widget="segment_setup_progress"/></form>`,
    });

const text = () => queryAllTexts(".o_setup_progress span").join(" ");
const percent = () => queryFirst(".o_setup_progress .progress").getAttribute("aria-valuenow");

test("a run is followed until it is done, then no more", async () => {
    const answers = [
        { total: 3, done: 1, failed: 0, running: true, waiting: false },
        { total: 3, done: 3, failed: 0, running: false, waiting: false },
    ];
    onRpc("crm.segment.setup", "progress", () => {
        expect.step("progress");
        return answers.shift();
    });
    await mountPage(1);
    expect(text()).toInclude("first run begins");
    await advanceTime(POLL_INTERVAL);
    await animationFrame();
    expect(text()).toBe("1 of 3 segmentations done");
    expect(percent()).toBe("33");
    await advanceTime(POLL_INTERVAL);
    await animationFrame();
    expect(text()).toBe("Done: 3 segmentations");
    expect(percent()).toBe("100");
    await advanceTime(5 * POLL_INTERVAL);
    expect.verifySteps(["progress", "progress"]);
});

test("a failed segmentation is told, and a finished run isn't asked about", async () => {
    onRpc("crm.segment.setup", "progress", () => expect.step("progress"));
    await mountPage(2);
    expect(text()).toInclude("Done: 2 segmentations");
    expect(text()).toInclude("1 failed");
    await advanceTime(2 * POLL_INTERVAL);
    expect.verifySteps([]);
});

test("nothing switched on", async () => {
    await mountPage(3);
    expect(text()).toBe("No segmentation is switched on.");
});

test("an answer that fails is asked for again", async () => {
    let fails = true;
    onRpc("crm.segment.setup", "progress", () => {
        if (fails) {
            throw new Error("gone");
        }
        return { total: 3, done: 3, failed: 0, running: false, waiting: false };
    });
    await mountPage(1);
    await advanceTime(POLL_INTERVAL);
    await animationFrame();
    expect(text()).toInclude("does not answer");
    fails = false;
    await advanceTime(POLL_INTERVAL);
    await animationFrame();
    expect(text()).toBe("Done: 3 segmentations");
    expect.verifyErrors([]);
});
