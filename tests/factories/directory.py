import factory
from django.contrib.auth.models import Group
from django.utils import timezone
from factory.django import DjangoModelFactory

from portal.accounts.models import User
from portal.directory.choices import OrganisationType, PlaceKind, Role
from portal.directory.models import (
    Membership,
    Organisation,
    Place,
    TermsVersion,
    WorkingGroup,
)
from portal.directory.terms import accept_terms

# Each place takes one part in 200 of its parent's interval: the bounds of no other place move.
WORLD_BOUNDS = (1, 2_000_000_000)
PARTS = 200


def world():
    """The root of the tree of places."""
    lft, rgt = WORLD_BOUNDS
    place = Place.objects.filter(code="001").first()
    return place or Place.objects.create(
        code="001", name="World", kind=PlaceKind.WORLD, lft=lft, rgt=rgt, depth=1
    )


class PlaceFactory(DjangoModelFactory):
    """A country below the World: `PlaceFactory(code="KE", name="Kenya", parent=africa)`."""

    class Meta:
        model = Place

    code = factory.Sequence(lambda n: f"X{n}")
    name = factory.Sequence(lambda n: f"Country {n}")
    kind = PlaceKind.COUNTRY
    parent = factory.LazyFunction(world)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        parent = kwargs["parent"]
        width = (parent.rgt - parent.lft) // PARTS
        lft = parent.lft + 1 + parent.children.count() * width
        return model_class.objects.create(
            **kwargs, lft=lft, rgt=lft + width - 1, depth=parent.depth + 1
        )


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")
    slug = factory.Sequence(lambda n: f"organisation-{n}")
    organisation_type = OrganisationType.NATIONAL_NGO
    is_member = True


class UserFactory(DjangoModelFactory):
    """A person who accepted the terms, without a password: sign in by `client.force_login`.

    `groups` takes names, as in ["Secretariat"]; `password` makes one; `terms=False` makes one who was not asked yet.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person-{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")

    @factory.post_generation
    def password(self, create, password, **kwargs):
        self.set_password(password or None)
        self.save(update_fields=["password"])

    @factory.post_generation
    def terms(self, create, accepted, **kwargs):
        newest = TermsVersion.objects.newest()
        if newest and accepted is not False:
            accept_terms(newest, by=self, now=timezone.now())

    @factory.post_generation
    def groups(self, create, names, **kwargs):
        for name in names or ():
            self.groups.add(Group.objects.get_or_create(name=name)[0])


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.EDITOR


class WorkingGroupFactory(DjangoModelFactory):
    """A working group; `organisations` become its members."""

    class Meta:
        model = WorkingGroup
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Working group {n}")

    @factory.post_generation
    def organisations(self, create, organisations, **kwargs):
        for organisation in organisations or ():
            self.members.model.objects.create(
                group=self, organisation=organisation, role="implementing"
            )
