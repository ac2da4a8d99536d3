"""What a loader did, for the person at the terminal and for the history of the strategy."""

from collections import Counter
from dataclasses import dataclass, field

from portal.demo.us.linking import Linking
from portal.demo.us.plan import PROJECT_LISTS, Plan


@dataclass(slots=True)
class LoadReport:
    """Rows read, made, joined and skipped with reasons; `made` by kind of record."""

    files: list[dict] = field(default_factory=list)
    made: dict[str, int] = field(default_factory=dict)
    linked: dict[str, int] = field(default_factory=dict)
    joined: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    unplaced: dict[str, int] = field(default_factory=dict)
    already_there: bool = False

    def read_from(self, plan: Plan) -> "LoadReport":
        """Fill in what the reading found."""
        for reading in plan.readings:
            skipped = Counter(row.reason for row in reading.skipped)
            self.files.append(
                {
                    "file": reading.file,
                    "sha256": reading.sha256,
                    "read": reading.read,
                    "used": len(reading.rows),
                    "skipped": dict(skipped),
                }
            )
        self.linked = dict(Counter(group.rule for group in plan.groups))
        self.joined = _joined(plan.linking, plan.joining)
        self.left = {
            "projects of 2003 that the grants file does not have": len(plan.linking.alone),
            "projects of 2003 that several grants suit equally": len(plan.linking.ambiguous),
            "grants of 2003 that the list does not have": len(plan.linking.unmatched),
            "projects of 2002 that no grant suits": len(plan.joining.alone),
            "projects of 2002 that several grants suit equally": len(plan.joining.ambiguous),
            "grants alike in everything but their number, loaded": plan.duplicates,
        }
        self.unplaced = dict(Counter(plan.unplaced))
        return self

    def as_dict(self) -> dict:
        """For the history: everything but what is only said to the person."""
        return {
            "files": self.files,
            "made": self.made,
            "linked": self.linked,
            "joined": self.joined,
            "left": self.left,
            "unplaced": self.unplaced,
        }

    def sentences(self):
        """The report, line by line."""
        for entry in self.files:
            yield f"{entry['file']}: {entry['read']:,} rows read, {entry['used']:,} used."
            for reason, count in entry["skipped"].items():
                yield f"    {count:,} skipped: {reason}"
        if self.already_there:
            yield "It is here already: nothing changed."
            return
        yield "Made: " + ", ".join(f"{count:,} {kind}" for kind, count in self.made.items()) + "."
        if self.linked:
            total = sum(self.linked.values())
            yield f"Linked, so that they count once: {total:,} pairs of records."
            for rule, count in self.linked.items():
                yield f"    {count:,}: {rule}"
        if self.joined:
            yield f"Projects joined to the grants that pay for them: {sum(self.joined.values()):,}."
            for rule, count in self.joined.items():
                yield f"    {count:,}: {rule}"
        for what, count in self.left.items():
            if count:
                yield f"    {count:,} {what}"
        if not self.files:
            return
        yield f"Labels that could not be placed: {sum(self.unplaced.values()):,}."
        for label, count in self.unplaced.items():
            yield f"    {count:,}: {label}"


def _joined(linking: Linking, joining: Linking) -> dict[str, int]:
    joined = Counter(f"{link.rule} ({PROJECT_LISTS[2003]})" for link in linking.parts)
    joined.update(f"{link.rule} ({PROJECT_LISTS[2002]})" for link in joining.links)
    return dict(joined)
