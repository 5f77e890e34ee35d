// Call `draw` when the theme changes: the colours that it reads would be those of the other ground. `element` has the
// colour of the theme's text, so that a change of theme ends in a transition of it.
function onTheme(element, draw) {
  element.style.transition = "color 1ms";
  element.addEventListener("transitionend", (event) => { if (event.target === element) draw(); });
}
