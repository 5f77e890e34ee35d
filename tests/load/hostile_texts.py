"""What nobody should send, and somebody will: texts for addresses, boxes and cells."""

from __future__ import annotations

import random

MARK = "zq7x"  # stands in every text that must not reach a page as anything but text
SITE = f"http://{MARK}.example/a.png"

NUMBERS = [
    *("nan", "NaN", "inf", "-inf", "Infinity", "1e308", "-1e308", "1e309", "1e-320", "5e-324", "0", "-0", "-1", "1"),
    *("0.5", "1/3", "1/0", "0/0", "1e999", "9e9999999", "0x10", "1_000", "1,5", "９", "٣", "½", "−5", "+5", "--5"),
    *("1e", "1.2.3", ".5", "5.", "true", "false", "None", "[]", "{}", "null", "00005"),
]
ODD = [
    "",
    " ",
    "\t\n",
    "\x00",
    "a\x00b",
    "\u202eabc",
    "😀" * 40,
    "Ω≈ç√",
    "\ud7ff\ufffe",
    "%00",
    "%",
    "&",
    "=",
    "#",
    "a&b=c",
    "+",
]
LONG = [
    "9" * 10_000,
    "a" * 10_000,
    "é" * 10_000,
    "(" * 5000,
    "1," * 5000,
    "~_" * 3000,
    "0,0,1;" * 2000,
    "1~1~1~1_" * 1250,
]
MARKUP = [
    f"<script>alert('{MARK}')</script>",
    f"<img src={SITE} onerror=alert({MARK})>",
    f"</style><style>@import '{SITE}'",
    f"![{MARK}]({SITE})",
    f"[{MARK}]({SITE})",
    f"<{SITE}>",
    SITE,
    f"www.{MARK}.example",
    f"$\\href{{{SITE}}}{{{MARK}}}$",
    f"$$\\includegraphics{{{SITE}}}$$",
    f"\\href{{{SITE}}}{{{MARK}}}",
    f":red[{MARK}]",
    f"`{MARK}`<b>{MARK}</b>",
    f"|a|\n|-|\n|![{MARK}]({SITE})|",
    f"\n\n# {MARK}\n\n---\n\n![{MARK}][1]\n\n[1]: {SITE}",
    f"javascript:alert('{MARK}')",
    f"__import__('os').system('{MARK}')",
    f"'''\nraise SystemExit('{MARK}')\n'''",
    f"\r\nSet-Cookie: {MARK}",
    "../../etc/passwd",
]
ROWS = [  # of targets: weight, mean, std; in the plane weight, mean x, mean y, var x, cov xy, var y
    "1,nan,1",
    "1,0,0",
    "1,0,-1",
    "1,1e308,1;1,0,1",
    "1,2",
    "1,2,3,4",
    "1,0,1;" * 12 + "1,0,1",
    "1e-12,0,1e-3;1e12,1e4,1e3",
    "1e-12,-1e4,1e-3;1e12,1e4,1e3;1,0,1",
    "1,-1e4,0.001;1,1e4,0.001",
    "1,0,1;;1,0,1",
    "0,0",
    "1e4,1e3",
    "-1e4,0.001",
    "1,0,0,1,1,1",
    "1,0,0,1,0.9999,1",
    "1,0,0,1e308,0,1",
    "1e-6,-100,100,0.001,0,1000;1e6,100,-100,1000,0,0.001",
    "1,0,0,1000,999,1000;1,0,0,0.001,0,0.001",
]
TABLES = [
    f"![{MARK}]({SITE})~1/2~1/2~_b~1/2~1/2~",
    f"<b>{MARK}</b>~1~1~",
    f"{MARK} {SITE}~0~1~_b~1~0~",
    "a~1e-300~1~_b~1~1e-300~",
    "a~1e400~1~",
    "a~-1~1~",
    "a~nan~inf~0",
    "a~0~0~0",
    "_".join(f"s{k}~1~1~" for k in range(65)),
    "_".join(f"s{k}~1/{k + 1}~{k}~1" for k in range(64)),
    "a~1",
    "a~1~1~1~1",
    "~~~_~~~",
    f"{'9' * 24}~1/3~2/3~",
]
FORMULAS = [
    "x**x**x**x",
    "9**9**9**9**9",
    "log(" * 60 + "x" + ")" * 60,
    "1/(m1-m1)",
    "log(0)",
    "s1 s2 s3 s4 s5 s6 s7 s8 s9",
    "+".join(f"x{k}" for k in range(80)),
    "(a+b+c+d+e)**40",
    r"\frac{1}{0}",
    r"\sum_{i=1}^{999999999} i",
    "lambda: 0",
    "E_q[" * 40,
    "E_q[log q - log p]" * 20,
    "KL(q||p)" + "+KL(p||q)" * 60,
    f"E_{MARK}[log {MARK} - log p]",
    f"{MARK}*KL(q||p) + <b>*KL(p||q)",
    "F.kl_div(q, p, log_target=True, reduction='![x](http://x)')",
    "-E_p[log q] + 1e400*E_q[log q]",
    "KL(N(m1,s1)||N(m2,s2))",
]
PASTED = ["1 2 3", "1 " * 20, "nan " * 30, "1e308 -1e308 " * 10, "1,5;2,5\n" * 30, f"{MARK},<b>\n" + "1,2\n" * 20]
LISTS = (NUMBERS, ODD, LONG, MARKUP, ROWS, TABLES, FORMULAS, PASTED)


def hostile_text(rng: random.Random, good: list[str]) -> str:
    """One text: of the lists; or what is right elsewhere in the app; or that with a sign changed."""
    choice = rng.random()
    if choice < 0.7 or not good:
        return rng.choice(rng.choice(LISTS))
    text = rng.choice(good)
    if choice < 0.85:
        return text
    place = rng.randrange(len(text) + 1)
    return text[:place] + rng.choice(["", "-", "e9", ",", ";", "~", "_", "\x00", "<", text[:5]]) + text[place + 1 :]


def hostile_value(rng: random.Random, depth: int = 0) -> object:
    """What a browser might send in place of a component's value: any JSON."""
    plain = [None, True, 0, -1, 1e308, -1e308, float("nan"), float("inf"), 10**400, "", "1", MARKUP[0], "9" * 10_000]
    if depth > 2 or rng.random() < 0.4:
        return rng.choice(plain + [rng.uniform(-10, 10) for _ in range(6)])
    parts = [hostile_value(rng, depth + 1) for _ in range(rng.choice([0, 1, 2, 3, 6, 20]))]
    if rng.random() < 0.6:
        return parts
    keys = ["components", "start", "rows", "mean", MARK]
    return {rng.choice(keys): part for part in parts}
