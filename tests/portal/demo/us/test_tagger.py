import pytest

from portal.demo.us.objectives import OBJECTIVES, PILLAR_ROOTS
from portal.demo.us.pillars import programme_pillars
from portal.demo.us.sources import read_projects
from portal.demo.us.tagger import WORDS, propose


@pytest.mark.parametrize(
    ("title", "description", "pillar", "objective"),
    [
        (
            "Anti-trafficking radio spots",
            "A public awareness campaign on radio and television.",
            1,
            "1.1",
        ),
        ("Teacher training", "Secondary school teachers learn to warn students.", 1, "1.2"),
        ("Vocational training", "Job skills and micro-credit for women at risk.", 1, "1.3"),
        ("Worst forms of child labor", "A timebound programme.", 1, "1.4"),
        ("Sex tourism prevention", "Addresses demand by travellers.", 1, "1.5"),
        ("Victims' shelter", "A safe house with medical care and counseling.", 2, "2.1"),
        ("Return and reintegration", "Voluntary return and family tracing.", 2, "2.2"),
        ("Hotline", "A help-line refers callers.", 2, "2.3"),
        ("Legal aid for survivors", "Lawyers give legal advice.", 2, "2.4"),
        ("Police training", "Investigative skills for law enforcement.", 3, "3.1"),
        ("Training of prosecutors", "Judges and prosecutors work on cases.", 3, "3.2"),
        ("Drafting legislation", "A model law against trafficking.", 3, "3.3"),
        ("Border guards", "Training at border crossings and airports.", 3, "3.4"),
    ],
)
def test_words_lead_to_the_objective(title, description, pillar, objective):
    assert propose(title, description, pillar).objective == objective


def test_proposal_says_which_words_led_to_it():
    proposal = propose("A shelter", "The shelter has medical care. The shelter is safe.", 2)

    assert proposal.objective == "2.1"
    assert proposal.evidence.split("; ") == [
        "“shelter” in the title",
        "“shelter” in the description ×2",
        "“medical” in the description",
        "“care” in the description",
    ]


def test_rule_stays_within_the_pillar_of_the_source():
    assert propose("A shelter", "A safe house.", 3) is None


def test_words_count_whole():
    assert propose("Unsheltered housekeepers", "Careful.", 2) is None


def test_no_proposal_without_words_or_with_a_tie():
    assert propose("", "", 1) is None
    assert propose("Anti-trafficking", "A shelter and reintegration.", 2) is None


def test_objectives_are_twelve_to_sixteen_under_four_pillars():
    assert [root.code for root in PILLAR_ROOTS] == ["1", "2", "3", "4"]
    assert len(OBJECTIVES) == 16
    assert set(WORDS) == {objective.code for objective in OBJECTIVES}
    assert all(len(text.short_title) <= 60 and len(text.title) <= 200 for text in OBJECTIVES)


def test_share_of_the_lists_that_the_rule_can_place():
    tagged = untagged = 0
    for year in (2002, 2003):
        for row in read_projects(year).rows:
            for pillar in programme_pillars(row.programme):
                if propose(row.title, row.description, pillar):
                    tagged += 1
                else:
                    untagged += 1

    assert tagged > untagged
