"""What the nightly crons share: a company after the other."""

from odoo.addons.crm_segments.models.each_company import each_company


def rebuild_companies(model):
    """Call ``_rebuild(company)`` of a model for each company; each is committed on its own.

    :param model: recordset in the environment of a cron
    """
    for company in each_company(model.env):
        model._rebuild(company)
