"""Every address of the portal."""

from allauth.account import views as account_views
from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as desk_urls
from wagtail.documents import urls as document_urls

from portal.accounts.views import own_account, sign_in
from portal.records.reports import site_history

to_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    # Wagtail's own sign-ins take a password alone, so they must never be reached.
    path("cms/login/", to_sign_in),
    path("_util/login/", to_sign_in),
    path("cms/account/", own_account),
    # Wagtail shows the site's history to all who may change some record: theirs and everybody's.
    path("cms/reports/site-history/", site_history),
    path("cms/reports/site-history/results/", site_history, {"results_only": True}),
    path("cms/", include(desk_urls)),
    path("account/login/", to_sign_in),
    path("", include("portal.directory.urls")),
    path("account/", include("allauth.urls")),
    path("sign-in/", sign_in, name="account_login"),
    path("sign-out/", account_views.logout, name="account_logout"),
    path("language/", include("django.conf.urls.i18n")),
    path("documents/", include(document_urls)),
    path("", include("portal.content.urls")),
    path("", include("portal.dashboards.urls")),
    path("", include("portal.reports.urls")),
    path("", include("portal.notices.urls")),
    path("import/", include("portal.imports.urls")),
    # Pictures of pages. Documents are not here: Wagtail serves them to those who may read them.
    path(
        "media/images/<path:path>",
        serve,
        {"document_root": settings.MEDIA_ROOT / "images"},
    ),
    path("", include(wagtail_urls)),
]
