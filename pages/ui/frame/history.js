// Within a page the address follows what is set without a new entry in the history, so that Back leaves the page.
// Streamlit pushes an entry for every address that the server writes; one of the same page takes the present one's place.
// The server hears once that this is so, and writes no address of its own before.
//
// After Back or Forward the server may still be speaking of the page that was left, and Streamlit would push that page's
// address, and so undo the step and drop what lay ahead. Only a person leaves a page: until one has pressed something,
// an address of another page is such an echo, and is not written.
const marked = "replacesWithinAPage";

export default function ({ setStateValue }) {
  if (history.pushState[marked]) return;
  const [push, replace] = [history.pushState.bind(history), history.replaceState.bind(history)];
  let returned = false;
  addEventListener("popstate", () => (returned = true), true);
  for (const press of ["pointerdown", "keydown", "click"]) addEventListener(press, () => (returned = false), true);
  history.pushState = (state, title, url) => {
    const within = url != null && new URL(url, location.href).pathname === location.pathname;
    if (within) replace(state, title, url);
    else if (!returned) push(state, title, url);
  };
  history.pushState[marked] = true;
  setStateValue("at_work", true);
}
