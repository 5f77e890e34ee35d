// Runs in a page before anything of its own. `window.atRest()`, asked once a frame, says whether the page has come to
// rest: the server has finished the last run that was asked of it, nothing that the page has put off for a moment is
// still due, every typeface and every widget's code is there, and for so many frames nothing has changed on the screen.
// Frames are counted, not milliseconds: a busy machine draws fewer of them.
(() => {
  const STEADY = 6; // frames
  const MOMENT = 1500; // ms: what waits for longer, a sign of life or a retry, is not of the present gesture
  const [ASKS, BEGINS, ENDS] = [11, 4, 6]; // fields of Streamlit's messages: rerun_script, new_session, script_finished
  const CUT_SHORT = 2; // script_finished: another run follows
  const runs = { sent: 0, entries: 0, awaited: true, running: false };
  const due = new Set();
  let steady = 0;

  // The first of the fields wanted on the outermost level of a message, and its value where that is a number.
  const opened = (bytes, wanted) => {
    let at = 0;
    const number = () => {
      let value = 0;
      for (let scale = 1; ; scale *= 128) {
        if (at >= bytes.length) return value;
        const byte = bytes[at++];
        value += (byte & 127) * scale;
        if (byte < 128) return value;
      }
    };
    while (at < bytes.length) {
      const tag = number();
      const [field, kind] = [Math.floor(tag / 8), tag % 8];
      const value = kind === 0 ? number() : null;
      if (wanted.includes(field)) return [field, value];
      const size = kind === 2 ? number() : 0;
      if (kind !== 0 && kind !== 2) break;
      at += size;
    }
    return [null, null];
  };

  const hear = ({ data }) => {
    const [field, value] = opened(new Uint8Array(data), [BEGINS, ENDS]);
    if (field === BEGINS) Object.assign(runs, { awaited: false, running: true });
    if (field === ENDS && value !== CUT_SHORT) runs.running = false;
  };
  const say = ([field]) => {
    runs.sent++;
    if (field === ASKS) runs.awaited = true;
  };
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (message) {
    say(opened(new Uint8Array(message.buffer ?? message, message.byteOffset, message.byteLength), [ASKS]));
    return send.call(this, message);
  };
  window.WebSocket = new Proxy(WebSocket, {
    construct(Socket, parts) {
      const socket = new Socket(...parts);
      socket.addEventListener('message', hear);
      socket.addEventListener('close', () => Object.assign(runs, { awaited: true, running: false }));
      return socket;
    },
  });

  const { pushState } = History.prototype; // counted, as a history that is full grows no longer
  History.prototype.pushState = function (...entry) {
    runs.entries++;
    return pushState.apply(this, entry);
  };

  const [{ setTimeout, clearTimeout }, { attachShadow }] = [window, Element.prototype];
  window.setTimeout = (task, delay, ...parts) => {
    if (!(delay > 0 && delay <= MOMENT) || typeof task !== 'function') return setTimeout(task, delay, ...parts);
    const timer = setTimeout(() => (due.delete(timer), task(...parts)), delay);
    due.add(timer);
    return timer;
  };
  window.clearTimeout = (timer) => (due.delete(timer), clearTimeout(timer));

  const changes = { subtree: true, childList: true, attributes: true, characterData: true };
  const changed = new MutationObserver(() => (steady = 0));
  changed.observe(document, changes);
  Element.prototype.attachShadow = function (options) {
    const root = attachShadow.call(this, options);
    changed.observe(root, changes);
    return root;
  };

  // While a page is coming, Streamlit moves the grey bars in its place, and all of them are drawn anew in every frame.
  const still = new CSSStyleSheet();
  still.replaceSync('[data-testid=stSkeleton], [data-testid=stSkeleton] * { animation: none !important; }');
  document.adoptedStyleSheets = [still];

  const idle = () => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning';
  const dressed = () => document.fonts.status === 'loaded' && !document.querySelector('[data-testid=stSkeleton]');
  // The stage of home has its first numbers from the browser, then those of the engine.
  const unanswered = () => document.querySelector('.st-key-fits_place') && !window.klLabFits?.stage?.answer;
  const reasons = () => ({
    'a run is awaited': runs.awaited, 'a run goes on': runs.running, 'the script runs': !idle(),
    'the engine has not answered': unanswered(), 'something is put off': due.size > 0, 'something is being fetched': !dressed(),
  });
  window.runs = runs;
  window.unrest = () => Object.entries(reasons()).flatMap(([reason, holds]) => (holds ? [reason] : []));
  window.countAnew = () => (steady = 0); // what was still before a gesture says nothing of what it will move
  window.atRest = () => (unrest().length ? (steady = 0) : steady++) >= STEADY;
})();
