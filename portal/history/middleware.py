"""Every request acts as the person who is signed in."""

from .services import acting_as


class ActingUserMiddleware:
    """Must stand after AuthenticationMiddleware."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return self.get_response(request)
        user = request.user if request.user.is_authenticated else None
        with acting_as(user):
            return self.get_response(request)
