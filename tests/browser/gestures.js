// The gestures that a page offers now, in the order in which they are made: [kind, name, which of its kind].
() => {
  const main = document.querySelector('[data-testid=stMain]');
  const shadows = [...main.querySelectorAll('*')].flatMap((element) => element.shadowRoot ?? []);
  const words = (element) => (element.innerText || element.textContent || '').trim();
  const field = (element) => element.closest('[data-testid=stNumberInput]').querySelector('input');
  const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const found = [];
  const add = (kind, selector, name, under = [main], wanted = () => true) =>
    under.flatMap((root) => [...root.querySelectorAll(selector)])
      .forEach((element, which) => seen(element) && wanted(element) && found.push([kind, `${kind} ${name(element)}`, which]));
  const label = (element) => element.getAttribute('aria-label');
  const free = (element) => !element.disabled;

  add('preset', '[data-testid=stButton] button', words, [main], (button) => free(button) && words(button) !== 'Undo');
  add('slider', '[data-testid=stSlider] input[type=range]', label, [main], free);
  add('number', '[data-testid=stNumberInputStepUp]', (up) => label(field(up)), [main], free);
  add('switch', '[data-testid=stCheckbox] label', words, [main], (label) => words(label) !== 'Present');
  add('choice', '[role=radio]', words, [main], (option) => option.getAttribute('aria-checked') === 'false');
  add('list', '[data-testid=stSelectbox] input', label);
  add('text', '[data-testid=stTextInput] input, [data-testid=stTextArea] textarea', label);
  add('table', TABLES, () => '');
  add('handle', '[role=slider][tabindex="0"]', label, shadows, (handle) => handle === handle.closest('svg').querySelector('[role=slider][tabindex="0"]'));
  add('stage', '.bar button', words, shadows, (button) => free(button));
  add('player', '.player', () => '', shadows);
  add('fold', '[data-testid=stExpander] summary', (summary) => words(summary.querySelector('[data-testid=stMarkdownContainer]')));
  add('units', '[data-testid=stSidebar] [role=radio]', words, [document], (unit) => unit.getAttribute('aria-checked') === 'false');
  add('undo', '[data-testid=stButton] button', words, [main], (button) => free(button) && words(button) === 'Undo');
  // Last, as it hides what the others move.
  add('present', '[data-testid=stCheckbox] label', words, [main], (label) => words(label) === 'Present');
  return found;
}
