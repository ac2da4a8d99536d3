from django.core.exceptions import PermissionDenied
from django.utils.functional import cached_property
from wagtail.users.views import users

from .forms import PersonCreationForm, PersonEditForm
from .models import ADMINISTRATORS


def is_administrator(person) -> bool:
    """Whether a person may do everything on this site."""
    return person.is_superuser or person.groups.filter(name=ADMINISTRATORS).exists()


class WithinOwnPowers:
    """Nobody gives another person more than they have, nor changes somebody who has more."""

    def dispatch(self, request, *args, **kwargs):
        person = getattr(self, "object", None) or self._person(kwargs)
        if person is not None and is_administrator(person) and not is_administrator(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def _person(self, kwargs):
        return self.model.objects.filter(pk=kwargs["pk"]).first() if "pk" in kwargs else None

    def get_form(self, *args, **kwargs):
        form = super().get_form(*args, **kwargs)
        if form is not None and not self.request.user.is_superuser:
            form.fields.pop("is_superuser", None)
            if "groups" in form.fields and not is_administrator(self.request.user):
                groups = form.fields["groups"].queryset.exclude(name=ADMINISTRATORS)
                form.fields["groups"].queryset = groups
        return form


class PersonIndexView(users.IndexView):
    @cached_property
    def search_fields(self):
        return {"email", "name"}


class PersonCreateView(WithinOwnPowers, users.CreateView):
    pass


class PersonEditView(WithinOwnPowers, users.EditView):
    pass


class PersonDeleteView(WithinOwnPowers, users.DeleteView):
    pass


class PersonViewSet(users.UserViewSet):
    """The desk's list of people, searched by name and email."""

    index_view_class = PersonIndexView
    add_view_class = PersonCreateView
    edit_view_class = PersonEditView
    delete_view_class = PersonDeleteView

    def get_form_class(self, for_update=False):
        return PersonEditForm if for_update else PersonCreationForm
