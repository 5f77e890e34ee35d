// The stage of a target and its two fits: the target, both fits and what they pay follow the hand at the screen's rate.
// Python hears of a change when it is let go; its answer, of the same token, then takes the place of what was computed
// here. A kind of stage says what is set (`parts`, `begins`, `std`), which handles there are, what a hand, a key and a
// control change, and which axes it needs.
const AXIS = 26; // px: the height of the numbers of the axis
const EDGE = { top: 26, bottom: AXIS, side: 12 };
const [LEAST_LANE, LANE_SHARE] = [72, 0.165]; // px, and of the height of the stage: what a row of draws takes
const GRIP = 14; // px up or down before a hand that goes sideways changes a height
const STEPS = 24; // of a flow in a frame, over the components of p
const EASE = 250; // ms in which the axes go to where the new state needs them

class TargetStage extends DensityStage {
  constructor(root) {
    super(root, ".fits > svg", EDGE);
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.segments(".lower", [["draws", "draws"], ["area", "area"]], (lower) => { this.integrands = this.changed.integrands = lower === "area"; });
    this.seq = 0;
    this.turn = 0; // of the starts
    this.changed = {}; // since the last report: what else is set may have been changed elsewhere meanwhile
    meeting().stage = this;
  }

  // The rows of draws are as high as the stage has room for; the densities have what is left.
  get lane() { return Math.max(LEAST_LANE, Math.round(LANE_SHARE * this.measured[1])); }
  get floor() { return super.floor - 2 * this.lane; }

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
    Object.assign(this, data); // token, seq, state, limits, integrands, units, scale, and what a kind of stage has
    this.find(`.lower [value=${this.integrands ? "area" : "draws"}]`).checked = true;
    this.loaded();
    if (fresh) this.begin(meeting().answer);
    this.later();
  }

  loaded() {}

  // Python's answer: that of this state takes the place of the numbers computed here.
  answered(answer) {
    if (answer.token === this.token && !this.held && !this.timer) this.begin(answer);
  }

  // A new state, with its answer where that is known already: its axes are on the way to where it needs them.
  begin(answer) {
    this.answer = answer?.token === this.token ? answer : null;
    this.live = null;
    this.ease();
    this.mark();
    this.later();
  }

  get resting() { return true; }

  // What stands beside the stage is dimmed while it is of another state or of another frame than the one drawn.
  mark() {
    document.documentElement.toggleAttribute("data-kl-moving", !this.answer || !this.resting);
  }

  // What p is: here a mixture of Gaussians, `parts`. A kind of stage with another p says these anew, of its own `parts`.
  log(parts, x) { return logMixture(x, parts); }
  density(parts, x) { return mixture(x, parts); }
  bells(parts) { return parts.map(([, m, s]) => [m, s]); } // between whose points p may bend more than the grid sees
  outlines(parts) { return parts; } // components, each drawn for itself: weight, mean, std
  peaks(parts) { return parts.map(([w, m, s]) => [m, peak(w, s)]); } // the first bears the name
  bends(parts) { return places(parts); }
  drawn(parts) { return quantiles(parts); }
  starts(parts) { return starts(parts, this.std); }
  matched(parts) {
    const [mean, spread] = moments(parts);
    const place = [mean, this.std ?? spread];
    return [...place, forwardKl(parts, place)];
  }

  // What is drawn: p, both fits with their divergences, and the other minima. A direction may have no fit: null.
  get shown() {
    if (this.answer) return { parts: this.parts, ...this.answer };
    return (this.live ??= this.computed());
  }

  // The browser's own answer. While a hand moves, what was found is followed, and looked for on the way.
  computed() {
    const { parts, std } = this;
    const known = followed(parts, this.last ?? [], std);
    const moves = this.timer || this.held;
    const sought = moves ? [this.carried(parts)] : this.starts(parts).map((start) => settled(parts, start, 1e-3, std !== null));
    const led = this.begins && this.led(parts, moves);
    const minima = costed(parts, [led, ...known, ...sought]);
    this.last = minima.map(([m, s]) => [m, s]);
    return { parts, forward: this.matched(parts), ...this.sorted(minima, led) };
  }

  // A minimum found by a flow that is carried on from frame to frame: in turn from where q starts and from another start.
  carried(parts) {
    const all = this.starts(parts);
    this.sought += all.length ? 0 : 1;
    if (!all.length) return null;
    const own = this.begins && this.turn % 2 === 0;
    this.flow ??= new Flow(own ? this.begins : all[(this.turn >> 1) % all.length], own ? 1e-4 : 1e-3, this.std !== null);
    this.flow.place[1] = this.std ?? this.flow.place[1]; // which may be moved itself
    const end = this.flow.carry(parts, Math.max(2, Math.round(STEPS / parts.length)));
    if (!end && !this.flow.lost) return null;
    if (own) this.lastLed = end;
    this.flow = null;
    this.turn += 1;
    this.sought += 1;
    return end;
  }

  // Where the start leads.
  led(parts, moves) {
    const near = moves && this.lastLed && followed(parts, [this.lastLed], this.std)[0];
    this.lastLed = near || settled(parts, this.begins, 1e-4, this.std !== null);
    return this.lastLed;
  }

  // To the axes that this state needs: low, high and top.
  ease() {
    const to = this.needed;
    cancelAnimationFrame(this.easing);
    const from = [this.low, this.high, this.top];
    const set = (share) => {
      [this.low, this.high] = [0, 1].map((i) => from[i] + share * (to[i] - from[i]));
      this.top = from[2] * (to[2] / from[2]) ** share;
      this.later();
    };
    if (!this.top || this.still.matches || from.every((end, i) => Math.abs(end - to[i]) < 1e-9)) {
      [this.low, this.high, this.top] = to;
      return this.later();
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
    const { parts, forward, reverse, others, unstable = [] } = this.shown;
    const [target, red, blue] = this.colors;
    const steps = Math.max(120, Math.round(this.width / 5));
    const step = (this.high - this.low) / steps;
    const grid = Array.from({ length: steps + 1 }, (_, i) => this.low + step * i);
    // Even steps, and the points of the bells that are too narrow for them.
    const along = (...bells) => {
      const narrow = bells.filter(([, s]) => s < 6 * step);
      return narrow.length ? [...grid, ...narrow.flatMap(([m, s]) => around(m, s))].sort((a, b) => a - b) : grid;
    };
    const whole = this.line("target", target, along(...this.bells(parts)), (x) => this.density(parts, x));
    const body = { ...whole, class: "body", stroke: "none", fill: target, "fill-opacity": 0.12 };
    body.d += `L${tenth(this.across(this.high))},${this.floor}L${tenth(this.across(this.low))},${this.floor}Z`;
    const q = (name, color, [m, s]) => this.line(name, color, along([m, s]), (x) => bell(x, m, s));
    fill(this.find(".curves"), [
      body,
      ...this.outlines(parts).map(([w, m, s]) => this.line("part", target, along([m, s]), (x) => w * bell(x, m, s))),
      ...unstable.flatMap(([m, s]) => [q("unstable", "currentColor", [m, s]), this.hollow(m, s)]),
      ...others.map((place) => q("reverse other", blue, place)),
      whole,
      ...(forward ? [q("forward", red, forward)] : []),
      ...(reverse ? [q("reverse", blue, reverse)] : []),
    ].map((curve) => ({ fill: "none", "fill-opacity": undefined, ...curve })));
    this.drawAxis();
    this.drawLabels(this.shown);
    this.drawLanes(parts, forward, reverse);
    this.drawHandles(this.handles(target));
    this.drawBar(forward, reverse);
    this.seek();
  }

  // A hand that holds still sees every minimum: the starts whose turn has not come since it moved are taken up.
  seek() {
    if (this.answer || !(this.timer || this.held) || this.sought > 2 * this.starts(this.parts).length) return;
    this.live = null;
    this.later();
  }

  // The sign of a point that is stationary and no minimum: a hollow dot at its peak.
  hollow(mean, std) {
    const [x, y] = [tenth(this.across(mean)), tenth(this.up(peak(1, std)))];
    return { tag: "path", class: "unstable dot", stroke: "currentColor", d: `M${x - 4},${y}a4,4 0 1,0 8,0a4,4 0 1,0 -8,0` };
  }

  // Names and numbers at the peaks. Two that would lie on one another go to either side; of the other minima those that
  // find no room say nothing. A diamond, the sign of the start, stands where the start leads.
  drawLabels({ parts, forward, reverse, others, led }) {
    const [target, red, blue] = this.colors;
    const placed = [];
    const put = (name, color, [m, s], words, quiet) => {
      const half = 3.7 * words.length;
      const limit = [this.edge.side + half, this.edge.side + this.width - half];
      let x = Math.min(limit[1], Math.max(limit[0], this.across(m)));
      let y = Math.max(16, this.up(peak(1, s)) - 12);
      while (placed.some(([px, py, w]) => Math.abs(px - x) < half + w && Math.abs(py - y) < 17)) y -= 17;
      if (y < 12 && quiet) words = "";
      else if (y < 12) [x, y] = [limit[0], 16];
      placed.push([x, y, half]);
      return { tag: "text", class: quiet ? `${name} quiet` : name, x: x.toFixed(1), y: y.toFixed(1), fill: color, "text-anchor": "middle", text: words };
    };
    const peaks = this.peaks(parts);
    peaks.forEach(([m, height]) => placed.push([this.across(m), this.up(height), 24]));
    const sign = (place) => (led && alike(place, led) ? "◆ " : "");
    const [[mean, height]] = peaks;
    const beside = this.across(mean) < this.edge.side + this.width / 2 ? -1 : 1; // outside, where the fits are not
    fill(this.find(".labels"), [
      ...(forward ? [put("forward-number", red, forward, `forward ${three(forward[2] / this.scale)}`)] : []),
      ...(reverse ? [put("reverse-number", blue, reverse, `${sign(reverse)}reverse ${three(reverse[2] / this.scale)}`)] : []),
      ...others.map((place) => put("other-number", blue, place, `${sign(place)}or ${three(place[2] / this.scale)}`, true)),
      { tag: "text", class: "target-name", x: (this.across(mean) + 13 * beside).toFixed(1), y: (this.up(height) - 7).toFixed(1), fill: target, "text-anchor": beside < 0 ? "end" : "start", text: "p" },
    ].map((label) => ({ ...label, style: `fill:${label.fill}` })));
  }

  drawLanes(parts, forward, reverse) {
    const [target, red, blue] = this.colors;
    const logP = (x) => this.log(parts, x);
    const logQ = ([m, s]) => (x) => logPart([1, m, s], x);
    const ofP = { y: this.floor + AXIS, role: "forward", color: red, dots: target, fit: forward, who: "p", ratio: "log p/q", name: "D(p‖q)", xs: () => this.drawn(parts), over: logP, under: forward && logQ(forward) };
    const ofQ = { y: ofP.y + this.lane, role: "reverse", color: blue, dots: blue, fit: reverse, who: "q", ratio: "log q/p", name: "D(q‖p)", xs: () => STANDARD.map((z) => reverse[0] + reverse[1] * z), over: reverse && logQ(reverse), under: logP };
    const row = (lane) => (!lane.fit ? this.empty(lane) : this.integrands ? this.area(lane, parts) : this.draws(lane));
    fill(this.find(".lanes"), [ofP, ofQ].flatMap(row));
  }

  // The row of a direction without a fit: why it has none.
  empty({ y, role, color }) {
    const { side } = this.edge;
    const why = this.answer?.none?.[role];
    return why ? [{ tag: "text", class: "words", x: side, y: y + 11, style: `fill:${color}`, text: `${role}: no fit, as ${why}` }] : [];
  }

  // The frame of a row: its zero, one tick with its number, the rule at the divergence and what it is.
  row({ y, role, color, fit, name }, low, high, unit, words) {
    const { side } = this.edge;
    const inner = this.lane - 30;
    const level = (value) => y + 25 + ((high - value) / (high - low)) * inner;
    const tick = ticks(0, high, 2).findLast((value) => value > 0 && value <= high) ?? high;
    const [mark, rule] = [level(tick), level(fit[2] / this.scale)];
    const beside = Math.abs(mark - rule) < 10 ? rule + (mark <= rule ? -5 : 14) : mark + 4; // no line through the number
    return [level, [
      { tag: "line", class: "zero", x1: side, x2: side + this.width, y1: level(0), y2: level(0) },
      { tag: "line", class: "zero", x1: side, x2: side + 6, y1: level(tick), y2: level(tick) },
      { tag: "text", class: "tick", x: side + 9, y: beside, style: "", text: `${tick} ${tick === 1 ? unit.replace("s", "") : unit}` },
      { tag: "text", class: "words", x: side, y: y + 11, style: "", text: words },
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
    const xs = [...this.bends(parts), ...around(lane.fit[0], lane.fit[1])].filter((x) => x > this.low && x < this.high).sort((a, b) => a - b);
    const heights = xs.map((x) => { const [p, q] = [lane.over(x), lane.under(x)]; return p === -Infinity ? 0 : (Math.exp(p) * (p - q)) / this.scale; });
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

  // A handle at the top of a component of p, and one at its sides.
  dot([weight, mean, std], color, name, words, limits) {
    const shapes = [this.halo(color, 13), { tag: "circle", class: "dot", r: 8, fill: color }, this.hold()];
    return { x: this.across(mean), y: this.up(peak(weight, std)), name, shapes, words, value: mean, limits };
  }

  wing([weight, mean, std], color, name, words, limits) {
    const y = this.up(peak(weight, std) * Math.exp(-0.5));
    return { x: this.across(mean), y, name, shapes: this.reach(std, color, color), words: [words, `std ${brief(std)}`], value: std, limits };
  }

  // The handles of the start of q: its mean on the axis, and its std.
  startHandles([mean, std], color, limits) {
    const diamond = [this.halo(color, 14), { tag: "path", d: "M0,-9L9,0L0,9L-9,0Z" }, { tag: "text", class: "hint", y: -14, "text-anchor": "middle", text: "start of q" }, this.hold()];
    return [
      { x: this.across(mean), y: this.floor, name: "start", shapes: diamond, words: ["Start of q: mean", `mean ${brief(mean)}, std ${brief(std)}`], value: mean, limits: limits.mean.slice(0, 2) },
      { x: this.across(mean), y: this.floor, name: "spread", shapes: this.reach(std, color, "currentColor"), words: ["Start of q: std", `std ${brief(std)}`], value: std, limits: limits.std.slice(0, 2) },
    ];
  }

  // Arrows as far to either side as a std reaches.
  reach(std, color, filled) {
    const far = (std / (this.high - this.low)) * this.width;
    return [
      { tag: "line", class: "reach", x1: -far, x2: far, y1: 0, y2: 0, stroke: color },
      { tag: "path", d: `M${far + 9},0L${far - 1},-6V6Z`, fill: filled },
      { tag: "path", d: `M${-far - 9},0L${1 - far},-6V6Z`, fill: filled },
      { ...this.halo(color, 11), cx: far }, this.hold(far), this.hold(-far),
    ];
  }

  hold(x = 0) { return { tag: "circle", class: "hold", r: 22, cx: x }; }
  halo(color, r) { return { tag: "circle", class: "halo", r, stroke: color }; }

  // A hand or a key has begun to change the state: what Python said is of another one.
  grasp() { cancelAnimationFrame(this.easing); }

  // Let go of without a move: what came meanwhile is taken up.
  unmoved() {
    if (this.missed) this.load(this.missed);
    else this.mark();
  }

  // What is drawn is of another state than the one that Python knows.
  altered() {
    this.token = null;
    this.answer = null;
    this.live = null;
    this.sought = 0; // flows that have come to their end since then
    this.mark();
    this.later();
  }

  // The height that a hand gives to a peak; nothing as long as it goes sideways.
  lifted(py) {
    const away = py - this.held.y;
    if (Math.abs(away) <= GRIP && !this.held.lifted) return undefined;
    this.held.lifted ??= Math.sign(away) * GRIP;
    return Math.max(0, this.height(py - this.held.dy - this.held.lifted));
  }

  // The std that a hand gives to what lies about a centre, and that had another one when it was taken.
  widened(px, centre, std) {
    this.held.std ??= std;
    return this.held.std + Math.abs(this.at(px) - centre) - Math.abs(this.at(this.held.x) - centre);
  }

  report() {
    clearTimeout(this.timer);
    this.timer = null;
    const changed = this.changes();
    this.changed = {};
    this.altered();
    this.seq += 1;
    this.ease();
    this.send("edit", { seq: this.seq, changed });
  }

  close() {
    super.close();
    cancelAnimationFrame(this.easing);
    document.documentElement.removeAttribute("data-kl-moving");
    if (meeting().stage === this) meeting().stage = null;
  }
}

const brief = (x) => String(Number(x.toPrecision(3))).replace("-", "−");
