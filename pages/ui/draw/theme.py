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

PICTURE = ':is([data-testid="stVegaLiteChart"], [data-testid="stBidiComponentIsolated"])'
CHART = '[data-testid="stVegaLiteChart"]'
CHARTED = f'[data-testid="stElementContainer"]:has({CHART})'
FIRST = f":nth-child(1 of :has({PICTURE}))"  # the first part of an easel that holds a picture

STYLE = (
    """<style>
/* The player stands for the range inputs that Vega would show. */
.st-key-stage form.vega-bindings { display: none !important; }
/* Words on a chart stand on the ground of the page: whatever passes under them stops at their letters. */
[data-testid="stVegaLiteChart"] .mark-text.role-mark text:not([stroke]) {
  paint-order: stroke; stroke: light-dark(#ffffff, #0f172a); stroke-width: 4px; stroke-linejoin: round;
}
/* The violet between red and blue, which one number gives on either ground, is to be read on each. */
[data-testid="stVegaLiteChart"] text[fill="#8b5cf6"] { fill: light-dark(#7c3aed, #a78bfa); }
/* Streamlit's caption is too faint to read at its size. */
[data-testid="stCaptionContainer"] { color: inherit; opacity: 0.85; }
[data-testid="stMainBlockContainer"] { max-width: 1400px; padding: 0.9rem 2rem 3rem; }
/* The sidebar: the name beside its sign, sections in small capitals, a bar at the open page; all in sight at 900 px. */
[data-testid="stSidebarHeader"] { height: 3rem; padding-top: 0.6rem; }
[data-testid="stSidebarLogo"] { height: 1.6rem; }
.st-key-brand { margin: -3.3rem 0 0.3rem 4.45rem; position: relative; z-index: 1; width: fit-content; }
[data-testid="stSidebarUserContent"] { padding: 0.3rem 0 0; margin: 0 -0.75rem; }
[data-testid="stSidebarUserContent"] [data-testid="stVerticalBlock"] { gap: 0.12rem; }
[data-testid="stSidebarUserContent"] [data-testid="stCaptionContainer"] { margin: 0.34rem 0 0.06rem; }
[data-testid="stSidebarUserContent"] [data-testid="stCaptionContainer"] p { font-size: 0.75rem; margin: 0; }
[data-testid="stSidebarUserContent"] [data-testid="stCaptionContainer"] strong { letter-spacing: 0.07em; }
[data-testid="stSidebarUserContent"] [data-testid="stPageLink-NavLink"] {
  padding: 0 0.5rem; margin: 0; height: 1.42rem; border-left: 3px solid transparent; border-radius: 0 0.4rem 0.4rem 0;
}
[data-testid="stSidebarUserContent"] [data-testid="stElementContainer"]:has([data-testid="stPageLink"]) {
  margin: 0;
}
[data-testid="stMainBlockContainer"] h1 { padding: 0.5rem 0 0.2rem; }
[data-testid="stSidebarUserContent"] [data-testid="stPageLink-NavLink"] p { font-size: 0.9rem; }
.st-key-open_page [data-testid="stPageLink-NavLink"] {
  border-left-color: light-dark(#0891b2, #22d3ee);
}
[data-testid="stPageLink-NavLink"]:focus-visible {
  outline: 2px solid light-dark(#0e7490, #22d3ee); outline-offset: -2px;
}
/* What is the same on all pages stays in sight at the foot, however many pages there are. */
[data-testid="stSidebarUserContent"] *:has(> .st-key-foot) {
  position: sticky; bottom: 0; padding: 0.35rem 0 0.5rem; background: light-dark(#f8f8f7, #1e293b);
}
.st-key-foot [data-testid="stElementContainer"]:has([data-testid="stCaptionContainer"]) { flex-basis: 100%; }
.st-key-foot [role="radio"] { min-height: 1.9rem; padding: 0 min(0.75rem, 11px); }
/* On a screen that is lower than 900 px the same links stand a little closer: all are in sight from 800 px on. */
@media (max-height: 899px) and (min-width: 641px) {
  .st-key-brand { margin-bottom: -0.5rem; }
  [data-testid="stSidebarUserContent"] [data-testid="stVerticalBlock"] { gap: 0.03rem; }
  [data-testid="stSidebarUserContent"] [data-testid="stCaptionContainer"] { margin: 0.15rem 0 0; }
  [data-testid="stSidebarUserContent"] [data-testid="stPageLink-NavLink"] { height: 1.36rem; }
  [data-testid="stSidebarUserContent"] *:has(> .st-key-foot) { padding: 0.2rem 0 0.1rem; }
}
/* Buttons of one choice stay in one row: where there are many, or little room, their words have less air. */
[role="radiogroup"]:has(> [data-variant="segmented_control"]) { flex-wrap: nowrap; }
[role="radiogroup"]:has(> [data-variant="segmented_control"]:nth-child(5)) > button { padding-inline: 0.45rem; }
/* What a list has no room for is seen to go on. */
[data-testid="stSelectbox"] input { text-overflow: ellipsis; }
/* The label of a control that rests is still to be read. */
[data-testid="stWidgetLabel"] { color: inherit !important; }
/* Links to the glossary are many: they are told by a fine underline, not by colour. */
[data-testid="stMainBlockContainer"] a[href^="glossary"] {
  color: inherit; text-decoration: underline dotted; text-underline-offset: 0.2em;
  padding: 0.2em 0.5em; margin: 0 -0.5em;  /* what is short is still to be met by a finger */
}
.st-key-index p { line-height: 2; max-width: none; }
.st-key-index a { color: inherit; text-underline-offset: 0.2em; padding: 0.2em 0.1em; }
[data-testid="stMain"] [data-testid="stCheckbox"] label { min-height: 24px; align-items: center; }
/* What a symbol means: as wide as its words, which grow with the page. */
.st-key-meanings > [data-testid="stLayoutWrapper"] { width: 14.875rem; flex: 0 0 auto; }
.st-key-meanings [data-testid="stLayoutWrapper"]:has(> [data-testid="stVerticalBlock"]) {
  width: 10.2rem; flex: 0 0 auto;
}
/* Undo stands at the right of the pills, however many rows these take; Present at the right of the title. */
.st-key-title { flex-wrap: nowrap !important; }
@media (min-width: 641px) {
  .st-key-presets { flex-wrap: nowrap !important; }
  .st-key-presets > * { flex: none; }
  .st-key-presets > :has(.st-key-pills) { flex: 0 1 auto; min-width: 0; }
}
/* Links to other pages are seen to be links; they begin where the text begins. */
[data-testid="stMain"] [data-testid="stPageLink-NavLink"]:not(.st-key-contents *) {
  padding-left: 0; padding-right: 0;
  & p, & span { white-space: normal; overflow: visible; }  /* a long one takes two lines on a phone */
  & p { color: light-dark(#0e7490, #22d3ee); }
  &:hover p { text-decoration: underline; text-underline-offset: 0.2em; }
}
#kl-hint {
  position: fixed; z-index: 1000100; max-width: min(22rem, calc(100vw - 8px)); box-sizing: border-box;
  padding: 0.45rem 0.65rem; border-radius: 0.4rem; font-size: 0.875rem; line-height: 1.45;
  color: light-dark(#0b1220, #f1f5f9); background: light-dark(#ffffff, #1e293b);
  border: 1px solid light-dark(#cbd5e1, #475569); box-shadow: 0 4px 14px rgb(0 0 0 / 0.18);
}
#kl-hint[hidden] { display: none; }
#kl-hint a { color: light-dark(#0e7490, #22d3ee); }
/* Streamlit's own small targets: the question mark of a help text, and the link beside a heading. */
[data-testid="stMain"] [data-testid="stTooltipHoverTarget"] button,
[data-testid="stMain"] [data-testid="stHeaderActionElements"] a {
  min-width: 24px; min-height: 24px; display: inline-flex; align-items: center; justify-content: center;
}
/* A formula wider than its column goes on in a next line after a sign, set in. What is still too wide shows a thin bar
   by which it is moved (a fade tied to the scroll would cost a third of each rerun). */
[data-testid="stMain"] .katex { font-size: 1.08em; }
/* Derivations: formulas flush left, so that they align at their signs; the law small at the end of its line. */
.st-key-proofs .katex-display { margin: 0; }
[data-testid="stMain"] .st-key-proofs .katex-display > .katex { margin: 0; padding-left: 5.4em; text-indent: -5.4em; }
.st-key-proofs [data-testid="stPopover"] button { min-height: 1.5rem; padding: 0; }
.st-key-proofs [data-testid="stPopover"] button p {
  font-size: 0.8rem; max-width: 11em; white-space: normal; text-align: right;
}
.katex-display { overflow-x: auto; overflow-y: hidden; scrollbar-width: thin; padding: 0.2rem 0; }
[data-testid="stMain"] .katex-display > .katex {
  font-size: 1.02em; white-space: normal; width: fit-content; margin: 0 auto; text-align: left; padding-left: 1.5em;
  text-indent: -1.5em;
}
/* Of a typed formula nobody knows how wide it is: a shade at its edge says that it goes on there. */
.st-key-under .katex-display {
  background: linear-gradient(270deg, light-dark(#ffffff, #0f172a) 50%, transparent) right / 2rem 100% no-repeat local,
    linear-gradient(270deg, rgb(100 116 139 / 0.45), transparent) right / 0.8rem 100% no-repeat scroll;
}
.katex-display > .katex .base { margin: 0.2em 0; text-indent: 0; }
/* What stands below the fold is not laid out again at every move of a slider above it. */
.st-key-proofs { content-visibility: auto; contain-intrinsic-size: auto 3000px; }
.st-key-below { content-visibility: auto; contain-intrinsic-size: auto 600px; }
/* Streamlit's blue of code is too faint on either ground; lines break, as what scrolls cannot be reached by keys. */
[data-testid="stCode"] pre, [data-testid="stCode"] code { white-space: pre-wrap !important; overflow: visible; }
[data-testid="stCode"] .token.function { color: inherit !important; }
/* Roles in what is written, each in the colour of its curve that is readable as text. */
.kl-stroke.target, .kl-card.target { color: light-dark(#0e7490, #22d3ee); }
.kl-stroke.forward, .kl-card.forward .number b { color: light-dark(#b91c1c, #f87171); }
.kl-stroke.reverse, .kl-card.reverse .number b { color: light-dark(#1d4ed8, #60a5fa); }
/* The key: a stroke in the pattern of its curve, in HTML an element of a class, in Markdown what is struck out. */
.kl-stroke, [data-testid="stMarkdownContainer"] del {
  display: inline-block; flex: none; width: 34px; height: 10px; font-size: 0; text-decoration: none;
  background: linear-gradient(currentColor, currentColor) center / 100% 2.5px no-repeat;
}
[data-testid="stMarkdownContainer"] del { vertical-align: middle; margin: -4px 0.3rem 0 0; }
.kl-stroke.forward, [data-testid="stMarkdownContainer"] del:has(> strong) {
  background: repeating-linear-gradient(90deg, currentColor 0 9px, transparent 9px 14px) left / 100% 2.5px no-repeat;
}
.kl-stroke.reverse, [data-testid="stMarkdownContainer"] del:has(> em) {
  background: radial-gradient(circle, currentColor 1.2px, transparent 1.7px) left center / 5.6px 10px repeat-x;
}
[data-testid="stMarkdownContainer"] del:has(> em > strong) {
  background: repeating-linear-gradient(90deg, currentColor 0 10px, transparent 10px 14px, currentColor 14px 16px,
    transparent 16px 20px) left / 100% 2px no-repeat;
}
[data-testid="stMarkdownContainer"] del:has(> code) {
  background: linear-gradient(currentColor, currentColor) center / 100% 1.4px no-repeat;
  & code { display: none; }
}
.kl-card { display: grid; gap: 0.15rem; font-variant-numeric: tabular-nums; }
.kl-card .head { display: flex; align-items: center; gap: 0.5rem; }
.kl-card .number { display: flex; align-items: baseline; gap: 0.6rem; }
.kl-card .number b { font-size: 1.6rem; font-weight: 600; line-height: 1.2; }
.kl-card .bars { display: flex; flex-wrap: wrap; gap: 0.1rem 1.4rem; }
.kl-card .bar { display: inline-flex; align-items: center; gap: 0.5rem; }
.kl-card .bar i { width: 90px; height: 8px; border-radius: 4px; background: linear-gradient(
  currentColor, currentColor) left / calc(100% * var(--share)) 100% no-repeat, light-dark(#e2e8f0, #334155); }
.kl-card.forward .bar i { color: light-dark(#dc2626, #f87171); }
.kl-card.reverse .bar i { color: light-dark(#2563eb, #60a5fa); }
/* What is of another state, or of another frame, than the one drawn steps back. */
.st-key-opening, .st-key-cards, .st-key-account, .st-key-value { transition: opacity 0.12s; }
html[data-kl-moving] :is(.st-key-opening, .st-key-cards, .st-key-account, .st-key-value) { opacity: 0.4; }
html[data-kl-moving] .st-key-easel .st-key-small_print { opacity: 0.4; }
/* Running text is no wider than can be read; a line of a table or of code is not running text. */
[data-testid="stMain"] [data-testid="stMarkdownContainer"] :is(p, li):not(td *, th *, label *, button *, a *) {
  max-width: 70ch;
}
/* The first sign that a change has been taken: a hairline over the page, within a tenth of a second of when the server
   begins; it comes and goes softly, so that nothing blinks. */
[data-testid="stApp"]::before {
  content: ""; position: fixed; z-index: 1000; inset: 0 0 auto; height: 2px; pointer-events: none;
  background: light-dark(#0891b2, #22d3ee); opacity: 0; transition: opacity 0.3s linear;
}
[data-testid="stApp"]:is([data-test-script-state="running"], [data-test-script-state="rerunRequested"])::before {
  opacity: 1; transition: opacity 0.1s linear;
}
/* Waiting: what is old steps back as soon as it takes longer than a glance, and what is said meanwhile lies over it, so
   that nothing is pushed down and back. */
[data-testid="stElementContainer"][data-stale="true"] {
  opacity: 0.4 !important; transition: opacity 0.12s linear 0.25s !important;
}
[data-testid="stElementContainer"]:has([data-testid="stSpinner"]), *:has(> [class*="st-key-waiting_"]) {
  position: relative !important; z-index: 15; height: 0 !important; min-height: 0; overflow: visible;
}
:is([data-testid="stElementContainer"]:has([data-testid="stSpinner"]), *:has(> .st-key-work)) { margin-bottom: -1rem; }
*:has(> [class*="st-key-waiting_"]) { margin-bottom: -1rem; }
[data-testid="stSpinner"], [class*="st-key-waiting_"] {
  background: light-dark(#ffffff, #0f172a); border-top: 3px solid light-dark(#0891b2, #22d3ee); padding: 0.2rem 0.4rem;
}
/* Work that has a button to stop it has both on one bar. */
[class*="st-key-waiting_"] [data-testid="stElementContainer"]:has([data-testid="stSpinner"]) {
  height: auto !important; margin: 0;
  & [data-testid="stSpinner"] { border: 0; padding: 0; }
}
/* Who asks for less motion sees nothing glide, of this app or of Streamlit: what changes, changes at once. */
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after, [data-testid="stElementContainer"][data-stale="true"] {
    animation-duration: 0s !important; transition-duration: 0s !important;
  }
}
/* Parts that are there for the browser alone take no room; a stage has its room before it is there. */
*:has(> [class*="st-key-unseen"]), [class*="st-key-unseen"], [data-testid="stElementContainer"]:has(.kl-shown) {
  position: absolute !important; width: 0; height: 0; overflow: hidden;
}
.st-key-fits_place { min-height: calc(clamp(240px, 48vh - 170px, 450px) + 214px); }
/* The lines of the sentences are there before the sentences are. */
.st-key-head_2 { min-height: 6.2rem; }
.st-key-head_3 { min-height: 7.8rem; }
.st-key-opening [data-testid="stMarkdownContainer"] { margin: 0; }
.st-key-opening [data-testid="stMarkdownContainer"] p { font-size: 1.05rem; line-height: 1.55; margin: 0; }
/* Tables of numbers: no grid, little air. */
[data-testid="stMainBlockContainer"] table { width: 100%; margin-bottom: 0.5rem; }
[data-testid="stMainBlockContainer"] table :is(td, th) {
  padding: 0.1rem 0.4rem 0.1rem 0; border: 0; font-weight: inherit; font-variant-numeric: tabular-nums;
}
/* An error, small beside its number, stays whole at the end of a line; the sources of a sixth column do not. */
:is(strong + span, td:nth-child(-n + 5) > span)[style^="font-size"] { white-space: nowrap; }
/* Presented or embedded: the picture, what moves it, and its numbers. What goes is only hidden, and so comes back. */
body:has(.kl-shown:is(.presented, .embedded)) {
  & :is([data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stExpandSidebarButton"]) { display: none; }
  & :is(.st-key-account, .st-key-below, .st-key-thread, .st-key-small_print, .st-key-index) { display: none; }
  & [class*="st-key-undo_"] { display: none; }
  & [data-testid="stMain"] [data-testid="stExpander"] { display: none; }
  /* A derivation is its steps alone. */
  & .st-key-panel { display: none; }
  & .st-key-proofs [data-testid="stMarkdownContainer"] { margin-bottom: 0; }
  & [class*="st-key-before"] { opacity: 0.55; }
  & [class*="st-key-now"] .katex-display > .katex { font-size: 1.35em; }
  & [data-testid="stColumn"]:has(> [data-testid="stVerticalBlock"] .st-key-tools) { display: none; }
  & [data-testid="stMainBlockContainer"] { max-width: none; padding-top: 0.5rem; padding-bottom: 0; }
}
html:has(.kl-shown.presented) {
  font-size: 20px; --kl-zoom: 1.3; --kl-picture: max(200px, 100vh - 500px); --kl-words: 18px;
  & [data-testid="stMainBlockContainer"] { padding-left: 4vw; padding-right: 4vw; }
  & .st-key-fits_place { min-height: 0; --kl-picture: max(200px, 100vh - 640px); }
  & h1 { font-size: 1.3rem; padding: 0 0 0.9rem; }
  & [class*="st-key-head_"] { min-height: 0; }
  & [class*="st-key-head_"] [data-testid="stCaptionContainer"] { display: none; }
  & .st-key-cards [data-testid="stLayoutWrapper"]:has([data-testid="stPopover"]):not(:has(.kl-card)) { display: none; }
  & .st-key-cards table { display: none; }
  & .st-key-easel [data-testid="stCaptionContainer"] { display: none; }
  /* Letters of a chart are of a fixed size: it grows as a whole, and is drawn for a narrower place. */
  & [data-testid="stElementContainer"]:has([data-testid="stVegaLiteChart"]) {
    width: calc(100% / var(--kl-zoom)) !important;
  }
  & [data-testid="stVegaLiteChart"] { zoom: var(--kl-zoom); }
  & .st-key-presets { flex-wrap: wrap !important; }
}
/* On a low screen the picture and what moves it are still seen at once. */
@media (max-height: 800px) {
  html:has(.kl-shown.presented) { font-size: 18px; --kl-zoom: 1.1; }
}
html:has(.kl-shown.embedded) {
  --kl-picture: max(120px, 100vh - 262px);
  & :is(.st-key-title, .st-key-presets, .st-key-under, .st-key-cards) { display: none; }
  & [class*="st-key-head_"] { min-height: 0; }
  /* Where there is no picture, what was found is the sentence. */
  &:has(:is(.st-key-fits_place, :is(.st-key-easel, .st-key-bench) :is(PICTURE, [data-testid="stSkeleton"]))) {
    & [class*="st-key-head_"] { display: none; }
  }
  & .st-key-fits_place { min-height: 0; }
  & [data-testid="stMainBlockContainer"] { padding: 0 0.5rem; }
  & [data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"] { gap: 0; }
  & [data-testid="stColumn"]:has(> [data-testid="stVerticalBlock"] .st-key-controls) { display: none; }
  /* Of several pictures the first stays, or their first row; of controls beside or above it, those that move it. */
  & .st-key-easel [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"]) {
    display: flex !important; flex-wrap: nowrap;  /* also where a narrow screen would set one below the other */
    & > [data-testid="stColumn"] { min-width: 0 !important; position: static !important; }
    & > [data-testid="stColumn"]:not(:has(PICTURE)) { display: none; }
  }
  & :is(.st-key-easel > :has(CHART):not(:has(.st-key-pair)), .st-key-trials CHARTED) ~ :has(CHART) { display: none; }
  & .st-key-easel > * { position: static !important; }
  & .st-key-bench > :has(> .st-key-controls) { display: none; }
  & .st-key-bench .st-key-stage > * > * > [data-testid="stColumn"] { position: static !important; }
  & .st-key-bench .st-key-stage > * > * > [data-testid="stColumn"]:not(:nth-child(2)) { display: none; }
  & .st-key-bench > :has(> [data-testid="stHorizontalBlock"] [data-testid="stSlider"]) { display: none; }
  & [data-testid="stMain"] [data-testid="stCaptionContainer"] { display: none; }
}
/* A large screen shows all of it larger; a chart, whose letters are of a fixed size, grows as a whole. */
@media (min-width: 1700px) and (min-height: 950px) {
  html:not(:has(.kl-shown.presented)) { font-size: 17.5px; }
  [data-testid="stMainBlockContainer"] { max-width: 1600px; }
  html:not(:has(.kl-shown:is(.presented, .embedded))) {
    & [data-testid="stElementContainer"]:has([data-testid="stVegaLiteChart"]) { width: calc(100% / 1.25) !important; }
    & [data-testid="stVegaLiteChart"] { zoom: 1.25; }
  }
}
/* On a narrow screen the picture stays in sight above its controls. */
@media (max-width: 640px) {
  *:has(> .st-key-fits_place) { position: sticky; top: 3rem; z-index: 20; background: light-dark(#ffffff, #0f172a); }
  /* Streamlit's bar at the top, which is opaque here, covers no title. */
  [data-testid="stHeader"] { height: 3rem; min-height: 3rem; }
  [data-testid="stMainBlockContainer"] { padding: 2.8rem 1rem 3rem; }
  [data-testid="stMainBlockContainer"] h1 { font-size: 1.5rem; }  /* the longest title takes one line beside Present */
  [role="radiogroup"]:has(> [data-variant="segmented_control"]:nth-child(3)) > button { padding-inline: 0.55rem; }
  /* Small fields of one kind share a row. */
  [class*="st-key-symbols"] > [data-testid="stLayoutWrapper"]:has(> * > * > [data-testid="stTextInput"]) {
    width: auto; flex: 1 1 21%; min-width: 4.6rem;
  }
  .st-key-symbols_at > [data-testid="stElementContainer"] { width: 100%; flex: 1 1 100%; }
  /* Columns that stand below one another are no farther apart than other parts of the page. */
  [data-testid="stMain"] [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"]) { gap: 1rem; }
  /* What a symbol means is said in one line: `s2` is the … of …. */
  .st-key-meanings > [data-testid="stLayoutWrapper"] { width: 100%; flex: 1 1 100%; }
  .st-key-meanings [data-testid="stSelectbox"] {
    display: flex; align-items: center; gap: 0.4rem;
    & label { flex: none; margin: 0; min-height: 0; }
    & .react-aria-ComboBox { flex: 1 1 auto; min-width: 0; }
  }
  .st-key-meanings [data-testid="stLayoutWrapper"]:has(> [data-testid="stVerticalBlock"]) {
    width: auto; flex: 1 1 auto;
  }
  .st-key-meanings [data-testid="stHorizontalBlock"] > [data-testid="stElementContainer"] { flex: none; width: 6.2rem; }
}
/* There the presets of a page are one row, moved sideways, and what fades away at its end says so. */
@media (max-width: 640px) {
  /* Undo stands at the end of that row, where nothing else does. */
  .st-key-presets:not(:has([data-testid="stPopover"])) {
    flex-wrap: nowrap !important;
    & > * { flex: none; }
    & > :has(.st-key-pills) { flex: 1 1 0; min-width: 0; }
    & .st-key-pills [role="radiogroup"] { max-width: 100%; }
  }
  .st-key-pills [role="radiogroup"] {
    flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none;
    max-width: calc(100vw - 2rem); padding: 3px 2.5rem 3px 3px;
    mask-image: linear-gradient(90deg, #000 calc(100% - 2.5rem), transparent);
    & > button { flex: none; }
  }
}
/* A finger meets the knob of a slider within 44 px, and the bar of a table or of a picture covers nothing. */
[data-testid="stSlider"] [data-rac][style*="left:"]::before { content: ""; position: absolute; inset: -16px; }
@media (hover: none) {
  [data-testid="stElementToolbar"]:has(+ [data-testid="stVegaLiteChart"]) { display: none; }
  [data-testid="stElementContainer"]:has([data-testid="stDataFrame"]) { padding-top: 2.75rem; }
}
/* On a narrow screen the picture comes first and stays in sight, its controls right under it, and then the rest: the
   boxes around the picture dissolve, so that what is in them stands in one column with the controls. */
@media (max-width: 640px) {
  [data-testid="stMain"] .katex-display > .katex { font-size: 0.8em; }
  /* A table that is wider than the screen is moved sideways; a shade at its edge says so until its end is seen. */
  [data-testid="stMain"] [data-testid="stMarkdownContainer"] table {
    display: block; overflow-x: auto; background:
      linear-gradient(270deg, light-dark(#ffffff, #0f172a) 50%, transparent) right / 2rem 100% no-repeat local,
      linear-gradient(270deg, rgb(100 116 139 / 0.45), transparent) right / 0.8rem 100% no-repeat scroll;
    & td:first-child { min-width: 4.5rem; }
    & :is(td, th):has(del) { white-space: nowrap; }
  }
  [data-testid="stMarkdownContainer"] table:has(a) td:not(:first-child, :has(a)) { white-space: nowrap; }
  .st-key-desk [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"] .st-key-easel) {
    flex-direction: column; flex-wrap: nowrap;
    & > [data-testid="stColumn"] { order: 1; width: 100%; }
    & > [data-testid="stColumn"]:has(.st-key-easel) { order: 0; }
  }
  .st-key-desk:not(:has(.st-key-contents)) [data-testid="stHorizontalBlock"] {
    & > [data-testid="stColumn"]:has(.st-key-easel),
    & > [data-testid="stColumn"] > :has(.st-key-easel),
    & > [data-testid="stColumn"] > * > :has(> .st-key-easel),
    & .st-key-easel,
    & .st-key-easel > FIRST:has(> [data-testid="stHorizontalBlock"]),
    & .st-key-easel > FIRST > [data-testid="stHorizontalBlock"] { display: contents; }
    & .st-key-easel > *, & .st-key-easel > FIRST > * > [data-testid="stColumn"] { order: 2; }
    & .st-key-easel > FIRST, & .st-key-easel > FIRST > * > [data-testid="stColumn"]:first-child { order: 0; }
  }
  /* Where there is no picture, what is wrong is said above the field that it is about. */
  .st-key-desk .st-key-easel:not(:has(PICTURE)) > :has([data-testid="stAlert"]) { order: 0; }
  .st-key-bench { flex-direction: column-reverse; }
  .st-key-bench:has(.st-key-stage [data-testid="stColumn"]) {
    flex-direction: column;
    & > * { order: 1; }
    & > :has(> .st-key-stage),
    & .st-key-stage,
    & .st-key-stage > *:has(> [data-testid="stHorizontalBlock"]),
    & .st-key-stage > * > [data-testid="stHorizontalBlock"] { display: contents; }
    & .st-key-stage > *, & .st-key-stage [data-testid="stColumn"] { order: 2; }
    & .st-key-stage > * > * > [data-testid="stColumn"]:nth-child(2), & .st-key-stage > .st-key-player { order: 0; }
  }
  .st-key-desk:not(:has(.st-key-contents)) .st-key-easel > FIRST,
  .st-key-desk .st-key-easel > FIRST > [data-testid="stHorizontalBlock"] > [data-testid="stColumn"]:first-child,
  .st-key-easel > :has(> .st-key-picture_of_claim),
  .st-key-bench .st-key-stage > * > * > [data-testid="stColumn"]:nth-child(2) {
    position: sticky; top: 3rem; z-index: 20; background: light-dark(#ffffff, #0f172a);
    min-width: 100%;  /* what passes below it is not seen beside it */
  }
}
</style>""".replace("FIRST", FIRST)
    .replace("PICTURE", PICTURE)
    .replace("CHARTED", CHARTED)
    .replace("CHART", CHART)
)
