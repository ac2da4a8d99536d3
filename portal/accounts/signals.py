from allauth.account.models import EmailAddress
from django.db.models.signals import post_save
from django.dispatch import receiver

from .models import User


@receiver(post_save, sender=User, dispatch_uid="accounts_keep_sign_in_address")
def keep_sign_in_address(sender, instance, raw, **kwargs):
    """Let sign-in know the address on the account, as one that is verified.

    The secretariat gives out accounts to people whose address it knows. When the address
    changes, the old one stops to work.
    """
    if raw or not instance.email:
        return
    addresses = EmailAddress.objects.filter(user=instance)
    if addresses.filter(email__iexact=instance.email, primary=True, verified=True).exists():
        return
    addresses.delete()
    EmailAddress.objects.create(user=instance, email=instance.email, primary=True, verified=True)
