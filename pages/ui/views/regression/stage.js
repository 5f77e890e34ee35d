// The stage: posterior, products and bands follow the hand at the screen's rate; Python hears of a point that is let go.
const EDGE = 26; // px for the numbers of the axes
const STEPS = 80; // of a band
const BELIEFS = ["exact", "forward", "propagated", "reverse"];
const WORDS = { exact: "exact", reverse: "mean field", propagated: "EP", forward: "marginals" };
const within = (value, [low, high]) => Math.min(high, Math.max(low, value));

// Of Python it has token, rows, noise, prior, views, half (std on either side that hold 95 %), limits, most.
class Stage extends Panels {
  constructor(root) { super(root, ".line"); }

  frame(svg, [low, high, bottom, top]) {
    const [width, height] = [svg.clientWidth, svg.clientHeight];
    const [across, up] = [(width - EDGE - 6) / (high - low), (height - EDGE - 6) / (top - bottom)];
    return {
      to: ([x, y]) => [EDGE + (x - low) * across, height - EDGE - (y - bottom) * up],
      scale: [across, up],
      width,
      height,
    };
  }

  draw() {
    if (!this.rows || !this.svgs[0].clientWidth) return;
    const [target, forward, reverse] = getComputedStyle(this.svgs[0])
      .getPropertyValue("--st-chart-categorical-colors").split(",");
    const colors = { exact: target, forward, propagated: forward, reverse };
    const fits = lineFits(this.rows, this.noise, this.prior);
    const { cov } = fits.exact;
    const frames = [this.frame(this.svgs[0], this.views[0]), this.frame(this.svgs[1], this.plane(fits.exact))];
    this.svgs.forEach((svg, k) => fill(svg.querySelector(".axis"), axisOf(frames[k], k ? this.shown : this.views[0])));
    const { width, height } = frames[0];
    const ground = { x: EDGE, y: 0, width: Math.max(0, width - EDGE), height: Math.max(0, height - EDGE) };
    fill(this.find("clipPath"), [{ tag: "rect", ...ground }]);
    fill(this.svgs[0].querySelector(".lines"), this.bands(frames[0], fits, colors));
    fill(this.svgs[1].querySelector(".lines"), ovals(frames[1], fits, colors));
    const rho = cov[1] / Math.sqrt(cov[0] * cov[2]);
    this.svgs[1].previousElementSibling.textContent = `Slope (across) and intercept (up): correlation ${brief(rho)}`;
    this.find(".line").dataset.told = JSON.stringify(fits);
    this.drawHandles(frames[0], target);
    this.drawBar(colors);
  }

  // The plane holds the posterior: as Python last had it, and further while it is dragged out of there.
  plane({ mean, cov }) {
    const [low, high, bottom, top] = this.views[1];
    const [a, b] = [2.6 * Math.sqrt(cov[0]), 2.6 * Math.sqrt(cov[2])];
    this.shown = [
      Math.min(low, mean[0] - a), Math.max(high, mean[0] + a), Math.min(bottom, mean[1] - b), Math.max(top, mean[1] + b),
    ];
    return this.shown;
  }

  bands(frame, fits, colors) {
    const [low, high] = this.views[0];
    const xs = Array.from({ length: STEPS + 1 }, (_, i) => low + ((high - low) * i) / STEPS);
    const path = (points) => points.map((p, i) => `${i ? "L" : "M"}${frame.to(p).map(short)}`).join("");
    const edge = (name, sign) => xs.map((x) => {
      const [mean, std] = predicted(fits[name], this.noise, x);
      return [x, mean + sign * this.half * std];
    });
    const found = [{
      tag: "path", class: "band", fill: colors.exact, d: `${path([...edge("exact", 1), ...edge("exact", -1).reverse()])}Z`,
    }];
    found.push({ tag: "path", class: "exact", stroke: colors.exact, d: path(edge("exact", 0)) });
    for (const name of BELIEFS) {
      for (const sign of [1, -1]) found.push({ tag: "path", class: name, stroke: colors[name], d: path(edge(name, sign)) });
    }
    return found;
  }

  drawHandles(frame, color) {
    const group = this.svgs[0].querySelector(".handles");
    while (group.children.length > this.rows.length) group.lastChild.remove();
    while (group.children.length < this.rows.length) group.append(this.handle(group.children.length));
    this.rows.forEach((row, k) => {
      const handle = group.children[k];
      handle.setAttribute("transform", `translate(${frame.to(row).map(short)})`);
      handle.setAttribute("class", k === this.chosen ? "chosen" : "");
      handle.setAttribute("tabindex", 0);
      handle.setAttribute("aria-label", `Point ${k + 1}`);
      handle.setAttribute("aria-valuetext", named(row));
      handle.setAttribute("aria-valuenow", row[1]);
      fill(handle, [{ tag: "circle", class: "dot", r: 6, fill: color }, { tag: "circle", class: "hold", r: 13 }]);
    });
  }

  handle(k) {
    const handle = document.createElementNS(SVG, "g");
    handle.setAttribute("role", "slider");
    handle.onfocus = () => { this.chosen = k; this.later(); };
    handle.onkeydown = (event) => this.press(event, k);
    handle.onpointerdown = (event) => {
      handle.setPointerCapture(event.pointerId);
      const { scale } = this.frame(this.svgs[0], this.views[0]);
      this.held = { k, scale, from: [event.clientX, event.clientY], row: [...this.rows[k]], moved: false };
      handle.focus({ preventScroll: true });
    };
    handle.onpointermove = (event) => {
      if (this.held?.k !== k) return;
      const { scale, from, row } = this.held;
      this.held.moved = true;
      this.place(k, [row[0] + (event.clientX - from[0]) / scale[0], row[1] - (event.clientY - from[1]) / scale[1]]);
    };
    handle.onpointerup = handle.onpointercancel = () => {
      const moved = this.held?.moved;
      this.held = null;
      if (moved) this.report();
    };
    return handle;
  }

  press(event, k) {
    if (event.key === "Delete") return this.remove();
    const [x, y] = ARROWS[event.key] ?? [0, 0];
    if (!x && !y) return;
    event.preventDefault();
    const [low, high, bottom, top] = this.views[0];
    const by = event.shiftKey ? 0.05 : 0.005;
    this.place(k, [this.rows[k][0] + by * x * (high - low), this.rows[k][1] + by * y * (top - bottom)]);
    this.reportSoon();
  }

  place(k, [x, y]) {
    this.rows[k] = [rounded(within(x, this.limits.x)), rounded(within(y, this.limits.y))];
    this.later();
  }

  add() {
    const [low, high] = this.views[0];
    const x = rounded(low + (high - low) * (0.25 + 0.5 * ((this.rows.length * 0.382) % 1)));
    const [y] = predicted(lineFits(this.rows, this.noise, this.prior).exact, this.noise, x);
    this.rows.push([within(x, this.limits.x), rounded(within(y, this.limits.y))]);
    this.chosen = this.rows.length - 1;
    this.report();
  }

  remove() {
    if (this.rows.length === 1) return;
    this.rows.splice(this.chosen, 1);
    this.chosen = 0;
    this.report();
  }

  get edit() { return this.rows; }

  drawBar(colors) {
    this.find(".add").disabled = this.rows.length >= this.most;
    this.find(".remove").disabled = this.rows.length === 1;
    this.find(".key").replaceChildren(...["exact", "reverse", "propagated", "forward"].map((name) => {
      const entry = document.createElement("span");
      const svg = document.createElementNS(SVG, "svg");
      fill(svg, [{ tag: "line", class: name, stroke: colors[name], x1: 0, x2: "100%", y1: "50%", y2: "50%" }]);
      entry.append(svg, WORDS[name]);
      return entry;
    }));
    this.find("output").textContent = `Point ${this.chosen + 1}: ${named(this.rows[this.chosen])}`;
  }
}

const rounded = (value) => Number(value.toFixed(2));
const short = (x) => x.toFixed(1);
const brief = (x) => String(Number(x.toPrecision(3))).replace("-", "−");
const named = ([x, y]) => `x ${brief(x)}, y ${brief(y)}`;

function ovals(frame, fits, colors) {
  const path = (points) => `${points.map((p, i) => `${i ? "L" : "M"}${frame.to(p).map(short)}`).join("")}Z`;
  const found = [{
    tag: "path", class: "band", fill: colors.exact, d: path(ellipse(fits.exact.mean, fits.exact.cov, holding(0.95))),
  }];
  for (const name of BELIEFS) {
    for (const share of name === "exact" ? [0.6, 0.95] : [0.95]) {
      const { mean, cov } = fits[name];
      found.push({ tag: "path", class: name, stroke: colors[name], d: path(ellipse(mean, cov, holding(share))) });
    }
  }
  return found;
}

function axisOf({ to, width, height }, [low, high, bottom, top]) {
  const sign = (x) => String(x).replace("-", "−");
  const across = ticks(low, high, Math.max(4, width / 60)).map((x) => ({ at: to([x, bottom])[0], text: sign(x) }));
  const up = ticks(bottom, top, Math.max(3, height / 55)).map((y) => ({ at: to([low, y])[1], text: sign(y) }));
  return [
    { tag: "path", d: `M${EDGE},0V${height - EDGE}H${width}`, fill: "none" },
    ...across.filter(({ at }) => at > EDGE + 8 && at < width - 12).map(({ at, text }) =>
      ({ tag: "text", x: short(at), y: height - 8, "text-anchor": "middle", text })),
    ...up.filter(({ at }) => at > 8 && at < height - EDGE - 4).map(({ at, text }) =>
      ({ tag: "text", x: EDGE - 4, y: short(at + 4), "text-anchor": "end", text })),
  ];
}

export default mount(Stage);
