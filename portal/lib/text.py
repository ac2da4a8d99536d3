"""Text folded for searching: `icontains` on SQLite knows only ASCII."""

import unicodedata


def fold(text: str) -> str:
    """Lower case without accents, single spaces: "École  Sainte" -> "ecole sainte"."""
    decomposed = unicodedata.normalize("NFKD", text or "")
    stripped = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(stripped.casefold().split())
