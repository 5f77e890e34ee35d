// A term of the glossary says what it means where it stands: while the pointer or the focus is on it, and on a tap. A
// number of a table says the same of the term that its column or, without one, its row links to. One listener of each
// kind serves the whole page, whatever texts and tables come and go.
const TERM = 'a[href^="glossary"]';
const GAP = 4; // px between a term and what is said of it

export default function () {
  const root = document.documentElement;
  if (root.dataset.klLabHints) return;
  root.dataset.klLabHints = "on";

  const hint = document.createElement("div");
  hint.id = "kl-hint";
  hint.setAttribute("role", "tooltip");
  hint.hidden = true;
  document.body.append(hint);
  let shown = null; // the place that it speaks of
  let touched = false;

  // The meaning stands in the title of a link: the browser's own hint would lie over this one, so it is kept elsewhere.
  const meaning = (term) => {
    if (term.title) {
      term.dataset.meaning = term.title;
      term.removeAttribute("title");
    }
    return term.dataset.meaning;
  };

  const termOf = (place) => {
    if (place.matches(TERM)) return place;
    const row = place.parentElement;
    const column = row.closest("table").tHead?.rows[0].cells[place.cellIndex];
    return [column, row.cells[0]].map((cell) => cell?.querySelector(TERM)).find(Boolean);
  };

  const hide = () => {
    shown?.removeAttribute("aria-describedby");
    shown = null;
    hint.hidden = true;
  };

  const show = (place) => {
    if (shown === place) return;
    hide();
    const term = termOf(place);
    const text = term && meaning(term);
    if (!text) return;
    shown = place;
    hint.replaceChildren(text);
    if (touched) hint.append(" ", Object.assign(document.createElement("a"), { href: term.href, textContent: "Glossary" }));
    place.setAttribute("aria-describedby", hint.id);
    hint.hidden = false;
    const at = place.getClientRects()[0] ?? place.getBoundingClientRect();
    const size = hint.getBoundingClientRect();
    const below = at.bottom + GAP + size.height <= innerHeight;
    hint.style.left = `${Math.max(GAP, Math.min(at.left, root.clientWidth - size.width - GAP))}px`;
    hint.style.top = `${below ? at.bottom + GAP : Math.max(GAP, at.top - size.height - GAP)}px`;
  };

  const placeOf = (element) => element.closest?.(`${TERM}, tbody td`);

  document.addEventListener("pointerdown", (event) => (touched = event.pointerType === "touch"), true);
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch" || hint.contains(event.target)) return;
    const place = placeOf(event.target);
    if (place) show(place);
    else hide();
  });
  document.addEventListener("focusin", (event) => {
    const term = event.target.closest?.(TERM);
    if (term && !touched) show(term);
  });
  document.addEventListener("focusout", (event) => event.target === shown && hide());
  // The first tap on a term says what it means, a second one follows the link; a tap elsewhere closes.
  document.addEventListener(
    "click",
    (event) => {
      if (!touched || hint.contains(event.target)) return;
      const place = placeOf(event.target);
      if (!place || place === shown) return hide();
      show(place);
      if (shown && place.matches(TERM)) {
        event.preventDefault();
        event.stopPropagation();
      }
    },
    true,
  );
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("scroll", (event) => !hint.contains(event.target) && hide(), true);
}
