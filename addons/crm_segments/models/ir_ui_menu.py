"""The application's own menu is for those who don't have CRM's."""

from odoo import models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        hidden = super()._load_menus_blacklist()
        own = self.env.ref("crm_segments.menu_segments_root", raise_if_not_found=False)
        if own and self.env.user.has_group("sales_team.group_sale_salesman"):
            hidden.append(own.id)
        return hidden
