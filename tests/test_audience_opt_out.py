"""Contacts who opted out of a mailing list stay out of what is exported."""

import json

OPT_OUT = """
import json

env["crm.segmentation"].search([]).enabled = False
segmentation = env["crm.segmentation"].create({"name": "All", "method": "rule"})
segment = env["crm.segment"].create(
    {"name": "All", "segmentation_id": segmentation.id, "domain": "[('ref', '=', 'audience')]"}
)
people = env["res.partner"].create(
    [{"name": name, "ref": "audience", "email": f"{name}@x.example"} for name in ("ann", "bob")]
)
segmentation.run()
wizard = env["crm.segment.audience"].create({"segment_ids": segment.ids})

def told():
    wizard.invalidate_recordset()
    print(json.dumps([wizard.contacts, wizard.opted_out]))

told()
list_ = env["mailing.list"].create({"name": "News"})
contact = env["mailing.contact"].create({"email": "Ann <ANN@x.example>", "list_ids": list_.ids})
told()
contact.subscription_ids.opt_out = True
told()
"""


def test_left_out(make_database_beside):
    """By the address, whoever the list knows it of."""
    database = make_database_beside()
    answers = database.script(OPT_OUT).strip().splitlines()[-3:]
    assert [json.loads(line) for line in answers] == [[2, 0], [2, 0], [1, 1]]
