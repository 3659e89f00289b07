"""What the nightly crons share: a company after the other."""


def rebuild_companies(model):
    """Call ``_rebuild(company)`` of a model for each company; each is committed on its own.

    :param model: recordset in the environment of a cron
    """
    cron = model.env["ir.cron"]
    companies = model.env["res.company"].search([])
    cron._commit_progress(remaining=len(companies))
    for company in companies:
        model._rebuild(company)
        cron._commit_progress(1)
