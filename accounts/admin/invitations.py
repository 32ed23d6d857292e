"""Invitations at the desk: made by letter or as a link to hand over, listed, sent again, withdrawn."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.emails import queue
from accounts.emails.signed_links import Invite
from accounts.fields import AddressField
from accounts.models import Invitation, User
from accounts.protection import throttle
from accounts.protection.throttle import Kind, TooMany

DAYS, MOST_DAYS = 7, 90


class InvitationForm(forms.ModelForm):
    days = forms.IntegerField(
        min_value=1, max_value=MOST_DAYS, initial=DAYS, label=_("Valid for"), help_text=_("Days from now.")
    )

    class Meta:
        model = Invitation
        fields = ["email", "by_letter", "role", "plan"]
        field_classes = {"email": AddressField}

    # Who invites; the admin's get_form sets it.
    inviter: User

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Without letters a link is what can be handed over: by letter it would stand in the log alone.
        if "by_letter" in self.fields:
            self.fields["by_letter"].initial = self.initial["by_letter"] = settings.LETTERS_ARRIVE

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email and User.objects.filter(email=email).exists():
            raise forms.ValidationError(
                gettext("There is an account with this address already."), code="taken"
            )
        return email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("by_letter") and not data.get("email") and not self.errors:
            self.add_error(
                "email", gettext("A letter needs an address. Or make a link, and hand it over yourself.")
            )
        if not self.errors:
            try:
                throttle.count_account(Kind.INVITATION, self.inviter.pk)
            except TooMany as refused:
                raise forms.ValidationError(
                    gettext("You have made many invitations. Try again in %(minutes)s minutes.")
                    % {"minutes": refused.minutes},
                    code="too_many",
                ) from refused
        return data


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """Made once and never changed. Roles are for superusers to give, as everywhere at the desk."""

    form = InvitationForm
    list_display = ("__str__", "role", "plan", "made_by", "made_at", "expires_at", "standing_now")
    list_filter = ("made_at", ("used_at", admin.EmptyFieldListFilter))
    list_select_related = ("role", "plan", "made_by", "used_by")
    search_fields = ("email",)
    ordering = ("-made_at",)
    actions = ("withdraw", "send_again")
    read = ("email", "by_letter", "role", "plan", "made_by", "made_at", "expires_at", "standing_now", "link")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        given = super().get_form(request, obj, change, **kwargs)
        return type("OwnInvitationForm", (given,), {"inviter": request.user})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None:
            return self.read
        given = ["email", "by_letter", "days"]
        given += ["role"] if request.user.is_superuser else []
        return given + (["plan"] if request.user.has_perm("accounts.put_on_plan") else [])

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Roles and plans to choose of; they are made on pages of their own."""
        return db_field.formfield(**kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.read if obj is not None else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or self.has_add_permission(request)

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        obj.made_by = form.inviter
        obj.expires_at = timezone.now() + timedelta(days=form.cleaned_data["days"])
        super().save_model(request, obj, form, change)
        if obj.by_letter and throttle.may_write_to(obj.email, "invitation"):
            queue.send_invitation.enqueue(obj.pk, language=get_language())

    def response_add(
        self, request: HttpRequest, obj: Invitation, post_url_continue: Any = None
    ) -> HttpResponse:
        """A link that is to be handed over is on the invitation's own page."""
        response = super().response_add(request, obj, post_url_continue)
        return response if obj.by_letter else redirect("admin:accounts_invitation_change", obj.pk)

    @admin.display(description=_("now"))
    def standing_now(self, invitation: Invitation) -> str:
        return invitation.standing

    @admin.display(description=_("link to hand over"))
    def link(self, invitation: Invitation) -> SafeString | str:
        if not invitation.is_open:
            return "–"
        if invitation.by_letter:
            return gettext("In the letter alone: who has it reads that address’s mail.")
        return format_html("<code>{}</code>", Invite(invitation.pk, by_letter=False).address)

    @admin.action(description=_("Withdraw: its link opens nothing any more"), permissions=["withdraw"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        count = 0
        for one in queryset:
            if Invitation.objects.open().filter(pk=one.pk).update(withdrawn_at=timezone.now()):
                audit.record(request.user, "withdrew an invitation", one)  # type: ignore[arg-type]
                count += 1
        self.message_user(request, gettext("Withdrawn: %(count)s.") % {"count": count}, messages.SUCCESS)

    @admin.action(description=_("Send the letter again"), permissions=["withdraw"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        count = 0
        for one in queryset:
            if one.is_open and one.by_letter and throttle.may_write_to(one.email, "invitation"):
                queue.send_invitation.enqueue(one.pk, language=get_language())
                count += 1
        left = len(queryset) - count
        words = gettext("Sent again: %(count)s.") % {"count": count}
        if left:
            words += " " + gettext("%(left)s not: no longer open, no letter, or sent a moment ago.") % {
                "left": left
            }
        self.message_user(
            request,
            words,
            messages.SUCCESS,
        )
