"""Use of the add-on before it is uninstalled, for the install matrix: ``env`` is given."""

env = globals()["env"]

customer = env["res.partner"].create({"name": "Customer", "is_company": True, "ref": "C1"})
source = env["crm.sales.source"].create({"name": "Old system"})
content = b"Invoice,Date,Reference,Total\nR1,2026-01-15,C1,100\n"
env["crm.sales.history.import.engine"]._run(source, content)
env["crm.segmentation"].search([]).enabled = True
runs = env["crm.segmentation"].search([]).run()
assert set(runs.mapped("state")) == {"done"}, runs.mapped("error")
assert customer.purchase_count == 1
env.company.crm_reporting_segmentation_id = env.ref("crm_segments.segmentation_rfm")
env["res.config.settings"].create({"group_segments_advanced": True}).execute()
env["ir.exports"].create({"name": "Mine", "resource": "crm.segmentation"})
action = env["ir.actions.server"].create(
    {"name": "Joined", "model_id": env["ir.model"]._get_id("res.partner"), "state": "code"}
)
segment = env.ref("crm_segments.segment_lifecycle_prospect")
segment.write({"lead_domain": "[('priority', '=', '3')]", "join_action_id": action.id})
lead = env["crm.lead"].create({"name": "Lead", "priority": "3"})
assert lead.provisional_segment_ids == segment
audience = env["crm.segment.audience"].create({"segment_ids": segment.ids})
if audience.contacts:
    audience.action_download()
env.company.write({"crm_segments_keep_stays": 900, "crm_segments_keep_evidence": 300})
env["digest.digest"].create({"name": "Mine", "kpi_crm_segments_at_risk": True})
# an action on the host's model is its author's and would stay, as it should
action.unlink()
env.cr.commit()
