"""Every address of the portal: the doors' declared pages and the few sign-in pages that are mounted."""

from allauth.account import views as signin
from django.urls import URLPattern, URLResolver, include, path

import icargos.api.calls
import icargos.api.reference
import icargos.desk.pages
import icargos.main.doors
import icargos.portal.pages
import icargos.rider.pages
import icargos.track.pages  # noqa: F401  the pages declare themselves when they are imported
from icargos.ui.page import urls

urlpatterns: list[URLPattern | URLResolver] = [
    *urls(""),
    path("accounts/login/", signin.login, name="account_login"),
    path("accounts/logout/", signin.logout, name="account_logout"),
    path("accounts/password/change/", signin.password_change, name="account_change_password"),
    path("", include((urls("api"), "api"))),
    path("", include((urls("track"), "track"))),
    path("", include((urls("portal"), "portal"))),
    path("", include((urls("desk"), "desk"))),
    path("", include((urls("rider"), "rider"))),
]
handler400 = "icargos.main.failures.bad_request"
handler403 = "icargos.main.failures.forbidden"
handler404 = "icargos.main.failures.not_found"
handler500 = "icargos.main.failures.server_error"
