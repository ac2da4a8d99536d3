import pytest
from django.template.loader import render_to_string
from django.urls import reverse


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_are_kept_and_lead_back(client, theme):
    response = client.get(reverse("content:colours", args=[theme]), {"next": "/gaps/?year=2010"})

    assert (response.status_code, response.url) == (302, "/gaps/?year=2010")
    assert response.cookies["colours"].value == theme


def test_colours_of_the_device_forget_the_choice(client):
    client.cookies["colours"] = "dark"

    response = client.get(reverse("content:colours", args=["device"]))

    assert response.cookies["colours"]["max-age"] == 0


@pytest.mark.parametrize(
    "url", ["https://elsewhere.example/", "//elsewhere.example", "javascript:x"]
)
def test_colours_lead_nowhere_else(client, url):
    assert client.get(reverse("content:colours", args=["dark"]), {"next": url}).url == "/"


@pytest.mark.django_db
def test_colours_and_languages_that_do_not_exist_are_not_found(client):
    assert client.get(reverse("content:colours", args=["pink"])).status_code == 404
    assert client.get(reverse("content:language", args=["xx"])).status_code == 404


def test_language_is_kept(client, settings):
    response = client.get(reverse("content:language", args=["en"]), {"next": "/"})

    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


@pytest.mark.django_db
def test_components_page_shows_every_part(client):
    response = client.get(reverse("content:components"))

    assert response.status_code == 200
    assert b'class="ff-sky"' in response.content


def test_sample_charts_are_json(client):
    response = client.get(reverse("content:sample-chart", args=["years"]))

    assert set(response.json()) == {"data", "layout", "narrow"}


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "500.html"])
def test_pages_for_when_something_is_broken_ask_the_database_for_nothing(name):
    assert "<h1>" in render_to_string(name)
