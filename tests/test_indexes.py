"""Every relation to customers can be looked up by customer: merging and deleting stay quick."""

import json

from tools import modules

RELATIONS = """
import json
from tests import actions
print(json.dumps(actions.many2one_to_partner(env, args["addons"])))
"""

LEADING = """
    SELECT c.relname, a.attname
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
    WHERE i.indisvalid AND (i.indpred IS NULL
          OR pg_get_expr(i.indpred, i.indrelid) = '(' || a.attname || ' IS NOT NULL)')
"""


def test_relations_to_customers_are_indexed(make_database):
    """An index that leads with the column, of all rows; of all add-ons, later ones too."""
    database = make_database(modules.everything("test"))
    printed = database.script(RELATIONS, addons=modules.addons())
    relations = json.loads(printed.strip().splitlines()[-1])
    assert ["crm_segment_membership", "partner_id"] in relations
    leading = database.query(LEADING)
    assert [relation for relation in relations if relation not in leading] == []
