"""What the view is asked: an objective, which distribution is fitted, its scalars, what its text leaves open, and p."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np
import streamlit as st

from kl_engine import Gaussian, GaussianMixture, Weighted
from kl_engine.fits.weighted import Fate
from kl_engine.objectives.catalogue import CATALOGUE, FAMILY, Objective
from kl_engine.objectives.judgement import verdict_of
from kl_engine.objectives.openness import unmoved
from kl_engine.objectives.reading.closed_pieces import STANDARD
from kl_engine.objectives.reading.models import guess_model
from kl_engine.objectives.reading.reading import Reading, read
from kl_engine.objectives.reading.stopped import is_held
from kl_engine.objectives.verdicts import Verdict
from pages.ui.cache.kept import kept
from pages.ui.frame.pasted import box, closed_form, link_to_check
from pages.ui.say.plain_text import escaped
from pages.ui.state import session
from pages.ui.state.fields import Choice, Slider
from pages.ui.state.two_modes import Target

TYPED = "typed"
EXAMPLES = {
    "KL(q||p)": "KL(q||p)",
    "−E_p[log q]": "-E_p[log q]",
    "CE(q, p)": "CE(q, p)",
    "F.kl_div(q, p)": "F.kl_div(q, p)",
    "k3 as a loss": "per_token_kl = torch.exp(ref_logps - logps) - (ref_logps - logps) - 1",
    "both": "(1 - lambda)*KL(p||q) + lambda*KL(q||p)",
    "β-VAE": r"\mathbb{E}_{q(z|x)}\left[\log p(x|z)\right] - \beta D_{\mathrm{KL}}\left(q(z|x)\,\|\,p(z)\right)",
}
OBJECTIVE = Choice(
    "objective",
    "Objective",
    {TYPED: "My own, typed below", **{key: entry.title for key, entry in CATALOGUE.items()}},
)
TEXT = box("text", "E_q[log q - log p]")
ALPHA = Slider("alpha", "α (Minka's)", 0.0, 1.0, 0.05, 0.5, "0 is D(q‖p), 1 is D(p‖q), ½ is 4 (Hellinger distance)².")
UNSAID = "not said"

ON_ITS_WAY = {Fate.COLLAPSE: 0.05, Fate.SPREAD: 4.0, Fate.FLIGHT: 0.05}  # the std drawn, in units of p's
AWAY = 2.0  # std of p from its mean: a place to flee to
MODE_POINTS = 4001


@dataclass(frozen=True)
class Question:
    """An objective on a target: `answers` to what its text leaves open, the `model` that is fitted, the scalars.

    A family between the two directions has no text, and is asked about at one `alpha`.
    """

    target: Target
    entry: str
    text: str
    answers: tuple[tuple[str, str], ...] = ()
    model: str = ""
    scalars: tuple[tuple[str, float], ...] = ()
    alpha: float | None = None

    @property
    def objective(self) -> Objective | None:
        """The entry of the catalogue, if it is one."""
        return CATALOGUE.get(self.entry)

    @property
    def reading(self) -> Reading:
        """The objective as it is read."""
        return reading_of(self.text, self.answers)

    @property
    def verdict(self) -> Verdict:
        """What the objective forces."""
        return verdict_of(self.reading, self.model or None, dict(self.scalars))

    def to_python(self) -> str:
        """A few lines that reproduce the numbers of the page with the engine."""
        return self._family_python() if self.alpha is not None else self._objective_python()

    def _objective_python(self) -> str:
        verdict = self.verdict
        if not verdict.judged:
            return f"""from kl_engine.objectives.judgement import verdict_of
from kl_engine.objectives.reading.reading import read

reading = read({self.text!r}, {dict(self.answers)!r})
print(verdict_of(reading, {self.model or None!r}, {dict(self.scalars)!r}).headline)
"""
        if verdict.fate is Fate.MINIMUM:
            names, found = "fit, ", "q = fit(p, verdict.weights).q"
        else:
            names = "Gaussian, "
            found = f"{_on_its_way_python(verdict)}  # on its way: there is no minimum"
        return f"""{"import numpy as np" if "np." in found else ""}
from kl_engine import GaussianMixture, {names}disagreement, forward_kl, reverse_kl
from kl_engine.objectives.judgement import verdict_of
from kl_engine.objectives.reading.reading import read
{"from kl_engine.objectives.rewarded import rewarded" if verdict.tilt else ""}
reading = read({self.text!r}, {dict(self.answers)!r})
verdict = verdict_of(reading, {self.model or None!r}, {dict(self.scalars)!r})
print(verdict.canonical, verdict.pull, verdict.weights)  # of E_p[-log q], -H[q], E_q[-log p]

p = {self._p_python(verdict)}
{found}
print(q, forward_kl(p, q), reverse_kl(p, q), *disagreement(p, q), sep="\\n")  # nats
""".lstrip()

    def _p_python(self, verdict: Verdict) -> str:
        """The target; where a reward makes it of a given distribution, that of an example of a reward."""
        given = self.target.to_python()
        return f"rewarded({given}, verdict.tilt)" if verdict.tilt else given

    def _family_python(self) -> str:
        return f"""from kl_engine import Alpha, GaussianMixture, disagreement, fit, forward_kl, reverse_kl

p = {self.target.to_python()}
member = fit(p, Alpha({self.alpha!r}))  # of the family: {self.objective.title}
print(member.q, member.value)  # nats
for q in (fit(p, "forward").q, fit(p, "reverse").q):  # the forward end, the reverse end
    print(q, forward_kl(p, q), reverse_kl(p, q), *disagreement(p, q), sep="\\n")
"""


@kept(256)
def reading_of(text: str, answers: tuple[tuple[str, str], ...]) -> Reading:
    """An objective as it is read; ValueError where the text is refused."""
    return read(text, dict(answers))


def ask_objective() -> dict[str, object]:
    """Draw what belongs to the objective that is picked; the fields of its question. ValueError refuses its text."""
    entry = OBJECTIVE.value
    if entry == TYPED:
        session.restore(TEXT)
        text = _read_as_objective(TEXT.draw())
    else:
        text = CATALOGUE[entry].text
        if text == FAMILY:
            session.restore(ALPHA)
            return {"entry": entry, "text": text, "alpha": ALPHA.draw()}
        st.code(text, language=None, wrap_lines=True)
    reading = reading_of(text, ())
    answers = _ask_open(reading)
    if answers:
        reading = reading_of(text, answers)
    model = _ask_model(reading, CATALOGUE[entry].model if entry != TYPED else "")
    scalars = _ask_scalars(reading)
    verdict_of(reading, model or None, dict(scalars))  # what it refuses is said in the place of the answer
    return {"entry": entry, "text": text, "answers": answers, "model": model, "scalars": scalars}


AS_OBJECTIVE = {"forward": "KL(p||q)", "reverse": "KL(q||p)"}


def _read_as_objective(text: str) -> str:
    """The text; of a closed form, which is said, the divergence that it is."""
    try:
        reading, refusal = reading_of(text, ()), None
    except ValueError as refused:
        reading, refusal = None, refused
    if reading and not _is_closed(reading):
        return text
    check = closed_form(text)
    if check is None or check.direction not in AS_OBJECTIVE:
        if refusal:
            raise refusal
        return text
    st.info(f"A closed form. {escaped(check.headline)} The answer is what minimising that forces.")
    link_to_check(text, "Check my formula shows the proof")
    return AS_OBJECTIVE[check.direction]


def _is_closed(reading: Reading) -> bool:
    """Whether it is a Gaussian's divergence from N(0, 1) in closed form, and nothing beside it."""
    return set(reading.form.densities()) == {"q", STANDARD} and not reading.form.others and len(reading.form.terms) == 2


def scalar_slider(name: str) -> Slider:
    """The control of one named scalar; it is taken to be positive."""
    return Slider(
        f"scalar_{name}", escaped(name), 0.05, 2.0, 0.05, 0.5, "A scalar of the objective, taken as positive."
    )


def mark_of(text: str) -> str:
    """What ties a choice to one text: in the next one the same letter may mean another thing."""
    return f"{crc32(text.encode()):08x}"


def _ask_open(reading: Reading) -> tuple[tuple[str, str], ...]:
    """The answers to what only the author of the text can know."""
    answers = {}
    for question in reading.questions:
        options = (UNSAID, *question.options)
        key = f"{question.key}_{mark_of(reading.text)}"
        field = Choice(key, escaped(question.words), {option: option for option in options}, quiet=True)
        session.restore(field)
        if (answer := field.pick()) != UNSAID:
            answers[question.key] = answer
    return tuple(sorted(answers.items()))


def _ask_model(reading: Reading, named: str) -> str:
    """Which distribution is fitted: of a catalogue entry it is known; otherwise a choice, the likeliest first."""
    if named or unmoved(reading, None):
        return named  # where no gradient reaches the fitted one there is no choice
    densities = tuple(name for name in reading.form.densities() if not is_held(name))
    told = told_verdict(reading)
    if told and not told.judged and not reading.form.mixtures:
        return ""  # an answer of its own, such as that nothing in it is fitted
    likeliest = told.model if told else guess_model(densities, reading.fitted, reading.fixed).model
    if len(densities) < 2:
        return likeliest
    options = sorted(densities, key=lambda name: name != likeliest)
    label = "Which one is fitted?" if told else "Which one is fitted? The names do not say."
    field = Choice(f"model_{mark_of(reading.text)}", label, {name: name for name in options}, quiet=True)
    session.restore(field)
    return field.pick()


def told_verdict(reading: Reading) -> Verdict | None:
    """The verdict, where the text or its names say which one is fitted."""
    try:
        return verdict_of(reading)
    except ValueError:
        return None


def _ask_scalars(reading: Reading) -> tuple[tuple[str, float], ...]:
    """The numbers that stand for its scalars."""
    names = reading.form.scalars()
    sliders = [scalar_slider(name) for name in names]
    session.restore(*sliders)
    return tuple((name, slider.draw()) for name, slider in zip(names, sliders))


def on_its_way(p: GaussianMixture, weights: Weighted, end: Fate) -> Gaussian:
    """A q that is part of the way to where an objective without a minimum sends it."""
    std = ON_ITS_WAY.get(end, 1.0) * p.std
    if end is Fate.COLLAPSE and weights.energy > 0:
        x = np.linspace(p.means.min(), p.means.max(), MODE_POINTS)  # its span in 4000 steps: good enough to draw
        return Gaussian(float(x[np.argmax(p.log_pdf(x))]), std)
    return Gaussian(p.mean + AWAY * p.std if end is Fate.FLIGHT else p.mean, std)


def _on_its_way_python(verdict: Verdict) -> str:
    """The same as a line of Python."""
    end, std = verdict.fate, f"{ON_ITS_WAY.get(verdict.fate, 1.0)!r} * p.std"
    if end is Fate.COLLAPSE and verdict.weights.energy > 0:
        grid = f"x = np.linspace(p.means.min(), p.means.max(), {MODE_POINTS})\n"
        return f"{grid}q = Gaussian(float(x[np.argmax(p.log_pdf(x))]), {std})"
    return f"q = Gaussian({f'p.mean + {AWAY!r} * p.std' if end is Fate.FLIGHT else 'p.mean'}, {std})"
