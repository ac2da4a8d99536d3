from dataclasses import replace
from decimal import Decimal

from portal.demo.us.linking import (
    BY_AMOUNT_AND_RECIPIENT,
    BY_COUNTRY_AND_RECIPIENT,
    BY_DOLLARS,
    BY_PART,
    BY_PLACE_AND_AMOUNT,
    BY_RECIPIENT,
    BY_YEAR,
    BY_YEAR_AND_RECIPIENT,
    join_2002,
    link_2003,
)
from portal.demo.us.sources import read_grants, read_projects


def linked():
    return link_2003(read_grants().rows, read_projects(2003).rows)


def test_link_2003_says_how_many_by_which_rule():
    linking = linked()

    assert linking.by_rule == {
        BY_PLACE_AND_AMOUNT: 192,
        BY_RECIPIENT: 6,
        BY_AMOUNT_AND_RECIPIENT: 6,
        BY_DOLLARS: 2,
        BY_YEAR: 10,
        BY_YEAR_AND_RECIPIENT: 1,
        BY_PART: 3,
    }
    assert (len(linking.ambiguous), len(linking.alone), len(linking.unmatched)) == (0, 6, 2)


def test_link_2003_is_one_to_one():
    linking = linked()
    grants = [link.grant.number for link in (*linking.links, *linking.parts)]
    projects = [link.project.number for link in linking.links]

    assert len(grants) == len(set(grants))
    assert len(projects) == len(set(projects))
    assert (
        len(projects) + len({link.project.number for link in linking.parts}) + len(linking.alone)
        == 224
    )


def test_link_2003_is_the_same_whatever_the_order_of_the_rows():
    shuffled = link_2003(reversed(read_grants().rows), reversed(read_projects(2003).rows))

    def pairs(linking):
        return {(link.grant.content, link.project.number) for link in linking.links}

    assert pairs(shuffled) == pairs(linked())


def test_link_2003_finds_the_lost_decimal_point():
    bangladesh = next(link for link in linked().links if link.grant.number == 269)

    assert bangladesh.facts_differ
    assert (bangladesh.grant.amount, bangladesh.project.amount) == (
        Decimal("6567650.00"),
        "$65,676.50",
    )


def test_link_2003_finds_thailand_a_year_apart():
    links = [link for link in linked().links if link.grant.country == "Thailand"]

    assert len(links) == 11
    assert {link.grant.year for link in links} == {2002}


def test_a_project_that_two_different_grants_suit_equally_is_left():
    grant = next(row for row in read_grants().rows if row.number == 1279)
    project = next(row for row in read_projects(2003).rows if row.amount == "$243,582")
    project = replace(project, recipient="IOM")
    twin = replace(grant, number=9999, subgrantee="somebody else")

    linking = link_2003([grant, twin], [project])

    assert (linking.links, linking.ambiguous) == ((), (project,))


def test_join_2002_goes_by_country_and_recipient():
    taken = {link.grant.number for link in linked().links}
    open_grants = [row for row in read_grants().rows if row.number not in taken]

    joining = join_2002(open_grants, read_projects(2002).rows)

    assert joining.by_rule == {BY_COUNTRY_AND_RECIPIENT: 177}
    assert (len(joining.ambiguous), len(joining.alone)) == (10, 14)
