// Within a page the address follows what is set without a new entry in the history, so that Back leaves the page.
// Streamlit pushes an entry for every address that the server writes; one of the same page takes the present one's place.
// The server hears once that this is so, and writes no address of its own before.
const marked = "replacesWithinAPage";

export default function ({ setStateValue }) {
  if (history.pushState[marked]) return;
  const push = history.pushState.bind(history);
  history.pushState = (state, title, url) => {
    const within = url != null && new URL(url, location.href).pathname === location.pathname;
    return within ? history.replaceState(state, title, url) : push(state, title, url);
  };
  history.pushState[marked] = true;
  setStateValue("at_work", true);
}
