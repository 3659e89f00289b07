"""What crons that work by company share."""


def each_company(env):
    """Yield the companies one after the other; what was done for each is committed on its own.

    :param env: environment of a cron
    """
    cron, companies = env["ir.cron"], env["res.company"].search([])
    cron._commit_progress(remaining=len(companies))
    for company in companies:
        yield company
        cron._commit_progress(1)
