"""The steps of a sign-in that are the site's own."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from workspace.accounts.gate import has_shown_both


class SecondFactorStage(AuthenticateStage):
    """Not asked again of who has just shown both factors to ProConnect."""

    def _should_handle(self, request: HttpRequest) -> bool:
        if has_shown_both(request, self.login.user):
            return False
        return super()._should_handle(request)
