"""The host's privacy look-up finds what a person's name and e-mail address were typed into."""

import json

LOOKUP = """
import json

env["crm.segmentation"].search([]).enabled = False
source = env["crm.sales.source"].create({"name": "Old system"})
engine = env["crm.sales.history.import.engine"]
lines = [
    "Invoice,Date,Customer,Email,Total",
    "R1,2026-01-15,,ann@person.example,100",
    "R2,2026-01-15,,bob@person.example,100",
]
engine._run(source, "\\n".join(lines).encode())
ann = env["crm.sales.history"].search([("document", "=", "R1")]).partner_id
# since then she has another name and address here: only the rows of the import tell
ann.write({"name": "Renamed", "email": "new@person.example"})
stay = env["crm.segment.membership"].create(
    {"partner_id": ann.id, "segment_id": env.ref("crm_segments.segment_rfm_lost").id,
     "company_id": env.company.id, "date_from": "2026-01-15"}
)
env.cr.commit()

def lookup(name, email):
    wizard = env["privacy.lookup.wizard"].create({"name": name, "email": email})
    wizard.action_lookup()
    return wizard.line_ids

def told(lines):
    return sorted(
        (line.res_model, env[line.res_model].browse(line.res_id).display_name) for line in lines
    )

print(json.dumps(told(lookup("Ann", "Ann@Person.example"))))
print(json.dumps(told(lookup("Renamed", "new@person.example"))))
print(json.dumps(told(lookup("Nobody", "nobody@person.example"))))

# deleting what is found leaves nothing of her
for line in lookup("Ann", "ann@person.example") | lookup("Renamed", "new@person.example"):
    if line.res_model != "res.partner":
        env[line.res_model].browse(line.res_id).exists().unlink()
ann.unlink()
env.flush_all()
print(json.dumps([bool(stay.exists()), source.line_count]))
print(json.dumps(env["crm.sales.identity"].search([]).mapped("external_id")))
"""


def test_rows_of_an_import_are_found_and_deleted(make_database_beside):
    """By the address of the file, whatever the customer is called today."""
    database = make_database_beside()
    answers = [json.loads(line) for line in database.script(LOOKUP).strip().splitlines()[-5:]]
    by_file, by_name, nobody, left, identities = answers
    assert by_file == [
        ["crm.sales.history", "R1"],
        ["crm.sales.identity", "email:ann@person.example"],
    ]
    # stays and identities go with the customer, lines keep it from being deleted
    assert by_name == [["crm.sales.history", "R1"], ["res.partner", "Renamed"]]
    assert nobody == []
    assert left == [False, 1]
    assert identities == ["email:bob@person.example"]
