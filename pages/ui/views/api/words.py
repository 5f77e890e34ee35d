"""How a name of the engine is written on the page: functions of the scene."""

from __future__ import annotations

from pages.ui.say.plain_text import escaped
from pages.ui.views.api.scene import Scene
from pages.ui.views.api.tables import EVERYWHERE, SPACES, Entry


def headline(scene: Scene) -> str:
    """What was found, in a sentence."""
    count, find = len(scene.found), scene.question.find
    where = "the engine" if scene.question.space == EVERYWHERE else SPACES[scene.question.space].replace(".…", "")
    what = f"{count} public name{'s' * (count != 1)} of {where}"
    if not find:
        return f"{what}."
    if not count:
        return f"**No public name of {where} mentions “{escaped(find)}”.**"
    return f"**{what}** mention{'s' * (count == 1)} “{escaped(find)}”."


def said(text: str) -> str:
    """A paragraph of a docstring in Markdown: what stands between back quotes is code, everything else is plain."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a single back quote is no code
        return escaped(text)
    return "".join(f"`{part}`" if i % 2 and part else escaped(part) for i, part in enumerate(parts))


def methods(entry: Entry) -> str:
    """A list of the methods, with a line on each."""
    return "\n".join(f"- `.{name}`: {said(line)}" for name, line in entry.methods)


def named(scene: Scene) -> str:
    """A list of the names that are not shown in full."""
    return "And:\n\n" + "\n".join(f"- `{entry.full_name}`: {said(entry.summary)}" for entry in scene.named)
