import hashlib
import re
import shutil
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

VENDOR = Path(__file__).resolve().parents[2] / "static" / "portal" / "vendor"

# package on npm, version, file in the package, file here
FILES = (
    ("bootstrap", "5.3.8", "dist/css/bootstrap.min.css", "bootstrap.min.css"),
    ("htmx.org", "2.0.11", "dist/htmx.min.js", "htmx.min.js"),
    ("plotly.js-basic-dist-min", "4.1.1", "plotly-basic.min.js", "plotly-basic.min.js"),
    *(
        (f"@fontsource/{family}", "5.3.0", f"files/{name}", f"fonts/{name}")
        for family, weights in (("aleo", (600,)), ("atkinson-hyperlegible-next", (400, 600)))
        for weight in weights
        for name in (f"{family}-{part}-{weight}-normal.woff2" for part in ("latin", "latin-ext"))
    ),
)
ICON_PACKAGE = ("bootstrap-icons", "1.13.2")
LICENCES = {
    "bootstrap": "MIT",
    "htmx.org": "0BSD",
    "plotly.js-basic-dist-min": "MIT",
    "@fontsource/aleo": "OFL-1.1",
    "@fontsource/atkinson-hyperlegible-next": "OFL-1.1",
    "bootstrap-icons": "MIT",
}


class Command(BaseCommand):
    requires_system_checks = []
    help = (
        "Copy the front-end files we ship out of a node_modules folder, draw the icon sprite from "
        "vendor/icons.txt, and write licences and checksums. Needed only for other versions or "
        "icons: npm install --ignore-scripts PACKAGE@VERSION ..., then this."
    )

    def add_arguments(self, parser):
        parser.add_argument("node_modules", type=Path)

    def handle(self, *args, node_modules, **options):
        rows = []
        for package, version, source, target in FILES:
            self.check_version(node_modules, package, version)
            content = (node_modules / package / source).read_bytes()
            if target.endswith(
                (".css", ".js")
            ):  # the manifest of static files follows these and fails
                content = re.sub(
                    rb"\s*(/\*|//)# sourceMappingURL=\S+?(\s*\*/|$)",
                    b"",
                    content,
                    flags=re.MULTILINE,
                )
                content = content.rstrip() + b"\n"
            path = VENDOR / target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            rows.append((target, package, version, hashlib.sha256(content).hexdigest()))
        sprite = self.sprite(node_modules)
        (VENDOR / "icons.svg").write_bytes(sprite)
        rows.append(("icons.svg", *ICON_PACKAGE, hashlib.sha256(sprite).hexdigest()))
        self.write_licences(node_modules)
        self.write_versions(rows)
        self.stdout.write(f"{len(rows)} files")

    def check_version(self, node_modules, package, version):
        manifest = node_modules / package / "package.json"
        if not manifest.exists() or f'"version": "{version}"' not in manifest.read_text():
            raise CommandError(f"{node_modules} does not hold {package}@{version}")

    def sprite(self, node_modules):
        self.check_version(node_modules, *ICON_PACKAGE)
        symbols = []
        for name in (VENDOR / "icons.txt").read_text().split():
            svg = (node_modules / ICON_PACKAGE[0] / "icons" / f"{name}.svg").read_text()
            body = re.sub(
                r"\n\s*",
                "",
                re.sub(r"^.*?<svg[^>]*>", "", svg, flags=re.DOTALL).replace("</svg>", ""),
            )
            symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{body.strip()}</symbol>\n')
        return f'<svg xmlns="http://www.w3.org/2000/svg">\n{"".join(symbols)}</svg>\n'.encode()

    def write_licences(self, node_modules):
        folder = VENDOR / "licences"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for package in LICENCES:
            name = package.removeprefix("@").replace("/", "-")
            shutil.copyfile(node_modules / package / "LICENSE", folder / f"{name}.txt")

    def write_versions(self, rows):
        lines = [
            "# Front-end files of others",
            "",
            "Copied by `manage.py vendor_assets` from the packages of these names on npm, with",
            "references to source maps taken out. `icons.svg` is drawn from those icons of its",
            "package that `icons.txt` lists. The licences are in `licences/`.",
            "",
            "| file | package | version | licence | sha256 |",
            "| --- | --- | --- | --- | --- |",
            *(
                f"| {file} | {package} | {version} | {LICENCES[package]} | `{sha}` |"
                for file, package, version, sha in rows
            ),
        ]
        (VENDOR / "VERSIONS.md").write_text("\n".join(lines) + "\n")
