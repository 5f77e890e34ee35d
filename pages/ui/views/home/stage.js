// The stage of a target of two peaks, each the mirror image of the other: dragged, and played by the player below it.
const [RIGHT, LEFT, RIGHT_WING, LEFT_WING, START, SPREAD] = [0, 1, 2, 3, 4, 5];
const WIDTHS = { [RIGHT_WING]: "right", [LEFT_WING]: "left", [SPREAD]: "std" };
const SEEN = "klLabSeen"; // of the browser's session: both fits have been watched once

class TwoPeaks extends TargetStage {
  constructor(root) {
    super(root);
    const names = { play: ".play", back: ".back", on: ".on", scrubber: ".frame", speed: ".speed" };
    const parts = Object.fromEntries(Object.entries(names).map(([name, place]) => [name, this.find(place)]));
    this.transport = new Transport(parts, () => this.moved());
    this.slider = this.find(".separation");
    this.slider.oninput = () => this.slide(Number(this.slider.value));
    this.slider.onpointerdown = () => { this.grasp(); this.sliding = true; };
    this.slider.onpointerup = this.slider.onpointercancel = () => { this.sliding = false; if (this.timer) this.report(); };
    this.segments(".motion", [["fit", "fit"], ["sweep", "sweep"]], (motion) => { this.motion = this.changed.motion = motion; });
  }

  loaded() {
    const [min, max, step] = this.limits.separation;
    Object.assign(this.slider, { min, max, step });
    this.find(`.motion [value=${this.motion}]`).checked = true;
  }

  begin(answer) {
    const path = answer?.token === this.token ? answer.path : null;
    if (path) this.transport.load(path.forward.length, path.rest);
    else this.transport.stop();
    super.begin(answer);
    if (path && this.opening && !sessionStorage.getItem(SEEN)) this.welcome();
  }

  // Once in a browser session, where the address held no state: both fits run, then the right peak asks to be taken.
  welcome() {
    sessionStorage.setItem(SEEN, "yes");
    if (this.still.matches) return;
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
  get parts() { return this.partsAt(this.state.separation); }
  get begins() { return this.sweeping ? null : [this.state.mean, this.state.std]; }
  get std() { return null; }

  partsAt(separation) {
    const { weight: w, right, left } = this.state;
    return [[w, separation / 2, right], [1 - w, -separation / 2, left]];
  }

  get shown() {
    if (this.resting) return super.shown;
    const { path, others } = this.answer;
    const { frame } = this.transport;
    const parts = this.sweeping ? this.partsAt((path.to * frame) / (path.forward.length - 1)) : this.parts;
    return { parts, forward: path.forward[frame], reverse: path.reverse[frame], others: this.sweeping ? [] : others };
  }

  // The reverse fit is the one to which the start leads; in a sweep, which has none, the best.
  sorted(minima, led) {
    const reverse = led ? minima.find((place) => alike(place, led)) : minima[0];
    return { reverse, others: minima.filter((place) => place !== reverse) };
  }

  get needed() {
    const { separation: d, right, left, mean, std } = this.state;
    const { forward, reverse, others, parts } = this.shown;
    const reach = Math.max(8.5, d / 2 + 3.2 * Math.max(right, left), this.sweeping ? 9 : Math.abs(mean) + 1.3 * std);
    const tops = [forward, reverse, ...others].map(([, s]) => peak(1, s));
    return [-reach, reach, 1.1 * Math.max(...parts.map(([, m]) => mixture(m, parts)), ...tops)];
  }

  handles(color) {
    const parts = this.sweeping && !this.resting ? this.shown.parts : this.parts;
    const place = ([weight, mean]) => `mean ${brief(mean)}, weight ${brief(weight)}`;
    const dot = (part, side, name) => this.dot(part, color, name, [`${side} peak of p: place and height`, place(part)], [-5, 5]);
    const wing = (part, side) => this.wing(part, color, "wing", `Width of the ${side} peak of p`, this.limits.right.slice(0, 2));
    const [right, left] = parts;
    const found = [dot(right, "Right", this.breathing ? "peak breathing" : "peak"), dot(left, "Left", "peak"), wing(right, "right"), wing(left, "left")];
    return this.begins ? [...found, ...this.startHandles(this.begins, color, this.limits)] : found;
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

  // What is played stops.
  grasp() {
    super.grasp();
    this.breathing = this.welcoming = false;
    this.transport.stop();
  }

  change(values) {
    for (const [name, value] of Object.entries(values)) {
      const [low, high] = this.limits[name];
      this.state[name] = this.changed[name] = Math.min(high, Math.max(low, value));
    }
    this.altered();
  }

  slide(separation) {
    this.grasp();
    this.change({ separation });
    if (!this.sliding) this.ease();
    this.reportSoon();
  }

  // The peaks: across, their distance, each the mirror image of the other; up and down, the weight.
  drag(px, py) {
    const { i, dx } = this.held;
    const at = this.at(px - dx);
    if (i === RIGHT || i === LEFT) {
      const change = { separation: 2 * Math.max(0, i === RIGHT ? at : -at) };
      const height = this.lifted(py);
      if (height !== undefined) {
        const weight = height * (i === RIGHT ? this.state.right : this.state.left) * ROOT_TAU;
        change.weight = i === RIGHT ? weight : 1 - weight;
      }
      return this.change(change);
    }
    if (i === START) return this.change({ mean: at });
    const centre = i === SPREAD ? this.state.mean : ((i === RIGHT_WING ? 1 : -1) * this.state.separation) / 2;
    this.change({ [WIDTHS[i]]: this.widened(px, centre, this.state[WIDTHS[i]]) });
    this.top = Math.max(this.top, this.needed[2]);
  }

  press(event, i) {
    const key = ARROWS[event.key];
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

  changes() {
    const changed = Object.fromEntries(Object.entries(this.changed).map(([name, value]) => [name, name in this.state ? this.snapped(name, value) : value]));
    for (const name of Object.keys(this.state)) if (name in changed) this.state[name] = changed[name];
    return changed;
  }

  close() {
    super.close();
    this.transport.close();
  }
}

export default mount(TwoPeaks);
