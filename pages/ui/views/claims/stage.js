// A claim under the hand: while its dial is held, the states that Python has computed are shown, one after another, each
// with its own picture, verdict and sentence. Nothing of what is said is worked out here.
const EDGE = { left: 46, right: 10, top: 24, bottom: 38 }; // px about the plot
const FINE = 4000; // steps of the numbers in a picture, across and up
const BADGES = { true: "holds here", false: "does not hold here" };
const OWN = { "target p": "target", "forward fit": "forward", "reverse fit": "reverse", q: "given", r: "other" };
const [SHORTEST, TALLEST] = [90, 0.6]; // px, and share of the window: a picture that takes what room there is

// Of Python: claim, token, seq, dial, at, now (a state), told, verdict, fit; and in parts, from its feed: texts (of the
// verdict, against it and for it), spans, edges, states by part.
class Claim extends Editing {
  constructor(root) {
    super();
    this.find = (selector) => root.querySelector(selector);
    [this.picture, this.strip] = [this.find(".picture"), this.find(".strip")];
    this.find(".less").onclick = () => this.move(-1);
    this.find(".more").onclick = () => this.move(1);
    this.strip.onkeydown = (event) => this.press(event);
    this.strip.onpointerdown = (event) => {
      if (event.button) return;
      this.strip.setPointerCapture(event.pointerId);
      this.strip.focus({ preventScroll: true });
      [this.held, this.before] = [true, this.at];
      this.place(event);
    };
    this.strip.onpointermove = (event) => this.held && this.place(event);
    this.strip.onpointerup = () => {
      if (!this.held) return;
      this.held = false;
      this.report();
    };
    this.strip.onpointercancel = () => { // the finger was about to scroll the page
      if (this.held) this.at = this.before;
      this.held = false;
      this.later();
    };
    this.resized = new ResizeObserver(() => this.later());
    this.resized.observe(this.find(".claim"));
    this.fitted = () => this.later();
    window.addEventListener("resize", this.fitted);
    onTheme(this.find(".claim"), () => this.later());
    Object.assign(this, { seq: 0, states: new Map(), fed: {} });
    meeting().stage = this;
  }

  load({ data, setTriggerValue }) {
    this.send = setTriggerValue;
    if (data.token === this.token) return;
    const waits = this.held || (data.claim === this.claim && (data.seq < this.seq || this.timer));
    const at = waits ? this.at : data.at;
    Object.assign(this, data, { at, seq: Math.max(this.seq, data.seq) });
    // What comes later above or below it, a button or the typeface of the claim, leaves less room to a picture that fits.
    if (this.fit) this.resized.observe(document.querySelector("[data-testid=stMainBlockContainer]"));
    this.feed();
  }

  // What has come of this claim so far: its verdict, and states of its dial.
  feed() {
    this.fed = meeting().fed[this.of] ?? {};
    const states = [...Object.values(this.fed.parts ?? {}).flat(), this.now];
    this.states = new Map(states.map((state) => [state.at, state]));
    this.later();
  }

  // The state on the screen: the one under the hand, or, where it is not known yet, the last that was.
  get state() {
    const found = this.states.get(this.at);
    if (found) this.last = { of: this.of, found };
    return found ?? (this.last?.of === this.of ? this.last.found : this.now);
  }

  get edit() { return { claim: this.claim, at: this.at, seq: this.seq }; }

  report() {
    this.timer = clearTimeout(this.timer);
    if (this.at === this.now.at) return this.later();
    this.seq += 1;
    this.send("edit", this.edit);
    this.later();
  }

  reportSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.report(), PAUSE);
  }

  // Under the hand the dial goes from one state that is computed to the next; before these are there, from step to step.
  place(event) {
    const { low, high, step, decimals } = this.dial;
    const box = this.strip.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left - THUMB) / (box.width - 2 * THUMB)));
    const wanted = low + share * (high - low);
    const known = [...this.states.keys()];
    this.at = known.length > 2
      ? known.reduce((best, at) => (Math.abs(at - wanted) < Math.abs(best - wanted) ? at : best))
      : Number((low + Math.round((wanted - low) / step) * step).toFixed(decimals));
    this.later();
  }

  // By one step of the dial, or several.
  move(steps) {
    const { low, high, step, decimals } = this.dial;
    this.at = Number(Math.min(high, Math.max(low, this.at + steps * step)).toFixed(decimals));
    this.later();
    this.reportSoon();
  }

  press(event) {
    const far = Math.ceil((this.dial.high - this.dial.low) / this.dial.step);
    const by = event.shiftKey ? 10 : 1;
    const steps = {
      ArrowLeft: -by, ArrowDown: -by, ArrowRight: by, ArrowUp: by, PageDown: -10, PageUp: 10, Home: -far, End: far,
    }[event.key];
    if (!steps) return;
    event.preventDefault();
    this.move(steps);
  }

  draw() {
    if (!this.now || !this.picture.isConnected) return;
    const { state } = this;
    document.documentElement.toggleAttribute("data-kl-moving", this.at !== this.now.at);
    this.find(".claim").classList.toggle("stale", state.at !== this.at);
    this.say(state);
    this.fitIn();
    drawPicture(this.picture, state.picture, this.colors);
    this.drawDial(state);
    this.picture.setAttribute("aria-label", state.picture.alt);
    this.picture.dataset.picture = state.picture.alt;
  }

  get colors() {
    const [target, forward, reverse] = getComputedStyle(this.picture)
      .getPropertyValue("--st-chart-categorical-colors").split(",");
    return { target, forward, reverse, given: "currentColor", other: "currentColor" };
  }

  say({ holds, said }) {
    const [told, badge] = [this.find(".told"), this.find(".badge")];
    told.setAttribute("aria-live", this.held ? "off" : "polite");
    const texts = this.told ? this.fed.texts : null;
    badge.textContent = BADGES[holds];
    badge.dataset.holds = holds;
    this.keepRoom(told, texts ?? [this.untold]);
    written(this.find(".verdict"), texts ? texts[Number(holds)] : this.untold);
    written(this.find(".here span"), said);
  }

  // The lines of the longest texts are there whatever is said, so that nothing under them jumps.
  keepRoom(told, texts) {
    const longest = (all) => all.reduce((long, text) => (text.length > long.length ? text : long), "");
    const [verdict, said] = [longest(texts), longest([...this.states.values()].map((state) => state.said))];
    const wanted = `${told.clientWidth} ${verdict} ${said}`;
    if (wanted === this.room) return;
    this.room = wanted;
    told.style.minHeight = "";
    written(this.find(".verdict"), verdict);
    written(this.find(".here span"), said);
    told.style.minHeight = `${told.offsetHeight}px`;
  }

  // On a wall or in a frame the picture takes the room that the rest leaves.
  fitIn() {
    if (!this.fit) return this.picture.style.removeProperty("height");
    const easel = this.picture.getRootNode().host?.closest(".st-key-easel") ?? this.find(".claim");
    const beside = easel.getBoundingClientRect().bottom - this.picture.getBoundingClientRect().height;
    const top = document.querySelector("[data-testid=stMain]").scrollTop;
    const height = Math.max(SHORTEST, Math.min(TALLEST * innerHeight, innerHeight - beside - top - 12));
    this.picture.style.height = `${Math.floor(height)}px`;
  }

  drawDial({ holds }) {
    const { label, hint, low, high, step, decimals } = this.dial;
    const [width, text] = [this.strip.clientWidth, this.at.toFixed(decimals).replace("-", "−")];
    const to = (at) => THUMB + ((at - low) / (high - low)) * (width - 2 * THUMB);
    const spans = (this.told && this.fed.spans) || [[low, high, false]];
    const edges = (this.told && this.fed.edges) || [];
    const wide = ([from, end]) => this.told && this.fed.spans && to(end) - to(from) > 90;
    const marks = ticks(low, high, Math.max(3, width / 110));
    fill(this.strip, [
      ...spans.map(([from, end, true_]) =>
        ({ tag: "rect", class: true_ ? "true" : "false", x: to(from), width: Math.max(0, to(end) - to(from)), y: 18, height: 12 })),
      ...spans.filter(wide).map(([from, end, true_]) =>
        ({ tag: "text", x: (to(from) + to(end)) / 2, y: 12, text: true_ ? "holds" : "fails" })),
      ...edges.map(([at]) => ({ tag: "line", x1: to(at), x2: to(at), y1: 14, y2: 34 })),
      ...edges.map(([at, name]) => ({ tag: "text", class: "edge", x: inside(to(at), 24, width), y: 12, text: name })),
      ...marks.map((at) => ({ tag: "text", class: "mark", x: inside(to(at), 10, width), y: 48, text: signed(at) })),
      { tag: "path", class: "thumb", d: `M${to(this.at)},13l11,11l-11,11l-11,-11z` },
    ]);
    written(this.find(".name"), label);
    this.find(".name").title = hint;
    this.find("output").textContent = text;
    this.find(".less").disabled = this.at <= low;
    this.find(".more").disabled = this.at >= high;
    const said = { label, valuemin: low, valuemax: high, valuenow: this.at, valuetext: `${text}: ${BADGES[holds]}` };
    for (const [name, value] of Object.entries(said)) this.strip.setAttribute(`aria-${name}`, value);
    for (const [name, by] of [["less", "less"], ["more", "more"]]) {
      this.find(`.${name}`).setAttribute("aria-label", `${label}: ${by} by ${step}`);
    }
  }

  close() {
    super.close();
    window.removeEventListener("resize", this.fitted);
    document.documentElement.removeAttribute("data-kl-moving");
    if (meeting().stage === this) meeting().stage = null;
  }
}

const THUMB = 12; // px that the thumb needs at either end
const signed = (x) => String(x).replace("-", "−");
const inside = (x, half, width) => Math.min(width - half, Math.max(half, x));

// A text whose **parts** between stars are bold.
function written(node, text) {
  if (node.dataset.text === text) return;
  node.dataset.text = text;
  node.replaceChildren(...text.split("**").map((part, i) => {
    const piece = document.createElement(i % 2 ? "strong" : "span");
    piece.textContent = part;
    return piece;
  }));
}

function drawPicture(svg, picture, colors) {
  const [width, height] = [Math.max(200, svg.clientWidth), svg.clientHeight];
  const [wide, high] = [width - EDGE.left - EDGE.right, height - EDGE.top - EDGE.bottom];
  const place = { x: (x) => EDGE.left + (x / FINE) * wide, y: (y) => EDGE.top + (1 - y / FINE) * high };
  const ground = { x: EDGE.left, y: 0, width: wide, height: height - EDGE.bottom + 1 };
  fill(svg.querySelector("clipPath"), [{ tag: "rect", ...ground }]);
  fill(svg.querySelector(".axis"), axes(picture, place, width, height));
  const { drawn, labels } = (picture.names.length ? bars : curves)(picture, place, colors);
  fill(svg.querySelector(".drawn"), drawn);
  fill(svg.querySelector(".labels"), apart(labels));
}

function axes({ view: [low, right, bottom, top], x, y, names }, place, width, height) {
  const floor = height - EDGE.bottom;
  const across = names.length ? [] : ticks(low, right, Math.max(3, width / 80));
  const up = ticks(bottom, top, Math.max(2, height / 60));
  const [to, rise] = [(at) => place.x((FINE * (at - low)) / (right - low)), (at) => place.y((FINE * (at - bottom)) / (top - bottom))];
  return [
    ...up.map((at) => ({ tag: "line", x1: EDGE.left, x2: width - EDGE.right, y1: rise(at), y2: rise(at) })),
    { tag: "line", x1: EDGE.left, x2: width - EDGE.right, y1: floor, y2: floor },
    ...up.map((at) => ({ tag: "text", class: "up", x: EDGE.left - 6, y: rise(at) + 4, text: signed(at) })),
    ...across.map((at) => ({ tag: "text", x: inside(to(at), 12, width), y: floor + 17, text: signed(at) })),
    ...names.map((name, i) => ({ tag: "text", x: place.x((FINE * (i + 0.5)) / names.length), y: floor + 17, text: name })),
    { tag: "text", x: EDGE.left + (width - EDGE.left - EDGE.right) / 2, y: height - 5, text: x },
    { tag: "text", class: "title", x: 4, y: 12, text: y },
  ];
}

function curves({ lines, rug, zero, here }, { x, y }, colors) {
  const path = (d) => d.reduce((text, at, i) => text + (i % 2 ? `,${y(at).toFixed(1)}` : `${i ? "L" : "M"}${x(at).toFixed(1)}`), "");
  const drawn = [];
  for (const { role, d, filled } of lines) {
    const kind = OWN[role];
    if (filled && kind === "target" && d.length) {
      const floor = y(zero).toFixed(1);
      const shut = `${path(d)}L${x(d.at(-2)).toFixed(1)},${floor}L${x(d[0]).toFixed(1)},${floor}Z`;
      drawn.push({ tag: "path", class: "area", d: shut, fill: colors[kind], stroke: "none" });
    }
    drawn.push({ tag: "path", class: kind, d: path(d), stroke: colors[kind], fill: "none" });
  }
  for (const at of rug) drawn.push({ tag: "path", class: "rug", d: `M${x(at).toFixed(1)},${y(0) + 1}v-14`, stroke: "currentColor", fill: "none" });
  if (here !== null) {
    const across = `M${x(here).toFixed(1)},${y(0).toFixed(1)}V${y(FINE).toFixed(1)}`;
    drawn.push({ tag: "path", class: "here", d: across, stroke: "currentColor", fill: "none" });
  }
  const labels = lines.map(({ name, role, at }) => ({
    tag: "text", class: OWN[role], x: x(at[0]), y: Math.max(14, y(at[1]) - 7), fill: colors[OWN[role]], text: name,
  }));
  return { drawn, labels };
}

// Bars side by side at each name: p filled, the others an outline; each series is named over the first of its bars.
function bars({ lines, names, zero }, { x, y }, colors) {
  const room = FINE / names.length;
  const wide = (0.7 * room) / lines.length;
  const [drawn, labels] = [[], []];
  lines.forEach(({ name, role, d }, k) => d.forEach((value, i) => {
    const kind = OWN[role];
    const left = x(i * room + 0.15 * room + k * wide + 0.06 * wide);
    const [top, floor] = [y(Math.max(value, zero)), y(Math.min(value, zero))];
    const box = { x: left, width: x(0.88 * wide) - x(0), y: top, height: floor - top };
    const look = kind === "target" ? { fill: colors[kind], stroke: "none" } : { fill: "none", stroke: colors[kind] };
    drawn.push({ tag: "rect", class: `bar ${kind}`, ...box, ...look });
    if (!i) labels.push({ tag: "text", class: kind, x: left + box.width / 2, y: top - 6, fill: colors[kind], text: name });
  }));
  drawn.push({ tag: "path", class: "zero", d: `M${x(0)},${y(zero)}H${x(FINE)}`, stroke: "currentColor", fill: "none" });
  return { drawn, labels };
}

// Labels that would lie over one another: the later one goes beside the earlier.
function apart(labels) {
  const placed = [];
  for (const label of labels) {
    const half = 4 * label.text.length + 3;
    let { x } = label;
    for (const other of placed) {
      const room = half + 4 * other.text.length + 3;
      if (Math.abs(other.y - label.y) < 14 && Math.abs(other.x - x) < room) x = other.x + room;
    }
    placed.push({ ...label, x });
  }
  return placed;
}

// Where the stage and what is fed to it meet: what has come is kept by the claim and the units that it is `of`.
const meeting = () => (window.klLabClaims ??= { stage: null, fed: {} });

// A part that comes again, as at every run of the page, takes its own place.
function feed({ of, part, states, ...more }) {
  const { stage: open, fed } = meeting();
  const before = fed[of] ?? { parts: {} };
  fed[of] = { ...before, ...more, parts: { ...before.parts, [part]: states } };
  if (open?.of === of) open.feed();
}

const stage = mount(Claim);

// One script for the stage and, without a drawing of its own, for each part of what is fed to it.
export default function (component) {
  return component.data.states ? feed(component.data) : stage(component);
}
