"""Still pictures as PNG, for downloads and mail."""

import atexit
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path


def png(svg: str, width: int = 1320) -> bytes:
    """The picture as PNG on white, `width` pixels wide. Takes pictures drawn with `web=False`."""
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            width=width,
            background="#ffffff",
            skip_system_fonts=True,
            font_files=_font_files(),
            font_family="Atkinson Hyperlegible Next",
            sans_serif_family="Atkinson Hyperlegible Next",
        )
    )


@lru_cache(maxsize=1)
def _font_files() -> list[str]:
    """The fonts of the pages, unpacked once per process, as the renderer reads no woff2."""
    from fontTools.ttLib import TTFont

    source = Path(__file__).resolve().parents[1] / "static" / "portal" / "vendor" / "fonts"
    folder = Path(tempfile.mkdtemp(prefix="fourfold-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    files = []
    for path in sorted(source.glob("atkinson-*.woff2")):
        font = TTFont(path)
        font.flavor = None
        font.save(folder / f"{path.stem}.ttf")
        files.append(str(folder / f"{path.stem}.ttf"))
    return files
