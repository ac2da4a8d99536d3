from django.utils.functional import cached_property
from wagtail.users.views import users

from .forms import PersonCreationForm, PersonEditForm


class PersonIndexView(users.IndexView):
    @cached_property
    def search_fields(self):
        return {"email", "name"}


class PersonViewSet(users.UserViewSet):
    """The desk's list of people, searched by name and email."""

    index_view_class = PersonIndexView

    def get_form_class(self, for_update=False):
        return PersonEditForm if for_update else PersonCreationForm
