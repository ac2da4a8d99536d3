"""A rule that proposes the objective of a described project, and says which words led to it.

The source says the pillar; the rule only looks for an objective below it. Words in the title count double.
Where no objective is clearly ahead the money stays with the pillar as a whole.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

LEAST_SCORE = 2  # one strong word, or two weak ones
TITLE_COUNTS = 2
MOST_PER_WORD = 3  # a word repeated more often says no more

# Objective -> weight -> words; `*` stands for any ending.
WORDS: dict[str, dict[int, str]] = {
    "1.1": {
        2: "awareness|awareness-raising|information campaign*|public information|media campaign*|public education|"
        "public service announcement*|documentary|brochure*|leaflet*|posters|journalist*|theater",
        1: "campaign*|outreach|radio|television|media|film|publicity|disseminat*|website|hotline advertis*",
    },
    "1.2": {
        2: "school*|teacher*|curricul*|student*|education program*|youth|universit*|textbook*|secondary education|"
        "basic education|life skills",
        1: "education|educating|young people|young women|adolescent*|pupil*|literacy|teenager*",
    },
    "1.3": {
        2: "vocational|job skill*|livelihood*|micro-?credit|micro-?enterprise*|income[- ]generat*|"
        "economic empowerment|employment|job training|alternative employment|skills training",
        1: "economic|poverty|jobs|employ*|economic opportunit*|business",
    },
    "1.4": {
        3: "worst forms of child labou?r|child labou?r|child soldier*|forced labou?r|bonded labou?r|debt bondage",
        2: "migrant worker*|domestic worker*|labou?r rights|labou?r inspect*|fair recruitment|timebound|"
        "armed forces|child workers|exploitative work",
        1: "migrant*|labou?r|workers",
    },
    "1.5": {
        3: "demand side|sex tourism|child sex touris*|demand for",
        2: "demand|clients|peacekeep*|code of conduct|tourism",
        1: "prostitution|travel industry|tourist*",
    },
    "2.1": {
        2: "shelter*|safe house*|crisis cent*|drop-in cent*|psycholog*|medical|counsel*|rehabilitation cent*|"
        "mental health|drop-in-cent*|women's hostel|temporary housing",
        1: "care|health|housing|assistance to victims|victim assistance|victims' assistance|rehabilitat*",
    },
    "2.2": {
        2: "reintegrat*|repatriat*|voluntary return|return and|family tracing|return assistance|reunif*|"
        "return, recovery|social reinsertion",
        1: "return*|recovery|rehabilitat*|reunit*|returnees",
    },
    "2.3": {
        2: "hotline*|help-?line*|referral*|identify victims|identification of victims|first contact|rescue*|"
        "identifying victims|identif* of trafficking victims",
        1: "identif*|screening|locat*|intercept*",
    },
    "2.4": {
        2: "legal aid|legal assistance|legal service*|legal advice|legal counsel*|legal representation|"
        "witness protection|pro-?bono|legal support|legal clinic*",
        1: "lawyer*|rights of victims|victims' rights|victims’ rights|legal|witness*",
    },
    "3.1": {
        2: "police|investigat*|law enforcement|task force|specialized unit*|detective*|forensic*|ICITAP|"
        "minors brigade|interdiction",
        1: "enforcement|equipment|arrest*|undercover|officers|operation*",
    },
    "3.2": {
        2: "prosecutor*|judge*|judicial|magistrate*|court*|prosecution of|OPDAT|procurac*|justice sector|"
        "district attorney*|justice officials",
        1: "prosecut*|conviction*|trial*|case|justice|prosecutorial",
    },
    "3.3": {
        3: "legislation|anti-trafficking law*|draft* of|drafting",
        2: "legislat*|law reform|legal framework|penal code|criminal code|model law*",
        1: "draft*|laws|law|legal reform|protocol",
    },
    "3.4": {
        3: "border guard*|border police|border control|border security|immigration official*|immigration officer*",
        2: "immigration|border*|consular|customs|airport*|travel document*|document fraud|smuggl*",
        1: "visa*|passport*|transit",
    },
    "4.1": {
        2: "national plan|action plan|coordinat*|national strateg*|network of|inter-?agency|coalition",
        1: "network*|capacity[- ]building|conference*|working group",
    },
    "4.2": {
        3: "research|study|survey*|database*",
        2: "assessment*|data collection|statistic*|best practices|mapping|needs analysis",
        1: "analy*|data|report*",
    },
    "4.3": {
        3: "cross-border|bilateral cooperation|regional cooperation|exchange program*|visitor program*",
        2: "exchange*|bilateral|multilateral|declaration",
        1: "regional|cooperat*|international",
    },
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """An objective with its score, and the words that led to it."""

    objective: str
    score: int
    evidence: str


def propose(title: str, description: str, pillar: int) -> Proposal | None:
    """The objective under a pillar that the words point to; None where there are none or none is ahead."""
    scores = []
    for objective, (words, weights) in _patterns().items():
        if int(objective[0]) != pillar:
            continue
        score, evidence = 0, []
        for where, text, factor in (
            ("title", title, TITLE_COUNTS),
            ("description", description, 1),
        ):
            found = Counter(
                (match.group(0).lower(), weights[match.lastindex - 1])
                for match in words.finditer(text)
            )
            for (word, weight), times in found.items():
                score += weight * factor * min(times, MOST_PER_WORD)
                evidence.append(f"“{word}” in the {where}" + (f" ×{times}" if times > 1 else ""))
        if score:
            scores.append((score, objective, evidence))
    scores.sort(key=lambda entry: (-entry[0], entry[1]))
    if not scores or scores[0][0] < LEAST_SCORE:
        return None
    if len(scores) > 1 and scores[1][0] == scores[0][0]:
        return None
    score, objective, evidence = scores[0]
    return Proposal(objective, score, "; ".join(evidence))


@cache
def _patterns() -> dict[str, tuple[re.Pattern, tuple[int, ...]]]:
    """For each objective one expression, a group a word and the longer first, and the weight of each group."""
    compiled = {}
    for objective, by_weight in WORDS.items():
        words = [(word, weight) for weight, words in by_weight.items() for word in words.split("|")]
        words.sort(key=lambda entry: (-len(entry[0]), entry[0]))
        groups = "|".join("(" + word.replace("*", r"\w*") + ")" for word, _ in words)
        pattern = re.compile(rf"(?<![\w-])(?:{groups})(?!\w)", re.IGNORECASE)
        compiled[objective] = (pattern, tuple(weight for _, weight in words))
    return compiled
