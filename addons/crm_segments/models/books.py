"""Who keeps or reads the books: the add-ons show what is booked to nobody else."""

BOOKS = "account.group_account_readonly,account.group_account_invoice"


def sees_books(env):
    """Whether the user may see what is booked."""
    return env.su or env.user.has_groups(BOOKS)
