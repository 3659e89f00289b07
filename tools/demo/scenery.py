"""What the leads are about and where they come from."""

CAMPAIGNS = ("Spring fair", "Christmas catalogue", "Newsletter relaunch")
SOURCES = (
    "utm_source_search_engine",
    "utm_source_newsletter",
    "utm_source_facebook",
    "utm_source_linkedin",
)
MEDIUMS = ("utm_medium_website", "utm_medium_email", "utm_medium_phone", "utm_medium_direct")
SUBJECTS = (
    "Christmas range, Spring window, Opening order for a new shop, Corporate gifts, Wedding "
    "favours, Garden assortment, Tea room tableware, Reusable bags, School fair, Annual "
    "contract"
).split(", ")
TASKS = (
    ("mail.mail_activity_data_call", "Ask about the quantities"),
    ("mail.mail_activity_data_todo", "Send the new catalogue"),
    ("mail.mail_activity_data_meeting", "Visit the shop"),
    ("mail.mail_activity_data_email", "Follow up on the samples"),
)
