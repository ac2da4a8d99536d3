"""The renderer serves our static files, and refuses all else."""

import sys

import pytest

from portal.reports.pdf import STATIC, Refused, RendererMissing, render, static_file

REFUSED = [
    "https://example.org/font.woff2",
    "http://127.0.0.1:8000/gaps/",
    "file:///etc/passwd",
    "data:text/css,body{}",
    "ftp://example.org/",
    f"{STATIC}portal/css/../../../settings/base.py",
    f"{STATIC}portal/css/%2e%2e/%2e%2e/%2e%2e/settings/base.py",
    f"{STATIC}portal/js/site.js",
    f"{STATIC}portal/css/no-such-file.css",
    f"{STATIC}/etc/passwd",
    "https://static.invalid.example.org/portal/css/report.css",
]


def test_stylesheet_and_fonts_are_served():
    assert static_file(f"{STATIC}portal/css/report.css").endswith("report.css")
    name = "portal/vendor/fonts/aleo-latin-600-normal.woff2"
    assert static_file(STATIC + name).endswith(name)


@pytest.mark.parametrize("url", REFUSED)
def test_everything_else_is_refused(url):
    with pytest.raises(Refused):
        static_file(url)


def test_nothing_that_a_page_names_is_fetched(monkeypatch):
    asked = []
    monkeypatch.setattr(
        "portal.reports.pdf.static_file", lambda url: asked.append(url) or static_file(url)
    )

    pdf = render(
        '<html lang="en"><head><title>A</title></head><body><img alt="b" src="file:///etc/passwd">'
        '<img alt="c" src="http://127.0.0.1/x.png"></body></html>',
        base_url="https://portal.example/",
    )

    assert pdf.startswith(b"%PDF")
    assert b"root:" not in pdf
    assert [url for url in asked if not url.startswith(STATIC)] != []


@pytest.mark.parametrize(
    "error", [ImportError("no module"), OSError("cannot load library 'libpango'")]
)
def test_missing_renderer_is_named(monkeypatch, error):
    class Broken:
        def find_spec(self, name, path=None, target=None):
            if name.partition(".")[0] == "weasyprint":
                raise error

    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])

    with pytest.raises(RendererMissing):
        render("<p>A</p>", base_url="https://portal.example/")
