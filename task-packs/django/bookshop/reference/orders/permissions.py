from rest_framework.permissions import BasePermission


class OnlyStaffChanges(BasePermission):
    """Whoever sees an order may read and cancel it; only staff may change it."""

    def has_object_permission(self, request, view, order):
        return request.method != "PATCH" or request.user.is_staff
