// The stage of a p that is one family: known by its log density at some places, moved and stretched by a hand. State:
// `place`, [loc, scale] of p as SciPy writes them, null where it cannot be moved; `q`, [mean, std] of the start.
const EVEN = 0.02; // of the rule for E_q, in the std of q
const RULE = Array.from({ length: Math.round((2 * ENDS) / EVEN) + 1 }, (_, k) => -ENDS + EVEN * k);
const MASSES = RULE.map((z) => (EVEN * Math.exp(-0.5 * z * z)) / ROOT_TAU);
const FAR = 16; // widths of p: no fit and no start makes the axis longer than so many
const BESIDE = [-2, 0, 2]; // widths from the middle: where minima of D(q‖p) are looked for, beside p's own moments

// p between the places by straight lines of its log. `by` is how it was moved since: x ↦ shift + stretch · x.
class Law {
  constructor(told, [shift, stretch]) {
    Object.assign(this, told);
    this.middle = shift + stretch * told.middle;
    this.width = stretch * told.width;
    this.length = 4; // as much work as a mixture of so many components
  }

  get tip() { return this.middle + this.width * this.stands; }
  at(u) { return this.middle + this.width * u; }

  log(x, from = 0) {
    const { places, logs } = this;
    const u = (x - this.middle) / this.width;
    const last = places.length - 1;
    if (u < places[0] || u > places[last]) {
      if (!this.whole) return -Infinity;
      const [a, b] = u < 0 ? [0, 1] : [last - 1, last];
      return this.between(u, a, b) - Math.log(this.width);
    }
    let [low, high] = [Math.min(from, last - 1), last];
    if (places[low] > u) low = 0;
    while (high - low > 1) {
      const k = (low + high) >> 1;
      if (places[k] > u) high = k;
      else low = k;
    }
    this.near = low;
    return this.between(u, low, high) - Math.log(this.width);
  }

  between(u, a, b) {
    const { places, logs } = this;
    return logs[a] + ((logs[b] - logs[a]) * (u - places[a])) / (places[b] - places[a]);
  }

  // As for a mixture, by parts, so that no derivative of f is asked: E f′ = E z f / σ, and so on.
  expected(mean, std) {
    const sums = [0, 0, 0, 0, 0];
    let from = 0;
    RULE.forEach((z, k) => {
      const f = MASSES[k] * this.log(mean + std * z, from);
      from = this.near ?? 0;
      const square = z * z;
      sums[0] += f;
      sums[1] += f * z;
      sums[2] += f * (square - 1);
      sums[3] += f * z * (square - 3);
      sums[4] += f * (square * (square - 5) + 2);
    });
    const [f, slope, curve, skew, bend] = sums;
    return [f, slope / std, curve / std, curve / (std * std), skew / (std * std), bend / (std * std)];
  }
}

class Family extends TargetStage {
  constructor(root) {
    super(root);
    this.svg.addEventListener("wheel", (event) => this.turned(event), { passive: false });
  }

  loaded() {
    this.told = this.state.place ? [...this.state.place] : null; // where p is as told
    this.chosen = Math.min(this.chosen, this.start + (this.idle ? -1 : 1));
    this.matchedThen = null;
  }

  begin(answer) {
    super.begin(answer);
    if (this.answer) this.matchedThen = { place: this.answer.matched, own: this.ownOf(this.answer) };
  }

  // How p was moved since it was told: shift and stretch.
  get moved() {
    if (!this.told) return [0, 1];
    const stretch = this.state.place[1] / this.told[1];
    return [this.state.place[0] - stretch * this.told[0], stretch];
  }

  get parts() { return new Law(this.law, this.moved); }
  get begins() { return this.parts.whole ? this.state.q : null; }
  get std() { return this.holds ? this.state.q[1] : null; }
  get idle() { return !this.parts.whole && !this.holds; } // no fit knows of the start
  get start() { return this.state.place ? 2 : 0; } // the index of its first handle

  log(law, x) { return law.log(x); }
  density(law, x) { return Math.exp(law.log(x)); }
  bells() { return []; }
  outlines() { return []; }
  peaks(law) { return [[law.tip, this.height0(law)]]; }
  bends(law) { return this.seen(law); }
  drawn(law) { return law.draws.map((u) => law.at(u)); }

  starts(law) {
    if (!law.whole) return [];
    const found = BESIDE.map((u) => [law.at(u), 1.3 * law.width]);
    const { place } = this.matchedThen ?? {};
    if (place) found.push(this.carriedOver(place));
    return found.map(([m, s]) => [m, this.std ?? s]);
  }

  carriedOver([m, s]) {
    const [shift, stretch] = this.moved;
    return [shift + stretch * m, stretch * s];
  }

  // The entropy of p, from what the engine says of its forward fit.
  ownOf({ matched, forward }) {
    return matched && forward ? this.crossed(matched, forward) - forward[2] : null;
  }

  // −E_p log q, by p's mean and std.
  crossed([mean, spread], [m, s]) {
    return LOG_ROOT_TAU + Math.log(s) + 0.5 * ((spread / s) ** 2 + ((mean - m) / s) ** 2);
  }

  matched() {
    const { place, own } = this.matchedThen ?? {};
    if (!place || own === null) return null;
    const [mean, spread] = this.carriedOver(place);
    const q = [mean, this.std ?? spread];
    return [...q, this.crossed([mean, spread], q) - own - Math.log(this.moved[1])];
  }

  sorted([reverse = null, ...others], led) { return { reverse, others, led }; }

  // The places of p in the picture.
  seen(law) { return law.places.map((u) => law.at(u)).filter((x) => x > this.low && x < this.high); }

  // The height that stands for p: of its mode, or of its middle where it has none.
  height0(law) { return Math.exp(law.log(law.tip)); }

  // The height that the picture makes room for: of the mode, or of the highest draw, but not of a needle or a pole.
  highest(law) {
    const heights = law.draws.map((u) => Math.exp(law.log(law.at(u)))).sort((a, b) => a - b);
    return Math.max(this.height0(law), Math.min(heights[heights.length - 1], 6 * heights[heights.length >> 1]));
  }

  line(name, color, xs, density) {
    if (name !== "target") return super.line(name, color, xs, density);
    const law = this.parts;
    const ends = law.whole ? [] : [0, law.places.length - 1].flatMap((k, i) => [law.at(law.places[k]), law.at(law.places[k]) + (i ? 1 : -1) * 1e-9 * law.width]);
    return super.line(name, color, [...xs, ...this.seen(law), ...ends].sort((a, b) => a - b), density);
  }

  get needed() {
    const { parts: law, forward, reverse, others } = this.shown;
    const reach = FAR * law.width;
    const low = law.at(law.draws[1]);
    const high = law.at(law.draws[law.draws.length - 2]);
    const start = this.idle ? [] : [this.state.q];
    const ends = [[(low + high) / 2, Math.min(high - low, reach) / 5], ...[forward, reverse].filter(Boolean), ...start];
    const [left, right] = [law.tip - reach, law.tip + reach];
    const heights = [forward, reverse, ...others].filter(Boolean).map(([, s]) => Math.min(peak(1, s), 3 * this.highest(law)));
    return [
      Math.max(left, Math.min(...ends.map(([m, s]) => m - 3.6 * s))),
      Math.min(right, Math.max(...ends.map(([m, s]) => m + 3.6 * s))),
      1.1 * Math.max(this.highest(law), ...heights),
    ];
  }

  handles(color) {
    const { parts: law } = this;
    const start = this.idle ? [] : this.startHandles(this.state.q, color, this.limits);
    if (!this.state.place) return start;
    const [loc, scale] = this.state.place;
    const says = `place ${brief(loc)}, width ${brief(scale)}`;
    const [x, y] = [this.across(law.tip), this.up(this.height0(law))];
    const dot = { ...this.dot([1, law.tip, 1], color, "peak", ["Place of p", says], this.limits.mean), y, value: loc };
    const wing = { x, y: this.up(0.6 * this.height0(law)), name: "wing", shapes: this.reach(law.width, color, color), words: ["Width of p", says], value: scale, limits: this.limits.std };
    return [dot, wing, ...start];
  }

  drawBar() {
    const [mean, std] = this.state.q;
    const place = this.state.place && this.chosen < this.start;
    this.find(".which").textContent = place ? `p: loc ${brief(this.state.place[0])}, scale ${brief(this.state.place[1])}` : `start of q: mean ${brief(mean)}, std ${brief(std)}`;
  }

  drag(px) {
    const { i, dx } = this.held;
    const at = this.round(this.at(px - dx));
    const [mean, std] = this.state.q;
    if (i === this.start) return this.startAt([at, std]);
    if (i === this.start + 1) return this.startAt([mean, this.widened(px, mean, std)]);
    const { tip, width } = this.parts;
    const [loc, scale] = this.state.place;
    if (i === 0) return this.put([loc + at - tip, scale]);
    this.stretch(Math.max(1e-3, this.widened(px, tip, width) / width));
    this.top = Math.max(this.top, this.needed[2]);
  }

  // p about the place that stands for it.
  stretch(by) {
    const { tip } = this.parts;
    const [loc, scale] = this.state.place;
    const wide = within(scale * by, this.limits.std);
    this.put([tip + (wide / scale) * (loc - tip), wide]);
  }

  put([loc, scale]) {
    const place = [within(loc, this.limits.mean), within(scale, this.limits.std)];
    this.state.place = this.changed.place = place.map((x) => Number(x.toPrecision(5)));
    this.altered();
  }

  startAt([mean, std]) {
    this.state.q = this.changed.q = [within(mean, this.limits.mean), Number(within(std, this.limits.std).toPrecision(4))];
    this.altered();
  }

  press(event, i) {
    const times = event.shiftKey ? 10 : 1;
    const [across, up] = ({ ...ARROWS, "+": [0, 1], "-": [0, -1] })[event.key] ?? [];
    if (across === undefined) return;
    event.preventDefault();
    const aside = (mean) => this.round(mean + (across * times * (this.high - this.low)) / 200);
    const [mean, std] = this.state.q;
    this.grasp();
    if (i === this.start) this.startAt([aside(mean), std * 1.05 ** (up * times)]);
    else if (i === this.start + 1) this.startAt([mean, std * 1.05 ** ((across + up) * times)]);
    else if (i === 1 || up) this.stretch(1.05 ** ((across + up) * times));
    else this.put([aside(this.state.place[0]), this.state.place[1]]);
    this.ease();
    this.reportSoon();
  }

  turned(event) {
    if (!this.takes(event)) return;
    const by = Math.exp(event.deltaY / 500);
    if (this.chosen >= this.start) this.startAt([this.state.q[0], this.state.q[1] * by]);
    else this.stretch(by);
    this.reportSoon();
  }

  changes() { return this.changed; }

  // To about a third of a pixel, in round numbers.
  round(x) {
    const step = 10 ** Math.floor(Math.log10((this.high - this.low) / 300));
    return Number((Math.round(x / step) * step).toPrecision(12));
  }
}

const within = (value, [low, high]) => Math.min(high, Math.max(low, value));

export default mount(Family);
