// The stage: p and its forward fit follow the hand at the screen's rate; Python hears of a change when it is let go.
const EDGE = { top: 14, bottom: 26, side: 12 };
const NOTHING = 1e-12; // of its std: a mean that is 0 but for the rounding of its sum
const START = -1; // the index of the handle of q's start

class Stage extends Editing {
  constructor(root) {
    super();
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.svg = this.find(".lab > svg");
    this.find(".add").onclick = () => this.add();
    this.find(".remove").onclick = () => this.remove();
    this.svg.addEventListener("wheel", (event) => this.turn(event), { passive: false });
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(this.svg);
    onTheme(this.find(".lab"), () => this.draw());
    this.chosen = 0;
  }

  load({ data, setTriggerValue }) {
    this.send = setTriggerValue;
    if (data.token === this.token) return;
    Object.assign(this, data); // token, components, start, fixed (the std q is held at), answers, low, high, limits, most
    this.held = null;
    this.stale = false;
    this.chosen = Math.min(this.chosen, this.components.length - 1);
    this.scale();
    this.draw();
  }

  // The vertical scale stands still while a handle is held, or the curve would run away from the hand.
  scale() {
    const parts = shares(this.components);
    const forward = this.forward(parts);
    const tops = [peak(1, forward[1]), ...parts.map(([, m]) => mixture(m, parts))];
    for (const { kind, std } of this.answers) if (kind !== "saddle") tops.push(peak(1, std));
    this.top = 1.08 * Math.max(...tops);
  }

  // The forward fit has p's moments; where q is held at the std of its start, p's mean alone.
  forward(parts) {
    const [mean, std] = moments(parts);
    const centre = Math.abs(mean) < NOTHING * std ? 0 : mean;
    return [centre, this.fixed === null ? std : this.start[1]];
  }

  get width() { return Math.max(200, this.svg.clientWidth) - 2 * EDGE.side; }
  get floor() { return this.svg.clientHeight - EDGE.bottom; }
  across(x) { return EDGE.side + ((x - this.low) / (this.high - this.low)) * this.width; }
  up(y) { return this.floor - (Math.min(y, 1.02 * this.top) / this.top) * (this.floor - EDGE.top); }
  at(px) { return this.low + ((px - EDGE.side) / this.width) * (this.high - this.low); }
  height(py) { return ((this.floor - py) / (this.floor - EDGE.top)) * this.top; }

  draw() {
    if (!this.components || !this.svg.clientWidth) return;
    const parts = shares(this.components);
    const [mean, std] = this.forward(parts);
    const colors = getComputedStyle(this.svg).getPropertyValue("--st-chart-categorical-colors").split(",");
    const line = (name, color, xs, density) => {
      const seen = xs.filter((x) => x >= this.low && x <= this.high);
      const d = seen.map((x, i) => `${i ? "L" : "M"}${this.across(x).toFixed(2)},${this.up(density(x)).toFixed(2)}`);
      return { tag: "path", class: name, stroke: color, d: d.join("") };
    };
    const [target, forward, reverse] = colors;
    const curves = parts.map(([w, m, s]) => line("part", target, around(m, s), (x) => w * bell(x, m, s)));
    for (const { kind, mean: m, std: s } of this.answers) {
      const name = { best: "reverse", minimum: "reverse other" }[kind] ?? "saddle";
      const color = name === "saddle" ? undefined : reverse;
      curves.push(line(this.stale ? `${name} stale` : name, color, around(m, s), (x) => bell(x, m, s)));
    }
    curves.push(line("forward", forward, around(mean, std), (x) => bell(x, mean, std)));
    curves.push(line("target", target, places(parts), (x) => mixture(x, parts)));
    fill(this.find(".curves"), curves);
    this.drawAxis();
    this.drawHandles(parts, target);
    this.drawBar(parts, [mean, std], colors);
  }

  drawAxis() {
    const marks = ticks(this.low, this.high, Math.max(3, this.width / 90));
    fill(this.find(".axis"), [
      { tag: "line", x1: EDGE.side, x2: EDGE.side + this.width, y1: this.floor, y2: this.floor },
      ...marks.map((x) => ({ tag: "text", x: this.across(x), y: this.floor + 18, text: String(x).replace("-", "−") })),
    ]);
  }

  drawHandles(parts, color) {
    const group = this.find(".handles");
    while (group.children.length > parts.length + 1) group.lastChild.remove();
    while (group.children.length < parts.length + 1) group.append(this.handle(group.children.length - 1));
    const [mean, std] = this.start;
    const place = (k, x, y, children, words) => {
      const handle = group.children[k + 1];
      handle.setAttribute("transform", `translate(${this.across(x).toFixed(2)},${y.toFixed(2)})`);
      handle.setAttribute("class", `${k === START ? "start" : "component"}${k === this.chosen ? " chosen" : ""}`);
      handle.setAttribute("aria-label", words[0]);
      handle.setAttribute("aria-valuetext", words[1]);
      handle.setAttribute("aria-valuenow", x);
      fill(handle, [...children, { tag: "circle", class: "hold", r: 16 }]);
    };
    const reach = (std / (this.high - this.low)) * this.width;
    place(START, mean, this.floor, [
      { tag: "line", class: "reach", x1: -reach, x2: reach },
      { tag: "path", d: "M0,-8L8,0L0,8L-8,0Z" },
    ], ["Start of q", `mean ${brief(mean)}, std ${brief(std)}`]);
    parts.forEach(([w, m, s], k) => {
      const dot = { tag: "circle", class: "dot", r: 7, fill: color };
      place(k, m, this.up(peak(w, s)), [dot], [`Component ${k + 1} of p`, named([w, m, s])]);
    });
  }

  handle(k) {
    const handle = document.createElementNS(SVG, "g");
    handle.setAttribute("role", "slider");
    handle.setAttribute("tabindex", "0");
    handle.onfocus = () => { this.chosen = k; this.later(); };
    handle.onkeydown = (event) => this.press(event, k);
    handle.onpointerdown = (event) => {
      handle.setPointerCapture(event.pointerId);
      const [x, y] = this.point(event);
      const box = handle.getCTM();
      this.held = { k, dx: x - box.e, dy: y - box.f, y, std: this.start[1], moved: false };
      this.chosen = k;
      handle.focus();
    };
    handle.onpointermove = (event) => { if (this.held?.k === k) this.drag(event); };
    handle.onpointerup = handle.onpointercancel = () => {
      const moved = this.held?.moved;
      this.held = null;
      if (moved) this.report();
    };
    return handle;
  }

  point(event) {
    const box = this.svg.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  // Sideways: the mean. Up and down: the peak follows the hand, by its std or, with Shift, by its weight.
  drag(event) {
    const { k, dx, dy, y, std } = this.held;
    const [px, py] = this.point(event);
    const mean = this.round(Math.min(this.high, Math.max(this.low, this.at(px - dx))));
    this.held.moved = true;
    if (k === START) {
      this.change(k, { mean, std: std * Math.exp((y - py) / 80) });
    } else {
      const [weight, , held] = shares(this.components)[k];
      const height = Math.max(1e-3 * this.top, this.height(py - dy));
      const tall = Math.abs(py - y) > 3 || this.held.tall; // a hand that goes sideways shall not change the width
      this.held.tall = tall;
      if (!tall) this.change(k, { mean });
      else if (event.shiftKey) this.change(k, { mean, weight: height * held * ROOT_TAU });
      else this.change(k, { mean, std: weight / (height * ROOT_TAU) });
    }
  }

  press(event, k) {
    const [mean, std] = k === START ? this.start : this.components[k].slice(1);
    const share = k === START ? 1 : shares(this.components)[k][0];
    const by = (this.high - this.low) / (event.shiftKey ? 20 : 200);
    const moves = {
      ArrowLeft: { mean: this.round(mean - by) },
      ArrowRight: { mean: this.round(mean + by) },
      ArrowUp: { std: k === START ? std * 1.05 : std / 1.05 },
      ArrowDown: { std: k === START ? std / 1.05 : std * 1.05 },
      "+": { weight: share + 0.02 },
      "-": { weight: share - 0.02 },
    };
    if (event.key === "Delete") return this.remove();
    const move = moves[event.key];
    if (!move || (k === START && "weight" in move)) return;
    event.preventDefault();
    this.change(k, move);
    this.reportSoon();
  }

  turn(event) {
    const handle = event.target.closest(".handles g");
    if (!handle) return;
    event.preventDefault();
    const k = [...handle.parentNode.children].indexOf(handle) - 1;
    const std = k === START ? this.start[1] : this.components[k][2];
    this.chosen = k;
    this.change(k, { std: std * Math.exp(event.deltaY / 500) });
    this.reportSoon();
  }

  change(k, { mean, std, weight }) {
    const within = (value, [low, high]) => Math.min(high, Math.max(low, value));
    const own = k === START ? [1, ...this.start] : this.components[k];
    if (mean !== undefined) own[1] = within(mean, this.limits.mean);
    if (std !== undefined) own[2] = Number(within(std, this.limits.std).toPrecision(4));
    if (k === START) this.start = own.slice(1);
    else if (weight !== undefined) this.weigh(k, weight);
    this.stale = k !== START || this.fixed !== null;
    this.later();
  }

  // The share of one component; the others keep their ratios.
  weigh(k, weight) {
    if (this.components.length === 1) return;
    const share = Math.min(0.99, Math.max(0.01, Number(weight.toFixed(3))));
    const rest = 1 - shares(this.components)[k][0];
    this.components = shares(this.components).map(([w, m, s], i) => [i === k ? share : (w / rest) * (1 - share), m, s]);
  }

  add() {
    const count = this.components.length;
    const means = [this.low, ...this.components.map(([, m]) => m).sort((a, b) => a - b), this.high];
    const gaps = means.slice(1).map((m, i) => [m - means[i], (m + means[i]) / 2]);
    const [gap, middle] = gaps.reduce((widest, next) => (next[0] > widest[0] ? next : widest));
    const old = shares(this.components).map(([w, m, s]) => [(w * count) / (count + 1), m, s]);
    this.components = [...old, [1 / (count + 1), this.round(middle), Number((gap / 6).toPrecision(2))]];
    this.chosen = count;
    this.report();
  }

  remove() {
    if (this.chosen === START || this.components.length === 1) return;
    this.components = this.components.filter((_, i) => i !== this.chosen);
    this.chosen = 0;
    this.report();
  }

  round(x) {
    const step = 10 ** Math.floor(Math.log10((this.high - this.low) / 300));
    return Number((Math.round(x / step) * step).toPrecision(12));
  }

  get edit() { return { components: this.components, start: this.start }; }

  drawBar(parts, fit, colors) {
    this.find(".add").disabled = parts.length >= this.most;
    this.find(".remove").disabled = parts.length === 1 || this.chosen === START;
    const [mean, std] = this.start;
    const start = `q starts at mean ${brief(mean)}, std ${brief(std)}`;
    this.find("output").textContent =
      this.chosen === START ? start : `Component ${this.chosen + 1}: ${named(parts[this.chosen])}`;
    const roles = [
      ["target", "target p"],
      ["forward", `forward fit N(${brief(fit[0])}, ${brief(fit[1])}²)`],
      ["reverse", "reverse fits"],
    ];
    const key = this.find(".key");
    if (key.children.length !== roles.length) key.replaceChildren(...roles.map(() => document.createElement("span")));
    roles.forEach(([name, words], i) => {
      const label = key.children[i];
      if (!label.firstChild) label.append(document.createElementNS(SVG, "svg"), "");
      fill(label.firstChild, [{ tag: "path", class: name, stroke: colors[i], fill: "none", d: "M0,5H26" }]);
      label.lastChild.textContent = words;
    });
  }
}

const brief = (x) => String(Number(x.toPrecision(4))).replace("-", "−");
const named = ([weight, mean, std]) => `weight ${brief(weight)}, mean ${brief(mean)}, std ${brief(std)}`;

export default mount(Stage);
