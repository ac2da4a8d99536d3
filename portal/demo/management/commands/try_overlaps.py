from django.core.management.base import BaseCommand

from portal.demo.us.finding import Proposal, find
from portal.demo.us.sources import GrantRow


class Command(BaseCommand):
    help = (
        "Search the demo's two public sources of the same grants for overlaps, without their links, and say how many "
        "of the pairs that share country and amount are proposed. Reads the files alone; nothing is written."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--show", type=int, default=20, metavar="N", help="list so many proposals beyond"
        )

    def handle(self, *, show, **options):
        found = find()
        say = self.stdout.write
        say(f"{len(found.known)} pairs share country and amount; {found.found} are proposed.")
        say(f"{len(found.linked)} pairs are linked by any rule; {found.found_linked} are proposed.")
        say(
            f"{len(found.proposals)} pairs are proposed between the two sources, "
            f"{len(found.beyond)} beyond the links."
        )
        for proposal in found.beyond[:show]:
            say(_line(proposal))


def _line(proposal: Proposal) -> str:
    sides = []
    for row in (proposal.first, proposal.second):
        amount = f"{row.amount:,}" if isinstance(row.amount, int) else row.amount or "no amount"
        source = "file" if isinstance(row, GrantRow) else "list"
        title = "" if isinstance(row, GrantRow) else f" “{row.title}”"
        sides.append(
            f"{source} {row.number}: {row.country}, {row.year}, {row.recipient}, {amount}{title}"
        )
    words = ", ".join(proposal.alike.shared_words[:5])
    return f"  {proposal.alike.score:.2f}  {sides[0]}\n        {sides[1]}\n        words: {words or '–'}"
