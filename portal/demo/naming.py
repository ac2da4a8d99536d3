"""What an organisation of the public record is, and the address of its page."""

from collections import Counter

from django.utils.text import slugify

from portal.demo.us.names import Name, fold_name
from portal.directory.choices import OrganisationType

TYPES = {
    "IGO": OrganisationType.MULTILATERAL,
    "Government": OrganisationType.GOVERNMENT,
    "Private Firm": OrganisationType.PRIVATE_SECTOR,
    "University": OrganisationType.ACADEMIC,
    "Think Tank": OrganisationType.ACADEMIC,
}  # IATI splits NGOs by where they work, which the source does not say: they stay without a type


def type_of(name: Name, kinds: Counter, is_agency: bool) -> str:
    """IATI's type from the kind that the source gives most often; none where it says nothing that IATI knows."""
    if is_agency or name.name.startswith(("U.S. ", "USAID")):
        return OrganisationType.GOVERNMENT
    known = Counter({TYPES[kind]: count for kind, count in kinds.items() if kind in TYPES})
    unknown = sum(count for kind, count in kinds.items() if kind not in TYPES)
    if not known or max(known.values()) <= unknown:
        return ""
    return known.most_common(1)[0][0]


def slug_of(name: str, taken: set[str]) -> str:
    """An address of its own, from the name."""
    stem = slugify(fold_name(name))[:100] or "organisation"
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    taken.add(slug)
    return slug
