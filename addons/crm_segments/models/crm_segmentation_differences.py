"""Stand-in until the engine has it."""

from odoo import models
from odoo.tools import SQL


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def _differences(self, company):
        def current():
            return {
                (p, s): code
                for p, s, code in self.env.execute_query(
                    SQL(
                        "SELECT partner_id, segment_id, code FROM crm_segment_membership "
                        "WHERE segmentation_id = %s AND company_id = %s AND date_to IS NULL "
                        "AND pinned IS DISTINCT FROM 'out'",
                        self.id,
                        company.id,
                    )
                )
            }

        self.env.flush_all()
        before = current()
        self.sudo()._run_company(company)
        after = current()
        rows = [(*key, after[key], 1) for key in after if key not in before]
        rows += [(*key, None, -1) for key in before if key not in after]
        return {"joined": 0, "left": 0, "kept": 0, "rows": rows}
