"""The key of the roles, the same on every page: a stroke as long as the eye needs, in the pattern of the charts."""

from __future__ import annotations

ROLES = ("target", "forward", "reverse")


def stroke(role: str) -> str:
    """The stroke of a role as HTML: the style of the app gives it the colour and the pattern of its curve."""
    if role not in ROLES:
        raise ValueError(f"role must be one of {', '.join(ROLES)}, and is {role!r}")
    return f'<i class="kl-stroke {role}" aria-hidden="true"></i>'
