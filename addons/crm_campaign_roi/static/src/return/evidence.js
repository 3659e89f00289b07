import { _t } from "@web/core/l10n/translation";

/** Grade of evidence → its name, the strongest first. */
export function gradeNames() {
    return {
        experiment: _t("Experiment"),
        matched: _t("Matched comparison"),
        small: _t("Experiment, too small to tell"),
        attribution: _t("Attribution"),
        platform: _t("Platform's own claim"),
        none: _t("Nothing known"),
    };
}

/** Grade of evidence → what it rests on. */
export function gradeHelp() {
    return {
        experiment: _t("Against a hold-out drawn at random"),
        matched: _t("Against customers alike in the time before; who was chosen may differ otherwise"),
        small: _t("Against a hold-out drawn at random, of too few customers to tell"),
        attribution: _t("Credit for orders after a touch; they may have come anyway"),
        platform: _t("What the platform reports of itself"),
        none: _t("Neither orders nor a comparison"),
    };
}
