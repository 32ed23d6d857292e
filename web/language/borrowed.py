"""Words of Django's own pages that its catalogues lack in some of our languages: ours have them instead."""

MESSAGES = [
    "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
    "Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens.",
    "- Select an option -",
    "“%(value)s” value must be a decimal number.",
    "“%(value)s” value has an invalid format. It must be in [DD] [[HH:]MM:]ss[.uuuuuu] format.",
    "“%(value)s” value must be a float.",
    "“%(value)s” value must be an integer.",
    "“%(value)s” value must be either None, True or False.",
    "“%(value)s” value has an invalid format. It must be in HH:MM[:ss[.uuuuuu]] format.",
    "“%(value)s” value has the correct format (HH:MM[:ss[.uuuuuu]]) but it is an invalid time.",
    "“%(value)s” is not a valid UUID.",
    "“%(pk)s” is not a valid value.",
    "Run",
    "History",
    "Change history: %s",
    "Model name",
    "Add link",
    "Change or view list link",
    "Error:",
    "Set password",
    "This action will <strong>enable</strong> password-based authentication for this user.",
    "Disable password-based authentication",
    "Enable password-based authentication",
    "Filter by %(field_name)s",
    "Deleting the %(object_name)s “%(escaped_object)s” would result in deleting related objects, "
    "but your account doesn't have permission to delete the following types of objects:",
    "Deleting the %(object_name)s “%(escaped_object)s” would require deleting the following "
    "protected related objects:",
    "Are you sure you want to delete the %(object_name)s “%(escaped_object)s”? All of the "
    "following related items will be deleted:",
    "Pagination %(name)s entries",
    "Pagination %(name)s",
    "Search %(name)s",
    "Conflicting form data submitted. Please try again.",
    "Password-based authentication was disabled.",
    "Set password: %s",
    "Reset password",
    "Set password",
    "Whether the user will be able to authenticate using a password or not. If disabled, they may "
    "still be able to authenticate using other backends, such as Single Sign-On or LDAP.",
    "Password-based authentication",
    "Enabled",
    "Disabled",
    "Raw passwords are not stored, so there is no way to see the user’s password.",
    "Enable password-based authentication for this user by setting a password.",
]
# Of one, and of several.
PLURALS = [
    ("Please submit at most %(num)d form.", "Please submit at most %(num)d forms."),
    ("Please submit at least %(num)d form.", "Please submit at least %(num)d forms."),
    ("…and %(count)d more object.", "…and %(count)d more objects."),
    (
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
]
