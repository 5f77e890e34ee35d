// A picture of densities over x with handles on it: its geometry, its axis, and what a hand and a key do to a handle.
// A kind of stage says what its handles are (`handles`), how they are drawn and what a drag or a key changes.
const BEYOND = 3; // times the height of the picture: how far a curve is drawn that leaves it
const LAYERS = ["lanes", "axis", "curves", "labels", "handles"]; // from the back to the front
const tenth = (px) => Math.round(10 * px) / 10;

class DensityStage extends Editing {
  constructor(root, picture, edge) {
    super();
    this.edge = edge; // px: top, bottom, side
    this.find = (selector) => root.querySelector(selector);
    this.svg = this.find(picture);
    fill(this.svg, LAYERS.map((name) => ({ tag: "g", class: name, fill: name === "curves" ? "none" : undefined })));
    this.measured = [0, 0];
    this.resized = new ResizeObserver(() => { this.measured = [this.svg.clientWidth, this.svg.clientHeight]; this.draw(); });
    this.resized.observe(this.svg);
    onTheme(this.svg.parentElement, () => { this.palette = null; this.draw(); });
    this.held = null;
    this.chosen = 0;
  }

  // In px, as last measured: to ask the browser would make it lay out the page, at every point of every curve.
  get width() { return Math.max(200, this.measured[0]) - 2 * this.edge.side; }
  get floor() { return this.measured[1] - this.edge.bottom; }
  across(x) { return this.edge.side + ((x - this.low) / (this.high - this.low)) * this.width; }
  up(y, most = 1.02) { return this.floor - Math.min(y / this.top, most) * (this.floor - this.edge.top); }
  at(px) { return this.low + ((px - this.edge.side) / this.width) * (this.high - this.low); }
  height(py) { return ((this.floor - py) / (this.floor - this.edge.top)) * this.top; }

  // Target, forward, reverse: the colours of the theme, asked for once. To ask makes the browser work out the style of
  // all that has just been drawn.
  get colors() {
    if (!this.palette?.[2]) this.palette = getComputedStyle(this.svg).getPropertyValue("--st-chart-categorical-colors").split(",");
    return this.palette;
  }

  line(name, color, xs, density) {
    let d = "";
    for (const x of xs) {
      if (x < this.low || x > this.high) continue;
      d += `${d ? "L" : "M"}${tenth(this.across(x))},${tenth(this.up(density(x), BEYOND))}`;
    }
    return { tag: "path", class: name, stroke: color, d };
  }

  drawAxis() {
    const { side } = this.edge;
    const marks = ticks(this.low, this.high, Math.max(3, this.width / 90));
    fill(this.find(".axis"), [
      { tag: "line", x1: side, x2: side + this.width, y1: this.floor, y2: this.floor },
      ...marks.map((x) => ({ tag: "text", x: this.across(x), y: this.floor + 18, text: String(x).replace("-", "−") })),
    ]);
  }

  // As many handles as there are, each with its place, its drawing, its name and what it says.
  drawHandles(handles) {
    const group = this.find(".handles");
    while (group.children.length > handles.length) group.lastChild.remove();
    while (group.children.length < handles.length) group.append(this.handle(group.children.length));
    handles.forEach(({ x, y, name, shapes, words, value, limits }, i) => {
      const handle = group.children[i];
      handle.setAttribute("transform", `translate(${x.toFixed(2)},${y.toFixed(2)})`);
      handle.setAttribute("class", i === this.chosen ? `${name} chosen` : name);
      handle.setAttribute("aria-label", words[0]);
      handle.setAttribute("aria-valuetext", words[1]);
      handle.setAttribute("aria-valuenow", value);
      if (limits) limits.forEach((limit, end) => handle.setAttribute(end ? "aria-valuemax" : "aria-valuemin", limit));
      fill(handle, shapes);
    });
  }

  handle(i) {
    const handle = document.createElementNS(SVG, "g");
    handle.setAttribute("role", "slider");
    handle.setAttribute("tabindex", "0");
    handle.onfocus = () => { this.chosen = i; this.later(); };
    handle.onkeydown = (event) => this.press(event, i);
    handle.onpointerdown = (event) => {
      handle.setPointerCapture(event.pointerId);
      const [x, y] = this.point(event);
      const box = handle.getCTM();
      this.held = { i, dx: x - box.e, dy: y - box.f, x, y, moved: false };
      this.chosen = i;
      this.grasp();
      handle.focus({ preventScroll: true });
    };
    handle.onpointermove = (event) => {
      if (this.held?.i !== i) return;
      this.held.moved = true;
      this.drag(...this.point(event), event);
    };
    handle.onpointerup = handle.onpointercancel = () => {
      const moved = this.held?.moved;
      this.held = null;
      if (moved) this.release();
      else this.unmoved();
    };
    return handle;
  }

  // Whether an event is over a handle, which is then the chosen one.
  takes(event) {
    const handle = event.target.closest(".handles > g");
    if (!handle) return false;
    event.preventDefault();
    this.chosen = [...handle.parentNode.children].indexOf(handle);
    this.grasp();
    return true;
  }

  grasp() {}
  unmoved() {}
  release() { this.report(); }

  point(event) {
    const box = this.svg.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }
}
