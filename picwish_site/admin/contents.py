"""What the desk lists, under which heading and in which words: those of people who run a studio.

Packages name their rows for programmers. Their names are changed here and not in their code or in our
models' Meta, so that all words of the desk are seen beside each other and no migration follows a word.
"""

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

# Headings, and the rows under each, in the order of the desk.
SECTIONS = {
    gettext_noop("People"): [
        "accounts.User",
        "accounts.Invitation",
        "auth.Group",
        "accounts.ApiKey",
        "axes.AccessAttempt",
        "accounts.SignInRule",
    ],
    gettext_noop("Plans and credits"): [
        "accounts.Plan",
        "accounts.PlanException",
        "accounts.CreditEntry",
        "editor.Retention",
    ],
    gettext_noop("Work"): ["editor.Task", "editor.Photo", "editor.Result", "editor.Scene", "editor.Market"],
    gettext_noop("Who carries it out"): ["editor.Worker", "editor.Provider", "editor.Route"],
    gettext_noop("On record"): ["accounts.AuditEntry"],
}
# One of them, and several.
WORDS = {
    "accounts.ApiKey": (_("API key"), _("API keys")),
    "accounts.PlanException": (_("exception to a plan"), _("exceptions to plans")),
    "auth.Group": (_("role"), _("roles")),
    "axes.AccessAttempt": (_("address with wrong passwords"), _("wrong passwords")),
    "editor.Market": (_("marketplace"), _("marketplaces")),
    "editor.Provider": (_("other service"), _("other services")),
    "editor.Retention": (_("plan’s keeping"), _("how long pictures are kept")),
    "editor.Route": (_("tool’s way"), _("tool by tool")),
}
# Django's pages say the name of the package, too, on the way back from a page.
PACKAGES = {
    "accounts": _("People and plans"),
    "auth": _("Roles"),
    "axes": _("Wrong passwords"),
    "editor": _("Work and who carries it out"),
}
# What is of no use there: the queue's messages, of which tasks tell in plain words.
LEFT_OUT = {"django_tasks_database.DBTaskResult"}


def speak_plainly() -> None:
    """Give rows and packages their words, once all of them are there."""
    for label, (one, several) in WORDS.items():
        options = apps.get_model(label)._meta
        options.verbose_name, options.verbose_name_plural = one, several
    for package, words in PACKAGES.items():
        apps.get_app_config(package).verbose_name = words
