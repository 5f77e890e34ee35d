"""The roles that curves play, and the little style that Streamlit's theme does not cover."""

from __future__ import annotations

TARGET, FORWARD, REVERSE = "target p", "forward fit", "reverse fit"
GRAY = "#94a3b8"  # of rules; it shows on either ground
ROLES = [TARGET, FORWARD, REVERSE]  # in the order of chartCategoricalColors in .streamlit/config.toml
DASHES = [[1, 0], [9, 5], [2, 5]]  # solid, dashed, dotted

# Streamlit's own labels are too faint to read at their size; these take the colour of the page's text.
READABLE = {
    "axis": {"labelColor": "currentColor", "titleColor": "currentColor"},
    "legend": {"labelColor": "currentColor"},
}

STYLE = """<style>
/* The player stands for the range inputs that Vega would show. */
.st-key-stage form.vega-bindings { display: none !important; }
/* Streamlit's caption is too faint to read at its size. */
[data-testid="stCaptionContainer"] { color: inherit; opacity: 0.85; }
[data-testid="stMainBlockContainer"] { max-width: 1400px; padding-left: 2rem; padding-right: 2rem; }
/* All pages and the units stand in sight at 900 px. */
[data-testid="stSidebarUserContent"] [data-testid="stVerticalBlock"] { gap: 0.35rem; }
[data-testid="stSidebarUserContent"] [data-testid="stPageLink-NavLink"] { padding-top: 0.1rem; padding-bottom: 0.1rem; }
/* The label of a control that rests is still to be read. */
[data-testid="stWidgetLabel"] { color: inherit !important; }
/* Links to the glossary are many: they are told by a fine underline, not by colour. */
[data-testid="stMainBlockContainer"] a[href^="glossary"] {
  color: inherit; text-decoration: underline dotted; text-underline-offset: 0.2em;
}
/* A formula wider than its column goes on in a next line after a sign, set in. What is still too wide shows a thin bar
   by which it is moved (a fade tied to the scroll would cost a third of each rerun). */
[data-testid="stMain"] .katex { font-size: 1.08em; }
.st-key-proofs ol { padding-left: 0.7em; }
.katex-display { overflow-x: auto; overflow-y: hidden; scrollbar-width: thin; padding: 0.2rem 0; }
[data-testid="stMain"] .katex-display > .katex {
  font-size: 1.02em; white-space: normal; width: fit-content; margin: 0 auto; text-align: left; padding-left: 1.5em;
  text-indent: -1.5em;
}
.katex-display > .katex .base { margin: 0.2em 0; text-indent: 0; }
/* What stands below the fold is not laid out again at every move of a slider above it. */
.st-key-proofs { content-visibility: auto; contain-intrinsic-size: auto 3000px; }
.st-key-below { content-visibility: auto; contain-intrinsic-size: auto 600px; }
/* Streamlit's blue of code is too faint on either ground; lines break, as what scrolls cannot be reached by keys. */
[data-testid="stCode"] pre, [data-testid="stCode"] code { white-space: pre-wrap !important; overflow: visible; }
[data-testid="stCode"] .token.function { color: inherit !important; }
/* Tables of numbers: no grid, little air. */
[data-testid="stMainBlockContainer"] table { width: 100%; margin-bottom: 0.5rem; }
[data-testid="stMainBlockContainer"] table :is(td, th) {
  padding: 0.1rem 0.4rem 0.1rem 0; border: 0; font-weight: inherit; font-variant-numeric: tabular-nums;
}
/* An error, small beside its number, stays whole at the end of a line; the sources of a sixth column do not. */
:is(strong + span, td:nth-child(-n + 5) > span)[style^="font-size"] { white-space: nowrap; }
/* On a narrow screen the picture comes before the controls. */
@media (max-width: 640px) {
  [data-testid="stMain"] .katex-display > .katex { font-size: 0.8em; }
  .st-key-desk [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"] .st-key-easel) {
    flex-direction: column-reverse;
  }
  .st-key-easel > :has(.st-key-picture) { order: -1; }
  .st-key-bench { flex-direction: column-reverse; }
  .st-key-bench .st-key-stage [data-testid="stColumn"]:nth-child(2) { order: -1; }
}
</style>"""
