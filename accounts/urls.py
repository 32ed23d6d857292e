"""Addresses of sign-in and of a person's own account, below /account/."""

from django.urls import path

from . import views

app_name = "accounts"

urlpatterns = [
    path("", views.profile, name="profile"),
    path("language/", views.language, name="language"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-up/", views.sign_up, name="sign-up"),
    path("sign-up/done/", views.sign_up_done, name="sign-up-done"),
    path("sign-up/<str:token>/", views.sign_up_confirm, name="sign-up-confirm"),
    path("sign-in/second-step/", views.second_step, name="second-step"),
    path("sign-in/passkey/", views.passkey_sign_in, name="passkey-sign-in"),
    path("sign-in/passkey/options/", views.passkey_options, name="passkey-options"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("with/<slug:provider_id>/", views.oidc_begin, name="oidc-begin"),
    path("with/<slug:provider_id>/back/", views.oidc_callback, name="oidc-callback"),
    path("with/<slug:provider_id>/sign-out/", views.oidc_sign_out, name="oidc-sign-out"),
    path("with/<slug:provider_id>/ended/", views.oidc_ended, name="oidc-ended"),
    path("with/<slug:provider_id>/disconnect/", views.oidc_disconnect, name="oidc-disconnect"),
    path("email-change/", views.email_change, name="email-change"),
    path("email-change/<str:token>/", views.email_confirm, name="email-confirm"),
    path("password-change/", views.password_change, name="password-change"),
    path("password-reset/", views.password_reset, name="password-reset"),
    path("password-reset/done/", views.password_reset_done, name="password-reset-done"),
    path("password-reset/complete/", views.password_reset_complete, name="password-reset-complete"),
    path("password-reset/<uidb64>/<token>/", views.password_reset_confirm, name="password-reset-confirm"),
    path("prove/", views.prove, name="prove"),
    path("places/", views.places_list, name="places"),
    path("places/end-others/", views.places_end_others, name="places-end-others"),
    path("places/<int:place_id>/end/", views.place_end, name="place-end"),
    path("second-factor/", views.second_factor, name="second-factor"),
    path("second-factor/app/", views.app_add, name="app-add"),
    path("second-factor/passkey/", views.passkey_add, name="passkey-add"),
    path("second-factor/codes/", views.codes_renew, name="codes-renew"),
    path("second-factor/<int:factor_id>/remove/", views.factor_remove, name="factor-remove"),
    path("usage/", views.usage, name="usage"),
    path("keys/", views.keys, name="keys"),
    path("keys/<uuid:key_id>/revoke/", views.key_revoke, name="key-revoke"),
    path("export/", views.export, name="export"),
    path("export/delete/", views.export_delete, name="export-delete"),
    path("export/<str:token>/<str:name>", views.export_file, name="export-file"),
    path("delete/", views.delete, name="delete"),
]
