"""The search for overlaps on the demo's two sources, by country and amount known to be the same grants."""

from portal.demo.us.finding import find


def test_most_pairs_that_share_country_and_amount_are_found_without_either_source_naming_the_other():
    found = find()

    assert len(found.known) == 194
    assert found.found / len(found.known) > 0.75
    assert len(found.beyond) < len(found.linked) / 2
    assert all(proposal.is_across for proposal in found.proposals)
