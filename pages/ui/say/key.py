"""The key of the roles, the same on every page: a stroke as long as the eye needs, in the pattern of the charts.

In HTML it is an element of a class. In Markdown, which has no classes, struck-out signs stand for it: the style of the
app draws each `del` as a stroke, whose pattern is told by what is in it. No page strikes anything out.
"""

from __future__ import annotations

ROLES = ("target", "forward", "reverse")
SOLID, DASHED, DOTTED, DASH_DOT, THIN = "~~—~~", "~~**–**~~", "~~*·*~~", "~~***–***~~", "~~`–`~~"
WRITTEN = {"target": ("primary", SOLID), "forward": ("red", DASHED), "reverse": ("blue", DOTTED)}


def stroke(role: str) -> str:
    """The stroke of a role as HTML: the style of the app gives it the colour and the pattern of its curve."""
    return f'<i class="kl-stroke {_known(role)}" aria-hidden="true"></i>'


def written(role: str, words: str) -> str:
    """The stroke of a role, and after it the bold `words`, as Markdown in the colour of the role."""
    colour, pattern = WRITTEN[_known(role)]
    return f":{colour}[{pattern} **{words}**]"


def _known(role: str) -> str:
    if role not in ROLES:
        raise ValueError(f"role must be one of {', '.join(ROLES)}, and is {role!r}")
    return role
