"""What every page of the portal needs around its own content."""

from urllib.parse import quote

from django.utils.functional import SimpleLazyObject

COLOURS_COOKIE = "colours"
COLOURS = ("light", "dark")


def site(request):
    """For base.html: `shell` (asked for only where a template uses it), `theme`, `here`."""

    def load():
        from portal.dashboards.shell import shell

        return shell(request)

    colours = request.COOKIES.get(COLOURS_COOKIE)
    return {
        "shell": SimpleLazyObject(load),
        "theme": colours if colours in COLOURS else "",
        "here": quote(request.get_full_path(), safe="/"),
    }
