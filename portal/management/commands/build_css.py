import re
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

STATIC = Path(__file__).resolve().parents[2] / "static" / "portal"
CSS = STATIC / "css"
SITE = CSS / "site.css"
LAYERS = "bootstrap, tokens, base, layout, components, screens, helpers, print"


class Command(BaseCommand):
    requires_system_checks = []
    help = (
        "Join the stylesheets of css/ into css/site.css, the one file that pages load: "
        "the parts stay small to read, and a first visit costs one request."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="only say whether it is up to date"
        )

    def handle(self, *args, check=False, **options):
        css = build()
        if check and (not SITE.exists() or SITE.read_text() != css):
            raise CommandError("css/site.css is not what its parts say: run manage.py build_css")
        if not check:
            SITE.write_text(css)
            self.stdout.write(f"{SITE.name}: {len(css):,} characters")


def build() -> str:
    """The whole stylesheet: the framework in the lowest cascade layer, then ours part by part."""
    bootstrap = (
        (STATIC / "vendor" / "bootstrap.min.css").read_text().removeprefix('@charset "UTF-8";')
    )
    parts = [
        '@charset "UTF-8";',
        "/* Made by manage.py build_css out of the files beside it: change those, not this. */",
        f"@layer {LAYERS};",
        part("plain.css"),
        part("fonts.css"),
        layer("bootstrap", bootstrap.strip()),
        layer("tokens", part("tokens.css"), *dark()),
        layer("base", part("base.css")),
        layer("layout", part("layout.css")),
        layer("components", *folder("components")),
        layer("screens", *folder("screens")),
        layer("helpers", part("helpers.css")),
        layer("print", part("print.css")),
    ]
    return "\n".join(parts) + "\n"


def part(name: str) -> str:
    """One file without its comments."""
    css = re.sub(r"/\*.*?\*/", "", (CSS / name).read_text(), flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in css.splitlines() if line.strip())


def folder(name: str) -> list[str]:
    """The files of a folder by name; no two of them set the same thing on the same element."""
    return [part(f"{name}/{path.name}") for path in sorted((CSS / name).glob("*.css"))]


def layer(name: str, *parts: str) -> str:
    """The parts in one cascade layer."""
    return "\n".join([f"@layer {name} {{", *parts, "}"])


def dark() -> list[str]:
    """The dark tokens twice, as CSS has no "or" across conditions: by the device, and by choice."""
    tokens = part("dark.css").removeprefix(":root ")
    return [
        "@media screen and (prefers-color-scheme: dark) {",
        f':root:not([data-bs-theme="light"]) {tokens}',
        "}",
        f'@media screen {{\n[data-bs-theme="dark"] {tokens}\n}}',
    ]
