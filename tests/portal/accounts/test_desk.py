import pytest
from django.urls import reverse

from portal.accounts.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = UserFactory(email="admin@example.org", is_superuser=True, name="Admin")
    client.force_login(user)
    return user


def test_desk_adds_a_person_without_a_password(client, admin):
    data = {"email": "ama@example.org", "name": "Ama", "language": "en"}

    response = client.post(reverse("wagtailusers_users:add"), data)

    assert response.status_code == 302
    assert not User.objects.get(email="ama@example.org").has_usable_password()


def test_desk_finds_people_by_name(client, admin):
    User.objects.create_user("ama@example.org", name="Ama Owusu")
    User.objects.create_user("ben@example.org", name="Ben Adu")

    response = client.get(reverse("wagtailusers_users:index"), {"q": "owusu"})

    assert [user.name for user in response.context["users"]] == ["Ama Owusu"]


def test_desk_shows_ones_own_settings_and_keeps_the_name(client, admin):
    page = client.get("/cms/account/").content.decode()

    assert 'name="name_email-name"' in page
    assert "gravatar" not in page
    response = client.post(
        "/cms/account/",
        {
            "name_email-name": "Admin of all",
            "locale-preferred_language": "",
            "locale-current_time_zone": "",
            "theme-theme": "system",
            "theme-contrast": "system",
            "theme-density": "default",
            "theme-keyboard_shortcuts": "on",
        },
    )
    assert response.status_code == 302
    admin.refresh_from_db()
    assert admin.name == "Admin of all"
