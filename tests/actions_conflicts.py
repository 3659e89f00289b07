"""More of what the processes of a test do in Odoo: leads, and a run that others hinder."""

from unittest.mock import patch

from psycopg2.errors import SerializationFailure


def judge_leads(env, segments):
    """Let the rules of segments hold for leads as well."""
    for segment in env["crm.segment"].browse(segments):
        segment.lead_domain = segment.domain


def lead(env, **values):
    """A lead without a customer unless ``values`` name one; return its id."""
    return env["crm.lead"].create({"name": "Lead", "type": "opportunity", **values}).id


def save_lead(env, lead, **values):
    """Save a lead."""
    env["crm.lead"].browse(lead).write(values)


def lead_segments(env, lead):
    """Names of the segments that a lead shows."""
    return env["crm.lead"].browse(lead).segment_ids.mapped("name")


def place_all_leads(env):
    """The work of the cron that places leads."""
    env["crm.segmentation"]._place_all_leads()


def place_every_lead(env):
    """The same, in the open transaction."""
    env["crm.segmentation"]._place_every_lead()


def rebuild_refused(env, division):
    """The nightly run, where others are always in the way of one; return its attempts."""
    segmentations = type(env["crm.segmentation"])
    original, calls = segmentations._run_company, []

    def refused(self, *args):
        if self.id != division:
            return original(self, *args)
        calls.append(1)
        raise SerializationFailure("somebody else was faster")

    with patch.object(segmentations, "_run_company", refused):
        env["crm.segmentation"]._rebuild_all()
    return len(calls)


#: held by whoever lets a backtest wait
GATE = 737


def backtest_waiting(env, segment, domain):
    """Look back with another rule, and wait at the gate before each month-end."""
    segmentation = env["crm.segment"].browse(segment).segmentation_id
    segmentations = type(segmentation)
    play = segmentations._play_day

    def waiting(self, *args):
        env.cr.execute("SELECT pg_advisory_xact_lock(%s)", [GATE])
        return play(self, *args)

    with patch.object(segmentations, "_play_day", waiting):
        found = segmentation.backtest({"segment_ids": [(1, segment, {"domain": domain})]}, 2)
    return {row["name"]: row["members"] for row in found["segments"]}


def save_rule(env, segment, domain):
    """Save the rule of a segment."""
    env["crm.segment"].browse(segment).domain = domain
