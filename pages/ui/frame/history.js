// Within a page the address follows what is set without a new entry in the history, so that Back leaves the page.
// Streamlit pushes an entry for every address that the server writes; one of the same page takes the present one's place.
// The address that opened the app is left to this script: what the server says of it stands in the page, and is written
// here. The server is told nothing: what it hears of a page that is just being left it would take for the next one's,
// and Streamlit's side in the browser would end there with a white page.
//
// After Back or Forward the server may still be speaking of the page that was left, and Streamlit would push that page's
// address, and so undo the step and drop what lay ahead. Only a person leaves a page: until one has pressed something,
// an address of another page is such an echo, and is not written.
const marked = "replacesWithinAPage";

// Once the server has said what the first address is to say, and as long as it is the first, write it.
function writeFirst(replace) {
  const first = location.href;
  const write = () => {
    const said = document.querySelector("[data-first-address]");
    if (said && location.href === first) {
      const frame = location.search.slice(1).split("&").filter((each) => each.startsWith("embed")); // Streamlit's own
      const query = [...frame, atob(said.dataset.firstAddress)].filter(Boolean).join("&");
      replace(history.state, "", location.pathname + (query && `?${query}`));
    }
    return said || location.href !== first;
  };
  if (write()) return;
  const seen = new MutationObserver(() => write() && seen.disconnect());
  seen.observe(document.body, { childList: true, subtree: true });
}

export default function () {
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
  writeFirst(replace);
}
