"""Words that two texts share, marked in both."""

import re
from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.lib.text import fold

_WORD = re.compile(r"\w+(?:['’-]\w+)*", re.UNICODE)
#: Endings by which a word of one text differs from the same word of the other.
_ENDINGS = ("ings", "ing", "es", "ed", "s", "e")
_SHORTEST = 4


def stem(word: str) -> str:
    """A word without accents, case and a common ending: `Trainings` and `training` are `train`."""
    folded = fold(word)
    for ending in _ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= _SHORTEST:
            return folded[: -len(ending)]
    return folded


def marked(text: str, words: Iterable[str]) -> SafeString:
    """The text, escaped, with each word that is among `words` in a `<mark>`; neighbours in one."""
    stems = {stem(part) for word in words for part in _WORD.findall(word)}
    runs: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        if stem(match.group()) not in stems:
            continue
        if runs and text[runs[-1][1] : match.start()].isspace():
            runs[-1] = (runs[-1][0], match.end())
        else:
            runs.append(match.span())
    ends = [0, *(end for _start, end in runs)]
    before = [text[end:start] for end, (start, _end) in zip(ends, runs, strict=False)]
    found = format_html_join(
        "",
        "{}<mark>{}</mark>",
        ((plain, text[start:end]) for plain, (start, end) in zip(before, runs, strict=True)),
    )
    return format_html("{}{}", found, text[ends[-1] :])
