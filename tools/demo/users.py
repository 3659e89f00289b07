"""The people who log in. Each password is the login."""

from odoo import Command
from odoo.exceptions import AccessDenied

SEGMENTS_USER = "crm_segments.group_segments_user"
SEGMENTS_MANAGER = "crm_segments.group_segments_manager"
ADMIN_GROUPS = (
    "sales_team.group_sale_manager",
    "account.group_account_manager",
    "mass_mailing.group_mass_mailing_user",
    SEGMENTS_MANAGER,
)
# login -> (name, groups): 'sales' sees own documents only, 'marketing' no sales or accounting.
USERS = {
    "sales": ("Sally Archer", ("sales_team.group_sale_salesman", SEGMENTS_USER)),
    "manager": ("Martin Hale", ("sales_team.group_sale_manager", SEGMENTS_MANAGER)),
    "marketing": ("Mina Roth", (SEGMENTS_MANAGER, "mass_mailing.group_mass_mailing_user")),
}


def groups(env, *xmlids):
    """Commands that add those of the groups that exist in this database."""
    found = (env.ref(xmlid, raise_if_not_found=False) for xmlid in xmlids)
    return [Command.link(group.id) for group in found if group]


def set_up_users(env):
    """Return {login: user}; existing logins are brought to the same state."""
    Users = env["res.users"].with_context(active_test=False)
    employee = env.ref("base.group_user")
    users = {"admin": env.ref("base.user_admin")}
    users["admin"].group_ids = groups(env, *ADMIN_GROUPS)
    _set_password(users["admin"], "admin")
    for login, (name, extra) in USERS.items():
        user = Users.search([("login", "=", login)]) or Users.create(
            {
                "name": name,
                "login": login,
                "password": login,
                "email": f"{login}@thimble-thread.example.com",
                "group_ids": [Command.set(employee.ids)],
            }
        )
        user.write({"active": True, "group_ids": groups(env, *extra)})
        _set_password(user, login)
        users[login] = user
    # Notices stay in the application: nobody reads the mail of example.com.
    for user in users.values():
        user.notification_type = "inbox"
    _join_team(env, users["sales"], users["manager"])
    return users


def _set_password(user, password):
    """Set it if it is another: the host mails a warning about each change, even to the same one."""
    try:
        user.with_user(user)._check_credentials(
            {"type": "password", "password": password}, {"interactive": False}
        )
    except AccessDenied:
        user.password = password


def _join_team(env, *members):
    """Salespeople belong to a team, or the pipeline shows them no leads."""
    team = env.ref("sales_team.team_sales_department", raise_if_not_found=False)
    team = team or env["crm.team"].search([], limit=1) or env["crm.team"].create({"name": "Sales"})
    missing = [user for user in members if user not in team.member_ids]
    env["crm.team.member"].create(
        [{"user_id": user.id, "crm_team_id": team.id} for user in missing]
    )
