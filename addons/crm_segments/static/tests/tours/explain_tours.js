import { registry } from "@web/core/registry";

const openPage = { content: "The page of segments", trigger: ".o_notebook .nav-link:contains(Segments)", run: "click" };

registry.category("web_tour.tours").add("crm_segments_why", {
    steps: () => [
        openPage,
        { trigger: ".o_segment_line[data-segmentation='Tour: Size'] .o_segment_sentence:contains(Small since)" },
        {
            content: "Why is the customer here?",
            trigger: ".o_segment_line[data-segmentation='Tour: Size'] .o_segment_stay:contains(Small)",
            run: "click",
        },
        { trigger: ".modal .o_segment_condition:contains(is at least):has(.fa-check)" },
        { trigger: ".modal .o_segment_values:contains(now)" },
        { trigger: ".modal footer .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        {
            content: "Why not in the best segment?",
            trigger: ".o_segment_line[data-segmentation='Tour: Size'] .o_segment_why_not",
            run: "selectByLabel Big",
        },
        { trigger: ".modal .modal-title:contains(Why not)" },
        { content: "The distance", trigger: ".modal .o_segment_missing:contains(900.00):contains(more in 12 months)" },
        { trigger: ".modal .o_segment_condition:contains(is at least):has(.fa-times)" },
        { trigger: ".modal footer .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

const pinSteps = [
    { trigger: ".modal .o_segment_pin_in", run: "click" },
    { content: "A reason is asked for", trigger: ".modal div[name=pin_reason] input", run: "edit Agreed on the phone" },
    { content: "It says what else happens", trigger: ".modal .alert:contains(ends today)" },
    { trigger: ".modal button[name=action_confirm]", run: "click" },
    { trigger: "body:not(:has(.modal))" },
];

registry.category("web_tour.tours").add("crm_segments_pin", {
    steps: () => [
        openPage,
        {
            trigger: ".o_segment_line[data-segmentation='Tour: Size'] .o_segment_why_not",
            run: "selectByLabel Big",
        },
        ...pinSteps,
        {
            content: "The pin is seen on the timeline",
            trigger: ".o_segment_line[data-segmentation='Tour: Size'] .o_segment_stay:contains(Big):has(.fa-thumb-tack)",
            run: "click",
        },
        { content: "With its reason", trigger: ".modal .o_segment_note:contains(Agreed on the phone)" },
        { trigger: ".modal .btn-close", run: "click" },
        { content: "And on the badge", trigger: "div[name=segments] .o_tag:contains(Big):has(.fa-thumb-tack)" },
        { trigger: ".o_segment_stay:contains(Big)", run: "click" },
        { content: "Take it off", trigger: ".modal .o_segment_unpin", run: "click" },
        { trigger: "div[name=segments] .o_tag:contains(Tour: Size: Small)" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

registry.category("web_tour.tours").add("crm_segments_why_phone", {
    steps: () => [
        openPage,
        {
            content: "A plain list",
            trigger: ".o_segment_line[data-segmentation='Tour: Size'] .o_segment_stays button:contains(Small)",
            run: "click",
        },
        { trigger: ".modal .o_segment_condition:contains(is at least)" },
        { trigger: ".modal footer .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

registry.category("web_tour.tours").add("crm_segments_pin_phone", {
    steps: () => [
        openPage,
        {
            trigger: ".o_segment_line[data-segmentation='Tour: Size'] .o_segment_why_not",
            run: "selectByLabel Big",
        },
        ...pinSteps,
        {
            content: "The pin is seen in the list",
            trigger: ".o_segment_line[data-segmentation='Tour: Size'] .o_segment_stays li:contains(Big):contains(Agreed on the phone)",
        },
    ],
});
