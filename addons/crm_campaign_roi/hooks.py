"""What installing sets, and what the host would leave behind when uninstalling."""

from odoo.addons.crm_segments.hooks import remove_references

MODULE = "crm_campaign_roi"


def post_init_hook(env):
    """A mailing that was only sent counts as no touch, in the companies that are there already."""
    companies = env["res.company"].search([])
    companies.crm_roi_ignored_kind_ids = companies._default_roi_ignored_kinds()


def uninstall_hook(env):
    """Remove what people made of our models and fields.

    The analytic accounts of campaigns stay: entries of the books are on them.
    """
    # they hold on to the kinds that were shipped, which the host deletes before their table
    env.cr.execute("DELETE FROM crm_touchpoint")
    remove_references(env, MODULE)
