"""HTML to PDF: tagged, with our fonts, and nothing fetched from anywhere."""

from urllib.parse import unquote, urlsplit

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation

#: Addresses of our static files while a report is rendered. Source of the name: RFC 2606, reserved for this.
STATIC = "https://static.invalid/"
STYLESHEET = "portal/css/report.css"
#: Only these files may stand in a report.
FOLDERS = ("portal/css/", "portal/vendor/fonts/")
#: Source: ISO 14289-1, documents that everybody can read.
VARIANT = "pdf/ua-1"


class RendererMissing(Exception):
    """The renderer, or a system library that it needs, is not installed on this machine."""


class Refused(ValueError):
    """A report asked for something that is none of our static files; `url` says what."""

    def __init__(self, url: str):
        super().__init__(f"a report may not fetch {url}")
        self.url = url


def static_file(url: str) -> str:
    """The path of the static file behind an address below `STATIC`. Raises `Refused` for anything else."""
    if not url.startswith(STATIC):
        raise Refused(url)
    name = unquote(urlsplit(url).path).lstrip("/")
    if not name.startswith(FOLDERS) or ".." in name:
        raise Refused(url)
    try:
        path = finders.find(name)
    except SuspiciousFileOperation:
        path = None
    if not path:
        raise Refused(url)
    return path


def render(html: str, *, base_url: str) -> bytes:
    """A PDF/UA document. base_url: what the links in `html` are relative to.

    Raises `RendererMissing` where the renderer is not installed. Takes about a second for a few pages: keep what
    comes back.
    """
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except (ImportError, OSError) as error:
        raise RendererMissing(str(error)) from error

    class OurFiles(URLFetcher):
        """Serves our static files and refuses all else, files of this machine and its own pages included."""

        def fetch(self, url, headers=None):
            with open(static_file(url), "rb") as file:
                return URLFetcherResponse(url, file.read())

    fetcher, fonts = OurFiles(allowed_protocols=["https"]), FontConfiguration()
    with open(static_file(STATIC + STYLESHEET), encoding="utf-8") as file:
        styles = weasyprint.CSS(
            string=file.read(), base_url=STATIC + STYLESHEET, url_fetcher=fetcher, font_config=fonts
        )
    page = weasyprint.HTML(string=html, base_url=base_url, url_fetcher=fetcher)
    return page.write_pdf(
        stylesheets=[styles],
        font_config=fonts,
        pdf_variant=VARIANT,
        pdf_tags=True,
        custom_metadata=True,
    )
