"""Rows, and Wagtail's permissions on top of them."""

from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy


def visible(model, user):
    """The rows of `model` that `user` may see."""
    return model._default_manager.all().visible_to(user)


def editable(model, user):
    """The rows of `model` that `user` may see and change."""
    return visible(model, user).editable_by(user)


class RowPolicy(ModelPermissionPolicy):
    """The permission of the model, for rows that the person may see ("view") or change (all else)."""

    def instances_user_has_any_permission_for(self, user, actions):
        if not self.user_has_any_permission(user, actions):
            return self.model._default_manager.none()
        if self.user_has_any_permission(user, ["view"]) and "view" in actions:
            return visible(self.model, user)
        return editable(self.model, user)

    def user_has_permission_for_instance(self, user, action, instance):
        allowed = self.instances_user_has_any_permission_for(user, [action])
        return allowed.filter(pk=instance.pk).exists()


def register_row_policy(model):
    """Let Wagtail ask our rows for `model`, once."""
    if policy_registry.get_by_type(model, fallback=False) is None:
        register_permission_policy(model, RowPolicy(model), exact_class=True)
