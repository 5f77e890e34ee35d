// The stage of a target of any components: each has a peak that is taken for its place and height, and arrows for its
// width. State: `p`, rows of [weight, mean, std]; `q`, [mean, std] of the start. `holds` says whether q keeps its std.
const MANY = 4; // components: with more of them, the arrows of one alone are seen

class Lab extends TargetStage {
  constructor(root) {
    super(root);
    this.find(".add").onclick = () => this.add();
    this.find(".remove").onclick = () => this.remove();
    this.svg.addEventListener("wheel", (event) => this.turned(event), { passive: false });
  }

  loaded() { this.chosen = Math.min(this.chosen, 2 * this.count + 1); }

  get count() { return this.state.p.length; }
  get parts() { return shares(this.state.p); }
  get begins() { return this.state.q; }
  get std() { return this.holds ? this.state.q[1] : null; }
  get start() { return 2 * this.count; } // the index of its first handle
  component(i) { return i < this.start ? i % this.count : null; } // whose handle this is; null of the start

  sorted([reverse, ...others], led) { return { reverse, others, led }; }

  get needed() {
    const { parts, forward, reverse, others } = this.shown;
    const { q } = this.state;
    const ends = [...parts.map(([, m, s]) => [m, s]), reverse, q, [forward[0], 0.8 * forward[1]]];
    const heights = [forward, reverse].map(([, s]) => peak(1, s));
    const most = Math.max(...parts.map(([, m]) => mixture(m, parts)), ...heights);
    const tops = others.map(([, s]) => Math.min(peak(1, s), 3 * most)); // a needle of a fit may leave the picture
    return [Math.min(...ends.map(([m, s]) => m - 3.6 * s)), Math.max(...ends.map(([m, s]) => m + 3.6 * s)), 1.1 * Math.max(most, ...tops)];
  }

  handles(color) {
    const { parts } = this;
    this.find(".handles").classList.toggle("crowded", parts.length > MANY);
    const { mean, std } = this.limits;
    const name = (kind, k) => (this.component(this.chosen) === k ? `${kind} of-chosen` : kind);
    const peaks = parts.map((part, k) => this.dot(part, color, name("peak", k), [`Peak of component ${k + 1} of p: place and height`, named(part)], mean));
    const wings = parts.map((part, k) => this.wing(part, color, name("wing", k), `Width of component ${k + 1} of p`, std));
    return [...peaks, ...wings, ...this.startHandles(this.begins, color, this.limits)];
  }

  drawBar() {
    const k = this.component(this.chosen);
    const [mean, std] = this.state.q;
    this.find(".add").disabled = this.count >= this.most;
    this.find(".remove").disabled = this.count === 1 || k === null;
    this.find(".which").textContent = k === null ? `start of q: mean ${brief(mean)}, std ${brief(std)}` : `component ${k + 1}: ${named(this.parts[k])}`;
    this.find(".bar .unstable").hidden = !this.shown.unstable?.length;
  }

  // Sideways the place, up and down the height; of the arrows, the width.
  drag(px, py) {
    const { i, dx } = this.held;
    const k = this.component(i);
    const at = this.round(Math.min(this.high, Math.max(this.low, this.at(px - dx))));
    if (k === null) {
      const [mean, std] = this.state.q;
      return this.startAt(i === this.start ? [at, std] : [mean, this.widened(px, mean, std)]);
    }
    const [, mean, std] = this.state.p[k];
    if (i >= this.count) {
      this.change(k, { std: this.widened(px, mean, std) });
      this.top = Math.max(this.top, this.needed[2]);
      return;
    }
    const height = this.lifted(py);
    this.change(k, { mean: at, ...(height === undefined ? {} : { weight: height * std * ROOT_TAU }) });
  }

  press(event, i) {
    const k = this.component(i);
    if (event.key === "Delete" && k !== null) return this.remove();
    const times = event.shiftKey ? 10 : 1;
    const [across, up] = ({ ...ARROWS, "+": [0, 1], "-": [0, -1] })[event.key] ?? [];
    if (across === undefined) return;
    event.preventDefault();
    const aside = (mean) => this.round(mean + (across * times * (this.high - this.low)) / 200);
    const wider = (std) => std * 1.05 ** ((across + up) * times);
    const [mean, std] = k === null ? this.state.q : this.state.p[k].slice(1);
    this.grasp();
    if (i === this.start) this.startAt([aside(mean), std * 1.05 ** (up * times)]);
    else if (k === null) this.startAt([mean, wider(std)]);
    else if (i >= this.count) this.change(k, { std: wider(std) });
    else this.change(k, { ...(across ? { mean: aside(mean) } : {}), ...(up ? { weight: this.parts[k][0] + 0.01 * up * times } : {}) });
    this.ease();
    this.reportSoon();
  }

  // The wheel over a handle: the width of what it belongs to.
  turned(event) {
    if (!this.takes(event)) return;
    const k = this.component(this.chosen);
    const grown = (std) => std * Math.exp(event.deltaY / 500);
    if (k === null) this.startAt([this.state.q[0], grown(this.state.q[1])]);
    else this.change(k, { std: grown(this.state.p[k][2]) });
    this.reportSoon();
  }

  // The start of q moves: p and, unless q keeps its std, all its fits stay.
  startAt([mean, std]) {
    this.state.q = this.changed.q = [within(mean, this.limits.mean), wide(std, this.limits.std)];
    this.altered();
  }

  change(k, { mean, std, weight }) {
    const row = this.state.p[k];
    if (mean !== undefined) row[1] = within(mean, this.limits.mean);
    if (std !== undefined) row[2] = wide(std, this.limits.std);
    if (weight !== undefined) this.weigh(k, weight);
    this.changed.p = this.state.p;
    this.altered();
  }

  // The share of one component; the others keep their ratios.
  weigh(k, weight) {
    if (this.count === 1) return;
    const { parts } = this;
    const share = within(Number(weight.toFixed(3)), [0.01, 0.99]);
    const rest = 1 - parts[k][0];
    this.state.p = parts.map(([w, m, s], i) => [i === k ? share : (w / rest) * (1 - share), m, s]);
  }

  // A component in the middle of the widest gap.
  add() {
    const { parts, count } = this;
    const means = [this.low, ...parts.map(([, m]) => m).sort((a, b) => a - b), this.high];
    const gaps = means.slice(1).map((m, i) => [m - means[i], (m + means[i]) / 2]);
    const [gap, middle] = gaps.reduce((widest, next) => (next[0] > widest[0] ? next : widest));
    const old = parts.map(([w, m, s]) => [(w * count) / (count + 1), m, s]);
    this.become([...old, [1 / (count + 1), this.round(middle), wide(Number((gap / 6).toPrecision(2)), this.limits.std)]], count);
  }

  remove() {
    const k = this.component(this.chosen);
    if (k === null || this.count === 1) return;
    this.become(this.state.p.filter((_, i) => i !== k), 0);
  }

  become(rows, chosen) {
    this.grasp();
    this.state.p = this.changed.p = rows;
    this.chosen = chosen;
    this.report();
  }

  // Weights are sent with as many digits as a table shows.
  changes() {
    const { p } = this.changed;
    if (p) this.state.p = p.map(([w, m, s]) => [Number(w.toPrecision(4)), m, s]);
    return p ? { ...this.changed, p: this.state.p } : this.changed;
  }

  // To about a third of a pixel, in round numbers.
  round(x) {
    const step = 10 ** Math.floor(Math.log10((this.high - this.low) / 300));
    return Number((Math.round(x / step) * step).toPrecision(12));
  }
}

const within = (value, [low, high]) => Math.min(high, Math.max(low, value));
const wide = (std, limits) => Number(within(std, limits).toPrecision(4));
const named = ([weight, mean, std]) => `weight ${brief(weight)}, mean ${brief(mean)}, std ${brief(std)}`;

export default mount(Lab);
