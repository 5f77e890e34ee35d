// The stage of a target of two peaks and its two fits: the target, both fits and what they pay follow the hand at the screen's rate. Python hears
// of a change when it is let go; its answer, of the same token, then takes the place of what was computed here.
const LANE = 72; // px: the height of a row of draws
const EDGE = { top: 26, bottom: 26 + 2 * LANE, side: 12 };
const [RIGHT, LEFT, RIGHT_WING, LEFT_WING, START, SPREAD] = [0, 1, 2, 3, 4, 5];
const GRIP = 14; // px up or down before a hand that goes sideways changes a height
const EASE = 250; // ms in which the axes go to where the new state needs them
const SEEN = "klLabSeen"; // of the browser's session: both fits have been watched once

class FitsStage extends DensityStage {
  constructor(root) {
    super(root, ".fits > svg", EDGE);
    const names = { play: ".play", back: ".back", on: ".on", scrubber: ".frame", speed: ".speed" };
    const parts = Object.fromEntries(Object.entries(names).map(([name, place]) => [name, this.find(place)]));
    this.transport = new Transport(parts, () => this.moved());
    this.slider = this.find(".separation");
    this.slider.oninput = () => this.slide(Number(this.slider.value));
    this.slider.onpointerdown = () => { this.grasp(); this.sliding = true; };
    this.slider.onpointerup = this.slider.onpointercancel = () => { this.sliding = false; if (this.timer) this.report(); };
    this.segments(".motion", [["fit", "fit"], ["sweep", "sweep"]], (motion) => { this.motion = this.changed.motion = motion; });
    this.segments(".lower", [["draws", "draws"], ["area", "area"]], (lower) => { this.integrands = this.changed.integrands = lower === "area"; });
    this.seq = 0;
    this.changed = {}; // since the last report: what else is set may have been changed elsewhere meanwhile
    meeting().stage = this;
  }

  segments(place, options, take) {
    this.find(place).append(...options.map(([value, title]) => {
      const [label, input] = [document.createElement("label"), document.createElement("input")];
      Object.assign(input, { type: "radio", name: place, value });
      input.onchange = () => { take(value); this.begin(); this.report(); };
      label.append(input, title);
      return label;
    }));
  }

  load({ data, setTriggerValue }) {
    this.send = setTriggerValue;
    // While something newer is under way, or has been sent and not been answered, what comes is of a state that was left.
    this.missed = this.held ? { data, setTriggerValue } : null;
    if (this.held || this.timer || data.seq < this.seq) return;
    if (data.token === this.token && data.units === this.units && data.integrands === this.integrands) return;
    const fresh = data.token !== this.token;
    Object.assign(this, data); // token, seq, state, motion, integrands, units, scale, limits, opening
    Object.assign(this.slider, { min: this.limits.separation[0], max: this.limits.separation[1], step: this.limits.separation[2] });
    this.find(`.motion [value=${this.motion}]`).checked = true;
    this.find(`.lower [value=${this.integrands ? "area" : "draws"}]`).checked = true;
    if (fresh) this.begin(meeting().answer);
    this.later();
  }

  // Python's answer: that of this state takes the place of the numbers computed here.
  answered(answer) {
    if (answer.token === this.token && !this.held && !this.timer) this.begin(answer);
  }

  // A new state, with its answer where that is known already: at rest, its axes on the way to where it needs them.
  begin(answer) {
    this.answer = answer?.token === this.token ? answer : null;
    this.live = null;
    const path = this.answer?.path;
    if (path) this.transport.load(path.forward.length, path.rest);
    else this.transport.stop();
    this.ease();
    this.mark();
    this.later();
    if (path && this.opening && !sessionStorage.getItem(SEEN)) this.welcome();
  }

  // Once in a browser session, where the address held no state: both fits run, then the right peak asks to be taken.
  welcome() {
    sessionStorage.setItem(SEEN, "yes");
    if (this.transport.still.matches) return;
    this.welcoming = true;
    this.transport.go(0);
    this.transport.start();
  }

  moved() {
    if (this.welcoming && !this.transport.timer && this.resting) {
      this.welcoming = false;
      this.breathing = true;
    }
    this.mark();
    this.later();
  }

  get sweeping() { return this.motion === "sweep"; }
  get resting() { return !this.answer || this.transport.frame === this.answer.path.rest; }

  // What stands beside the stage is dimmed while it is of another state or of another frame than the one drawn.
  mark() {
    document.documentElement.toggleAttribute("data-kl-moving", !this.answer || !this.resting);
  }

  get parts() {
    const { separation: d, weight: w, right, left } = this.state;
    return [[w, d / 2, right], [1 - w, -d / 2, left]];
  }

  // What is drawn: p, both fits with their divergences, and the other minima.
  get shown() {
    const path = this.answer?.path;
    const { frame } = this.transport;
    if (path && !this.resting) {
      const row = (way) => way[frame];
      const parts = this.sweeping ? this.partsAt((path.to * frame) / (path.forward.length - 1)) : this.parts;
      return { parts, forward: row(path.forward), reverse: row(path.reverse), others: this.sweeping ? [] : this.answer.others };
    }
    if (this.answer) return { parts: this.parts, ...this.answer };
    return (this.live ??= this.computed());
  }

  partsAt(separation) {
    const { weight: w, right, left } = this.state;
    return [[w, separation / 2, right], [1 - w, -separation / 2, left]];
  }

  // The browser's own answer.
  computed() {
    const { parts } = this;
    const [mean, std] = moments(parts);
    const follows = this.timer || this.held;
    this.turn = follows ? (this.turn ?? -1) + 1 : null;
    const minima = reverseMinima(parts, this.last, this.turn || null);
    this.last = minima.map(([m, s]) => [m, s]);
    const led = this.sweeping ? null : this.led();
    const reverse = (led && minima.find((place) => alike(place, led))) ?? (led ? [...led, reverseKl(parts, led)] : minima[0]);
    return {
      parts,
      forward: [mean, std, forwardKl(parts, [mean, std])],
      reverse,
      others: minima.filter((place) => place !== reverse),
    };
  }

  // Where the start leads: while a hand moves, followed from frame to frame, and every fourth time looked for again.
  led() {
    const followed = this.turn % 4 && this.lastLed && polished(this.parts, this.lastLed, 0.3);
    this.lastLed = followed || settled(this.parts, [this.state.mean, this.state.std], 1e-4);
    return this.lastLed;
  }

  // The axes that this state needs.
  get needed() {
    const { separation: d, right, left, mean, std } = this.state;
    const { forward, reverse, others, parts } = this.shown;
    const reach = Math.max(8.5, d / 2 + 3.2 * Math.max(right, left), this.sweeping ? 9 : Math.abs(mean) + 1.3 * std);
    const tops = [forward, reverse, ...others].map(([, s]) => peak(1, s));
    return [reach, 1.22 * Math.max(...parts.map(([, m]) => mixture(m, parts)), ...tops.slice(0, 2), ...tops)];
  }

  ease() {
    const [reach, top] = this.needed;
    cancelAnimationFrame(this.easing);
    const from = [this.high, this.top];
    const set = (share) => {
      this.high = from[0] + share * (reach - from[0]);
      this.low = -this.high;
      this.top = from[1] * (top / from[1]) ** share;
      this.later();
    };
    if (!this.high || this.transport.still.matches || (Math.abs(from[0] - reach) < 1e-9 && Math.abs(from[1] - top) < 1e-9)) {
      from[0] = reach;
      from[1] = top;
      return set(1);
    }
    let begun;
    const tick = (now) => {
      begun ??= now;
      const share = Math.min(1, (now - begun) / EASE);
      set(share * share * (3 - 2 * share));
      if (share < 1) this.easing = requestAnimationFrame(tick);
    };
    this.easing = requestAnimationFrame(tick);
  }

  draw() {
    if (!this.state || !this.measured[0]) return;
    const { parts, forward, reverse, others } = this.shown;
    const [target, red, blue] = this.colors;
    const steps = Math.max(120, Math.round(this.width / 5));
    const step = (this.high - this.low) / steps;
    const grid = Array.from({ length: steps + 1 }, (_, i) => this.low + step * i);
    // Even steps, and the points of the bells that are too narrow for them.
    const along = (...bells) => {
      const narrow = bells.filter(([, s]) => s < 6 * step);
      return narrow.length ? [...grid, ...narrow.flatMap(([m, s]) => around(m, s))].sort((a, b) => a - b) : grid;
    };
    const whole = this.line("target", target, along(...parts.map(([, m, s]) => [m, s])), (x) => mixture(x, parts));
    const body = { ...whole, class: "body", stroke: "none", fill: target, "fill-opacity": 0.12 };
    body.d += `L${tenth(this.across(this.high))},${this.floor}L${tenth(this.across(this.low))},${this.floor}Z`;
    const q = (name, color, [m, s]) => this.line(name, color, along([m, s]), (x) => bell(x, m, s));
    fill(this.find(".curves"), [
      body,
      ...parts.map(([w, m, s]) => this.line("part", target, along([m, s]), (x) => w * bell(x, m, s))),
      ...others.map((place) => q("reverse other", blue, place)),
      whole,
      q("forward", red, forward),
      q("reverse", blue, reverse),
    ].map((curve) => ({ fill: "none", "fill-opacity": undefined, ...curve })));
    this.drawAxis();
    this.drawLabels(parts, forward, reverse, others);
    this.drawLanes(parts, forward, reverse);
    this.drawHandles(this.handles(target));
    this.drawBar(forward, reverse);
  }

  // Names and numbers at the peaks. Two that would lie on one another go to either side.
  drawLabels(parts, forward, reverse, others) {
    const [, red, blue] = this.colors;
    const placed = [];
    const put = (name, color, [m, s], words, quiet) => {
      const half = 3.7 * words.length;
      const limit = [this.edge.side + half, this.edge.side + this.width - half];
      let x = Math.min(limit[1], Math.max(limit[0], this.across(m)));
      let y = Math.max(16, this.up(peak(1, s)) - 12);
      while (placed.some(([px, py, w]) => Math.abs(px - x) < half + w && Math.abs(py - y) < 17)) y -= 17;
      if (y < 12) [x, y] = [limit[0], 16];
      placed.push([x, y, half]);
      return { tag: "text", class: quiet ? `${name} quiet` : name, x: x.toFixed(1), y: y.toFixed(1), fill: color, "text-anchor": "middle", text: words };
    };
    parts.forEach(([w, m, s]) => placed.push([this.across(m), this.up(peak(w, s)), 24]));
    fill(this.find(".labels"), [
      put("forward-number", red, forward, `forward ${three(forward[2] / this.scale)}`),
      put("reverse-number", blue, reverse, `reverse ${three(reverse[2] / this.scale)}`),
      ...others.map((place) => put("other-number", blue, place, `or ${three(place[2] / this.scale)}`, true)),
    ].map((label) => ({ ...label, style: `fill:${label.fill}` })));
  }

  drawLanes(parts, forward, reverse) {
    const [target, red, blue] = this.colors;
    const logP = (x) => logMixture(x, parts);
    const logQ = ([m, s]) => (x) => logPart([1, m, s], x);
    const ofP = { y: this.floor + 26, role: "forward", color: red, dots: target, fit: forward, who: "p", ratio: "log p/q", name: "D(p‖q)", xs: () => quantiles(parts), over: logP, under: logQ(forward) };
    const ofQ = { y: ofP.y + LANE, role: "reverse", color: blue, dots: blue, fit: reverse, who: "q", ratio: "log q/p", name: "D(q‖p)", xs: () => STANDARD.map((z) => reverse[0] + reverse[1] * z), over: logQ(reverse), under: logP };
    fill(this.find(".lanes"), [ofP, ofQ].flatMap((lane) => (this.integrands ? this.area(lane, parts) : this.draws(lane))));
  }

  // The frame of a row: its zero, one tick with its number, the rule at the divergence and what it is.
  row({ y, role, color, fit, name }, low, high, unit, words) {
    const { side } = this.edge;
    const inner = LANE - 30;
    const level = (value) => y + 25 + ((high - value) / (high - low)) * inner;
    const tick = ticks(0, high, 2).findLast((value) => value > 0 && value <= high) ?? high;
    return [level, [
      { tag: "line", class: "zero", x1: side, x2: side + this.width, y1: level(0), y2: level(0) },
      { tag: "line", class: "zero", x1: side, x2: side + 6, y1: level(tick), y2: level(tick) },
      { tag: "text", class: "tick", x: side + 9, y: level(tick) + 4, text: `${tick} ${tick === 1 ? unit.replace("s", "") : unit}` },
      { tag: "text", x: side, y: y + 11, text: words },
      { tag: "text", class: "number", x: side + this.width, y: y + 11, style: `fill:${color}`, text: `${name} = ${three(fit[2] / this.scale)} ${this.units}` },
    ]];
  }

  draws(lane) {
    const xs = lane.xs();
    const heights = xs.map((x) => (lane.over(x) - lane.under(x)) / this.scale);
    const value = lane.fit[2] / this.scale;
    const [low, high] = [Math.min(-0.4, 1.05 * Math.min(...heights)), Math.max(1.5, 1.12 * Math.max(...heights, value))];
    const wide = this.width > 620;
    const words = wide ? `Equally likely draws of ${lane.who}, each raised to its ${lane.ratio}; the line is their mean` : `draws of ${lane.who}, raised to ${lane.ratio}`;
    const [level, frame] = this.row(lane, low, high, this.units, words);
    const place = (x, i) => [tenth(this.across(x)), tenth(level(heights[i]))];
    const stems = xs.map((x, i) => { const [px, py] = place(x, i); return `M${px},${tenth(level(0))}L${px},${py}`; }).join("");
    return [
      ...frame,
      { tag: "path", class: `stems ${lane.role}-stems`, stroke: lane.color, d: stems },
      { tag: "line", class: `rule ${lane.role}`, x1: this.edge.side, x2: this.edge.side + this.width, y1: level(value), y2: level(value), stroke: lane.color },
      { tag: "path", class: `dots ${lane.role}-dots`, fill: lane.dots, d: xs.map((x, i) => { const [px, py] = place(x, i); return `M${px - 2.6},${py}a2.6,2.6 0 1,0 5.2,0a2.6,2.6 0 1,0 -5.2,0`; }).join("") },
    ];
  }

  // The integrand over x: what lies above zero less what lies below is the divergence.
  area(lane, parts) {
    const xs = [...places(parts), ...around(lane.fit[0], lane.fit[1])].filter((x) => x > this.low && x < this.high).sort((a, b) => a - b);
    const heights = xs.map((x) => { const [p, q] = [lane.over(x), lane.under(x)]; return (Math.exp(p) * (p - q)) / this.scale; });
    const [low, high] = [1.05 * Math.min(-0.01, ...heights), 1.15 * Math.max(0.02, ...heights)];
    const wide = this.width > 620;
    const words = wide ? `${lane.who} · ${lane.ratio} at every x; the area above zero less that below is the divergence` : `${lane.who} · ${lane.ratio}: its area`;
    const [level, frame] = this.row(lane, low, high, `${this.units} per x`, words);
    const line = xs.map((x, i) => `${i ? "L" : "M"}${tenth(this.across(x))},${tenth(level(heights[i]))}`).join("");
    const [first, last] = [xs[0], xs[xs.length - 1]].map((x) => tenth(this.across(x)));
    const style = lane.role === "forward" ? "9 5" : "0.1 4.5";
    return [
      ...frame,
      { tag: "path", class: "area", fill: lane.color, "fill-opacity": 0.25, stroke: "none", d: `${line}L${last},${level(0)}L${first},${level(0)}Z` },
      { tag: "path", class: `area ${lane.role}-area`, fill: "none", stroke: lane.color, "stroke-dasharray": style, "stroke-linecap": "round", d: line },
    ];
  }

  handles(color) {
    const { separation: d, weight: w, right, left, mean, std } = this.state;
    const parts = this.sweeping && !this.resting ? this.shown.parts : this.parts;
    const pixels = (x) => (x / (this.high - this.low)) * this.width;
    const hold = (x = 0) => ({ tag: "circle", class: "hold", r: 22, cx: x });
    const halo = (r) => ({ tag: "circle", class: "halo", r, stroke: color });
    const reach = (s, fillColor) => {
      const far = pixels(s);
      return [
        { tag: "line", class: "reach", x1: -far, x2: far, y1: 0, y2: 0, stroke: color },
        { tag: "path", d: `M${far + 9},0L${far - 1},-6V6Z`, fill: fillColor },
        { tag: "path", d: `M${-far - 9},0L${1 - far},-6V6Z`, fill: fillColor },
        { tag: "circle", class: "halo", r: 11, cx: far, stroke: color }, hold(far), hold(-far),
      ];
    };
    const dot = (i, [weight, m, s], side) => ({
      x: this.across(m), y: this.up(peak(weight, s)), name: i === RIGHT && this.breathing ? "peak breathing" : "peak",
      shapes: [halo(13), { tag: "circle", class: "dot", r: 8, fill: color }, hold()],
      words: [`${side} peak of p: place and height`, `mean ${brief(m)}, weight ${brief(weight)}`], value: m, limits: [-5, 5],
    });
    const wing = ([weight, m, s], side) => ({
      x: this.across(m), y: this.up(peak(weight, s) * Math.exp(-0.5)), name: "wing", shapes: reach(s, color),
      words: [`Width of the ${side} peak of p`, `std ${brief(s)}`], value: s, limits: this.limits.right.slice(0, 2),
    });
    const found = [dot(RIGHT, parts[0], "Right"), dot(LEFT, parts[1], "Left"), wing(parts[0], "right"), wing(parts[1], "left")];
    if (this.sweeping) return found;
    return [...found,
      { x: this.across(mean), y: this.floor, name: "start", shapes: [halo(14), { tag: "path", d: "M0,-9L9,0L0,9L-9,0Z" }, { tag: "text", class: "hint", y: -14, "text-anchor": "middle", text: "start of q" }, hold()],
        words: ["Start of q: mean", `mean ${brief(mean)}, std ${brief(std)}`], value: mean, limits: this.limits.mean.slice(0, 2) },
      { x: this.across(mean), y: this.floor, name: "spread", shapes: reach(std, "currentColor"),
        words: ["Start of q: std", `std ${brief(std)}`], value: std, limits: this.limits.std.slice(0, 2) },
    ];
  }

  drawBar(forward, reverse) {
    const path = this.answer?.path;
    const { frame, frames } = this.transport;
    const share = path ? frame / (frames - 1) : 1;
    const shown = this.sweeping && path && !this.resting ? path.to * share : this.state.separation;
    if (Number(this.slider.value) !== shown) this.slider.value = shown;
    this.slider.nextElementSibling.textContent = shown.toFixed(2);
    const place = this.sweeping ? `separation ${shown.toFixed(2)}` : `progress ${Math.round(100 * share)} %`;
    const words = `${place}, forward ${three(forward[2] / this.scale)}, reverse ${three(reverse[2] / this.scale)} ${this.units}`;
    this.find(".place").textContent = words;
    this.transport.scrubber.setAttribute("aria-valuetext", place);
    this.transport.scrubber.disabled = !path;
    this.find(".play b").textContent = this.sweeping ? "pull the modes apart" : "watch both fits";
  }

  // A hand or a key has begun to change the state: what is played stops, what Python said is of another state.
  grasp() {
    this.breathing = this.welcoming = false;
    this.transport.stop();
    cancelAnimationFrame(this.easing);
  }

  // Let go of without a move: what came meanwhile is taken up.
  unmoved() {
    if (this.missed) this.load(this.missed);
    else this.mark();
  }

  change(values) {
    for (const [name, value] of Object.entries(values)) {
      const [low, high] = this.limits[name];
      this.state[name] = this.changed[name] = Math.min(high, Math.max(low, value));
    }
    this.token = null;
    this.answer = null;
    this.live = null;
    this.mark();
    this.later();
  }

  slide(separation) {
    this.grasp();
    this.change({ separation });
    if (!this.sliding) this.ease();
    this.reportSoon();
  }

  // The peaks: across, their distance, each the mirror image of the other; up and down, the weight.
  drag(px, py) {
    const { i, dx, dy, x, y } = this.held;
    const at = this.at(px - dx);
    if (i === RIGHT || i === LEFT) {
      const side = i === RIGHT ? 1 : -1;
      const away = py - y;
      const change = { separation: 2 * Math.max(0, side * at) };
      if (Math.abs(away) > GRIP || this.held.lifted) {
        this.held.lifted ??= Math.sign(away) * GRIP;
        const height = Math.max(0, this.height(py - dy - this.held.lifted));
        const weight = height * (i === RIGHT ? this.state.right : this.state.left) * ROOT_TAU;
        change.weight = i === RIGHT ? weight : 1 - weight;
      }
      return this.change(change);
    }
    if (i === START) return this.change({ mean: at });
    const centre = i === SPREAD ? this.state.mean : ((i === RIGHT_WING ? 1 : -1) * this.state.separation) / 2;
    const grown = Math.abs(this.at(px) - centre) - Math.abs(this.at(x) - centre);
    this.held.std ??= this.state[WIDTHS[i]];
    this.change({ [WIDTHS[i]]: this.held.std + grown });
    this.top = Math.max(this.top, this.needed[1]);
  }

  press(event, i) {
    const key = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!key) return;
    event.preventDefault();
    const [across, up] = key.map((by) => by * (event.shiftKey ? 10 : 1));
    const by = (name, steps) => ({ [name]: this.snapped(name, this.state[name] + steps * this.limits[name][2]) });
    this.grasp();
    if (i === RIGHT) this.change({ ...by("separation", across), ...by("weight", up) });
    else if (i === LEFT) this.change({ ...by("separation", -across), ...by("weight", -up) });
    else if (i === START) this.change({ ...by("mean", across), ...by("std", up) });
    else this.change(by(WIDTHS[i], i === LEFT_WING ? up - across : across + up));
    this.ease();
    this.reportSoon();
  }

  // The state is that of the fields: each number at one of its steps.
  snapped(name, value) {
    const [low, high, step] = this.limits[name];
    return Number(Math.min(high, Math.max(low, low + Math.round((value - low) / step) * step)).toFixed(6));
  }

  report() {
    clearTimeout(this.timer);
    this.timer = null;
    const changed = Object.fromEntries(Object.entries(this.changed).map(([name, value]) => [name, name in this.state ? this.snapped(name, value) : value]));
    for (const name of Object.keys(this.state)) if (name in changed) this.state[name] = changed[name];
    this.changed = {};
    this.live = null;
    this.token = null;
    this.answer = null;
    this.seq += 1;
    this.ease();
    this.mark();
    this.later();
    this.send("edit", { seq: this.seq, changed });
  }

  close() {
    super.close();
    this.transport.close();
    cancelAnimationFrame(this.easing);
    document.documentElement.removeAttribute("data-kl-moving");
    if (meeting().stage === this) meeting().stage = null;
  }
}

const WIDTHS = { [RIGHT_WING]: "right", [LEFT_WING]: "left", [SPREAD]: "std" };
const brief = (x) => String(Number(x.toPrecision(3))).replace("-", "−");

export default mount(FitsStage);
