"""What the tests of leads without a customer share."""

from ..models.crm_lead_provisional import RELATION
from .common import SegmentsCase


class ProvisionalCase(SegmentsCase):
    """Segments with rules for leads, a customer, and what stands in the table."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.farm, cls.mine = cls.env["res.partner.industry"].create(
            [{"name": "Farming"}, {"name": "Mining"}]
        )
        cls.div = cls.segmentation(
            "rule",
            {
                "Urgent": {"domain": "[('id', '=', 0)]", "lead_domain": "[('priority', '=', '3')]"},
                "Farmers": {
                    "domain": f"[('industry_id', '=', {cls.farm.id})]",
                    "lead_domain": f"[('industry_id', '=', {cls.farm.id})]",
                },
                "Silent": {"domain": "[('id', '=', 0)]"},
                "Rest": {"is_rest": True},
            },
        )
        cls.urgent, cls.farmers, cls.silent, cls.rest = cls.div.segment_ids
        cls.ann = cls.customer("Ann", industry_id=cls.farm.id)

    @classmethod
    def lead(cls, name="Lead", **values):
        return cls.env["crm.lead"].create({"name": name, "type": "lead", **values})

    def names(self, lead):
        return lead.segment_ids.mapped("name")

    def stored(self, *leads):
        """What stands in the table, whatever is read through it."""
        self.env.flush_all()
        ids = [lead.id for lead in leads]
        self.env.cr.execute(
            f"SELECT r.lead_id, s.name->>'en_US' FROM {RELATION} r JOIN crm_segment s "
            "ON s.id = r.segment_id WHERE %s OR r.lead_id = ANY(%s) ORDER BY 1, s.id",
            (not ids, ids),
        )
        return self.env.cr.fetchall()

    def nightly(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("crm_segments.ir_cron_leads").method_direct_trigger()
        self.env.invalidate_all()

    def found(self, leads, *conditions):
        found = self.env["crm.lead"].search([("id", "in", leads.ids), *conditions])
        return "".join(sorted(found.mapped("name")))
