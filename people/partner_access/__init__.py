"""The partner API's door: who asks, whether they may, how often, and what they are told when not.

Django REST framework finds these by name in the settings. The modules that need its views are not imported here, since
that framework loads this package before it has any.
"""

from people.partner_access.problems import problem_response
from people.partner_access.tokens import PartnerScope, PartnerToken

__all__ = ["PartnerScope", "PartnerToken", "problem_response"]
