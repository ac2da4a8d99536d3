"""Addresses of the pages that span strategy, activities and grants."""

from django.urls import path

from .logging import fragments as logging_parts
from .logging import personal, saved, seen_as
from .logging import views as logging
from .overlaps.urls import urlpatterns as overlaps
from .views import gaps, groups, home, method, objective, rows, still_true, work
from .who import activity_page, pages
from .who import views as who

app_name = "dashboards"

urlpatterns = [
    path("", home.home, name="home"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("gaps/chart.json", gaps.gaps_chart, name="gaps-chart"),
    path("gaps/funding-gaps.<str:kind>", gaps.gaps_file, name="gaps-file"),
    path("gaps/rows/", rows.rows, name="rows"),
    path("gaps/rows/rows.<str:kind>", rows.rows_file, name="rows-file"),
    path("objectives/<str:code>/", objective.objective, name="objective"),
    path("objectives/<str:code>/chart.json", objective.objective_chart, name="objective-chart"),
    path(
        "objectives/<str:code>/<slug:what>.<str:kind>",
        objective.objective_file,
        name="objective-file",
    ),
    path("how-numbers-are-computed/", method.method, name="method"),
    path("my-work/", work.work, name="work"),
    path("my-work/confirm/<int:pk>/", still_true.confirm_due, name="work-confirm"),
    path("my-work/unconfirm/<int:pk>/", still_true.undo_due, name="work-unconfirm"),
    path("my-work/still-true/", still_true.all_due, name="work-still-true"),
    path("my-work/still-true/mails/", still_true.mails, name="work-mails"),
    path("still-true/<str:key>/", still_true.by_link, name="still-true"),
    path("still-true/<str:key>/mails/", still_true.mails_by_link, name="still-true-mails"),
    path("still-true/<str:key>/<int:pk>/", still_true.confirm_by_link, name="still-true-confirm"),
    path("still-true/<str:key>/<int:pk>/undo/", still_true.undo_by_link, name="still-true-undo"),
    path("organisations/<slug:slug>/", pages.organisation, name="organisation"),
    path("groups/<int:pk>/", groups.group, name="group"),
    path("activities/new/", logging.new, name="activity-new"),
    path("activities/draft/", logging_parts.draft, name="activity-draft"),
    path(
        "activities/drafts/<int:pk>/delete/", logging_parts.drop_draft, name="activity-drop-draft"
    ),
    path("activities/similar/", logging_parts.similar, name="activity-similar"),
    path("activities/preview/", seen_as.preview, name="activity-preview"),
    path("activities/personal-data/", personal.look, name="activity-personal-data"),
    path("activities/places/", logging_parts.places, name="activity-places"),
    path("activities/partners/", logging_parts.partners, name="activity-partners"),
    path("activities/worker.js", logging_parts.worker, name="activity-worker"),
    path("activities/<int:pk>/saved/", saved.saved, name="activity-saved"),
    path("activities/<int:pk>/saved/one-page.png", saved.saved_png, name="activity-saved-png"),
    path("activities/<int:pk>/edit/", logging.edit, name="activity-edit"),
    path("activities/<int:pk>/delete/", logging_parts.remove, name="activity-remove"),
    path("activities/<int:pk>/undo/", logging_parts.undo, name="activity-undo"),
    path("activities/<int:pk>/", activity_page.activity, name="activity"),
    path("grants/<int:pk>/", pages.grant, name="grant"),
    *overlaps,
    path("who/", who.who, name="who"),
    path("who/who-does-what.<str:kind>", who.who_file, name="who-file"),
    path("who/organisations/", who.who_suggest, name="who-suggest"),
]
