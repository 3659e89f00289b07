"""The company whose database it is: a British wholesaler of giftware."""

VAT = 20.0


def set_up_company(env):
    """Name, country, currency and chart of accounts; returns the company."""
    company = env.company
    country = env.ref("base.uk")
    company.write(
        {
            "name": "Thimble & Thread Wholesale",
            "street": "12 Canal Wharf",
            "city": "Leeds",
            "zip": "LS1 4XX",
            "country_id": country.id,
            "phone": "+44 1632 960100",
            "email": "hello@thimble-thread.example.com",
            "website": "https://thimble-thread.example.com",
        }
    )
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company)
    _use_pounds(env, company)
    _move_taxes(env, company, country)
    _stay_offline(env, company)
    return company


def _use_pounds(env, company):
    """Give the company its currency, the only one in use.

    Writing it on the company activates it. Activated before, the host would see a second currency,
    switch price lists on and make one in the company's old currency: all orders would be in that.
    """
    pound, dollar = env.ref("base.GBP"), env.ref("base.USD")
    if company.currency_id != pound:
        company.currency_id = pound
    if not env["res.company"].search_count([("currency_id", "=", dollar.id)], limit=1):
        dollar.active = False


def _move_taxes(env, company, country):
    """The generic chart of accounts is American: an invoice refuses taxes of another country."""
    company.account_fiscal_country_id = country
    own = [("company_id", "=", company.id)]
    # Groups first: a tax may not be of another country than its group.
    env["account.tax.group"].search(own).country_id = country
    taxes = env["account.tax"].with_context(active_test=False).search(own)
    taxes.country_id = country
    for tax in company.account_sale_tax_id | company.account_purchase_tax_id:
        tax.write({"name": f"{VAT:.0f}%", "description": f"VAT {VAT:.0f}%", "amount": VAT})


def _stay_offline(env, company):
    """A demonstration asks no outside service: no enrichment, no digest mails, no update check."""
    env["ir.config_parameter"].set_param("crm.iap.lead.enrich.setting", "manual")
    if "iap_enrich_auto_done" in company._fields:
        company.iap_enrich_auto_done = True
    for xmlid in (
        "mail.ir_cron_module_update_notification",
        "digest.ir_cron_digest_scheduler_action",
    ):
        cron = env.ref(xmlid, raise_if_not_found=False)
        if cron:
            cron.active = False
