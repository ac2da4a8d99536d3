"""The look of the desk, and reports of Wagtail that know no rows."""

from django.templatetags.static import static
from django.utils.html import format_html_join
from wagtail import hooks

from portal.directory.access import viewer_of

SHEETS = ("portal/css/fonts.css", "portal/css/desk.css")


@hooks.register("insert_global_admin_css")
def desk_css():
    return format_html_join(
        "", '<link rel="stylesheet" href="{}">', ((static(sheet),) for sheet in SHEETS)
    )


@hooks.register("construct_reports_menu")
def only_reports_that_open(request, items):
    """The history of the whole site is the secretariat's (`reports.site_history`)."""
    if not viewer_of(request.user).is_secretariat:
        items[:] = [item for item in items if item.name != "site-history"]


@hooks.register("construct_help_menu")
def no_news_of_wagtail(request, items):
    """What is new in Wagtail is no news of this site."""
    items[:] = [item for item in items if not item.name.startswith("whats-new")]
