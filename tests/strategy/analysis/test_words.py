import pytest

from strategy.analysis.words import folded, initials, marked, normal, phase, words


def test_folded_text_has_no_accents_capitals_or_signs():
    assert folded("  École – Sainte-Anne, 2ème!") == "ecole sainte anne 2eme"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("trainings", "workshop"),
        ("officers", "police"),
        ("safe house", "shelter"),
        ("legal assistance", "legal advice"),
        ("communities", "community"),
        ("referral", "refer"),
        ("students", "pupils"),
    ],
)
def test_words_that_say_the_same_have_one_form(one, other):
    assert set(words(one)) == set(words(other))


@pytest.mark.parametrize(
    ("one", "other"), [("fees", "fishers"), ("judges", "police"), ("port", "passport")]
)
def test_words_that_do_not_say_the_same_are_kept_apart(one, other):
    assert not set(words(one)) & set(words(other))


def test_words_keep_their_order_and_the_way_they_are_written():
    assert words("Screening of the officers, and screening again") == {
        "identification": "screening",
        "police": "officers",
        "again": "again",
    }


@pytest.mark.parametrize("word", ["the", "project", "a", "7"])
def test_words_without_meaning_are_left_out(word):
    assert normal(word) == ""


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Shelter, phase 2", 2),
        ("Shelter, Phase II", 2),
        ("Second round", None),
        ("Round two of the school campaign", 2),
        ("Shelter for 24", None),
    ],
)
def test_phase_that_a_title_names(title, number):
    assert phase(title) == number


def test_initials_of_words_on_end():
    assert {"rmc", "nwc"} & initials(["regional", "migration", "centre"]) == {"rmc"}


def test_marked_text_is_whole_and_marks_every_form_of_a_shared_word():
    pieces = list(marked("Screening, then: train the officers.", ["training", "screening"]))

    assert "".join(piece for piece, _ in pieces) == "Screening, then: train the officers."
    assert [piece for piece, is_shared in pieces if is_shared] == ["Screening", "train"]
