from django.contrib.auth.models import BaseUserManager


class UserManager(BaseUserManager):
    """Makes people, and finds them by their email address in any case."""

    use_in_migrations = False

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)

    def create_user(self, email, password=None, **fields):
        """A person who signs in with `password`, or by a code sent to `email` if there is none."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_superuser=True, **fields)
