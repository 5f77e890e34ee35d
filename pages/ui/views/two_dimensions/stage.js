// The stage: p follows the hand at the screen's rate in both panels; Python hears of a change when it is let go.
const EDGE = 18; // px for the numbers of the axes
// px from a mean to the handles of its width, however narrow it is: a finger meets each within 44 px.
const SHORTEST = matchMedia("(pointer: coarse)").matches ? 44 : 22;
const FEWER = 50; // the longest axis over the shortest, at most
const NAMES = ["mean", "first axis", "second axis"];

// Of Python it has token, rows, panels, view, limits, most.
class Stage extends Panels {
  constructor(root) { super(root, ".plane"); }

  // The view keeps its shape in every panel: one unit is as long across as it is up.
  frame(svg) {
    const [width, height] = [svg.clientWidth, svg.clientHeight];
    const [low, high, bottom, top] = this.view;
    const scale = Math.min((width - EDGE) / (high - low), (height - EDGE) / (top - bottom));
    const [x, y] = [(low + high) / 2, (bottom + top) / 2];
    const [middle, centre] = [(width + EDGE) / 2, (height - EDGE) / 2];
    return {
      scale,
      to: ([a, b]) => [middle + (a - x) * scale, centre - (b - y) * scale],
      from: ([a, b]) => [x + (a - middle) / scale, y - (b - centre) / scale],
      width,
      height,
    };
  }

  draw() {
    if (!this.rows || !this.svgs[0].clientWidth) return;
    const colors = getComputedStyle(this.svgs[0]).getPropertyValue("--st-chart-categorical-colors").split(",");
    this.svgs.forEach((svg, k) => {
      const frame = this.frame(svg);
      // Each panel's whole ground, so that no line of p ends before the edge does.
      const [[low, top], [high, bottom]] = [frame.from([EDGE, 0]), frame.from([frame.width, frame.height - EDGE])];
      const ground = [low, high, bottom, top];
      fill(svg.querySelector(".axis"), axisOf(frame, ground));
      fill(svg.querySelector(".lines"), this.lines(frame, ground, this.panels[k], colors));
      this.drawHandles(svg, frame, colors[0], k === 0);
      svg.previousElementSibling.textContent = this.stale ? "let go to fit" : this.panels[k].title;
      svg.previousElementSibling.style.color = colors[k + 1];
    });
    this.drawBar(colors);
  }

  lines(frame, ground, panel, colors) {
    const path = (points) => `${points.map((p, i) => `${i ? "L" : "M"}${frame.to(p).map(short)}`).join("")}Z`;
    const gaussian = ({ mean, cov }, name, color, shares) =>
      shares.map((share) => ({ tag: "path", class: name, stroke: color, d: path(ellipse(mean, cov, holding(share))) }));
    const [low, high, bottom, top] = ground;
    const { columns, rows } = LATTICE;
    const [left, floor] = frame.to([low, bottom]);
    const [step, rise] = [(frame.scale * (high - low)) / (columns - 1), (frame.scale * (top - bottom)) / (rows - 1)];
    const found = [];
    this.contours(ground).forEach((d) => found.push({
      tag: "path", class: "target", stroke: colors[0], "vector-effect": "non-scaling-stroke",
      transform: `translate(${short(left)},${short(floor)}) scale(${step},${-rise})`,
      d,
    }));
    const color = colors[panel.role === "forward" ? 1 : 2];
    const old = this.stale ? " stale" : ""; // what belongs to the p before
    for (const q of panel.drawn) found.push(...gaussian(q, `drawn${old}`, undefined, [0.6, 0.95]));
    for (const q of panel.others) found.push(...gaussian(q, `${panel.role} other${old}`, color, [0.6]));
    found.push(...gaussian(panel.q, `${panel.role}${old}`, color, [0.6, 0.95]));
    return found;
  }

  // The lines of p over a ground; panels of one size share them.
  contours(ground) {
    const key = JSON.stringify([this.rows, ground]);
    if (key !== this.drawn) {
      const { values, levels } = relief(this.rows, ground);
      this.paths = levels.map((level) => contour(values, LATTICE.columns, LATTICE.rows, level));
      this.drawn = key;
    }
    return this.paths;
  }

  drawHandles(svg, frame, color, first) {
    const group = svg.querySelector(".handles");
    const wanted = 3 * this.rows.length;
    while (group.children.length > wanted) group.lastChild.remove();
    while (group.children.length < wanted) group.append(this.handle(svg, group.children.length));
    this.rows.forEach((row, k) => places(row, frame).forEach(([px, py], part) => {
      const handle = group.children[3 * k + part];
      handle.setAttribute("transform", `translate(${short(px)},${short(py)})`);
      handle.setAttribute("class", k === this.chosen ? "chosen" : "");
      handle.setAttribute("tabindex", first ? 0 : -1);
      handle.setAttribute("aria-label", `Component ${k + 1} of p, ${NAMES[part]}`);
      handle.setAttribute("aria-valuetext", named(row));
      handle.setAttribute("aria-valuenow", part ? row[2 * part + 1] : row[1]);
      const dot = part
        ? { tag: "circle", class: "end", r: 4.5, stroke: color }
        : { tag: "circle", class: "dot", r: 7, fill: color };
      fill(handle, [dot, { tag: "circle", class: "hold", r: part ? 10 : 13 }]);
    }));
  }

  handle(svg, index) {
    const [k, part] = [Math.floor(index / 3), index % 3];
    const handle = document.createElementNS(SVG, "g");
    handle.setAttribute("role", "slider");
    handle.onfocus = () => { this.chosen = k; this.later(); };
    handle.onkeydown = (event) => this.press(event, k, part);
    handle.onpointerdown = (event) => {
      handle.setPointerCapture(event.pointerId);
      const frame = this.frame(svg);
      this.held = { k, part, frame, from: pointOf(svg, event), row: [...this.rows[k]], moved: false };
      this.chosen = k;
      handle.focus({ preventScroll: true });
    };
    handle.onpointermove = (event) => { if (this.held?.k === k && this.held.part === part) this.drag(pointOf(svg, event)); };
    handle.onpointerup = handle.onpointercancel = () => {
      const moved = this.held?.moved;
      this.held = null;
      if (moved) this.report();
    };
    handle.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.weigh(k, -event.deltaY / 5000);
    }, { passive: false });
    return handle;
  }

  // A mean goes where the hand goes; an axis turns with it and grows as the hand moves off.
  drag(to) {
    const { k, part, frame, from, row } = this.held;
    this.held.moved = true;
    if (part === 0) {
      this.change(k, { mean: [row[1] + (to[0] - from[0]) / frame.scale, row[2] - (to[1] - from[1]) / frame.scale] });
      return;
    }
    const [cx, cy] = frame.to([row[1], row[2]]);
    const [was, is] = [from, to].map(([x, y]) => [Math.hypot(x - cx, y - cy), Math.atan2(cy - y, x - cx)]);
    const axes = axesOf(row.slice(3));
    const name = part === 1 ? "long" : "short";
    this.change(k, { axes: { ...axes, [name]: (axes[name] * is[0]) / was[0], angle: axes.angle + is[1] - was[1] } });
  }

  press(event, k, part) {
    const row = this.rows[k];
    const by = ((this.view[1] - this.view[0]) / 200) * (event.shiftKey ? 10 : 1);
    const [x, y] = ARROWS[event.key] ?? [0, 0];
    if (event.key === "Delete") return this.remove();
    if (event.key === "+" || event.key === "-") return this.weigh(k, event.key === "+" ? 0.02 : -0.02);
    if (!x && !y) return;
    event.preventDefault();
    if (part === 0) {
      this.change(k, { mean: [row[1] + by * x, row[2] + by * y] });
    } else {
      const axes = axesOf(row.slice(3));
      const name = part === 1 ? "long" : "short";
      this.change(k, { axes: { ...axes, [name]: axes[name] * 1.05 ** y, angle: axes.angle - (x * Math.PI) / 60 } });
    }
    this.reportSoon();
  }

  change(k, { mean, axes }) {
    const row = this.rows[k];
    const within = (value, [low, high]) => Math.min(high, Math.max(low, value));
    if (mean) {
      const step = 10 ** Math.floor(Math.log10((this.view[1] - this.view[0]) / 300));
      const round = (x) => Number((Math.round(x / step) * step).toPrecision(12));
      row[1] = round(within(mean[0], this.limits["mean x"]));
      row[2] = round(within(mean[1], this.limits["mean y"]));
    }
    if (axes) {
      const [least, most] = this.limits["var x"].map(Math.sqrt);
      for (const name of ["long", "short"]) axes[name] = within(axes[name], [1.1 * least, 0.9 * most]);
      const longest = Math.max(axes.long, axes.short);
      for (const name of ["long", "short"]) axes[name] = Math.max(axes[name], longest / FEWER);
      const spread = covarianceOf(axes);
      const rounding = 1e-12 * Math.max(spread[0], spread[2]); // of an upright ellipse, whose covariance is 0
      row.splice(3, 3, ...spread.map((value) => (Math.abs(value) < rounding ? 0 : Number(value.toPrecision(4)))));
    }
    this.stale = true;
    this.later();
  }

  // The share of one component grows by so much; the others keep their ratios.
  weigh(k, by) {
    if (this.rows.length === 1) return;
    const total = this.rows.reduce((sum, [w]) => sum + w, 0);
    const old = this.rows[k][0] / total;
    const share = Math.min(0.98, Math.max(0.02, Number((old + by).toFixed(3))));
    this.rows.forEach((row, i) => { row[0] = i === k ? share : Number(((row[0] / total) * ((1 - share) / (1 - old))).toPrecision(6)); });
    this.stale = true;
    this.later();
    this.reportSoon();
  }

  add() {
    const [low, high, bottom, top] = this.view;
    const count = this.rows.length;
    const spread = Number((((top - bottom) / 12) ** 2).toPrecision(2));
    const place = count % 2 ? [0.75, 0.28] : [0.25, 0.72];
    const mean = [low + place[0] * (high - low), bottom + place[1] * (top - bottom)].map((x) => Number(x.toFixed(1)));
    const total = this.rows.reduce((sum, [w]) => sum + w, 0);
    this.rows = [
      ...this.rows.map(([w, ...rest]) => [Number(((w / total) * (count / (count + 1))).toPrecision(6)), ...rest]),
      [Number((1 / (count + 1)).toPrecision(6)), ...mean, spread, 0, spread],
    ];
    this.chosen = count;
    this.report();
  }

  remove() {
    if (this.rows.length === 1) return;
    this.rows = this.rows.filter((_, i) => i !== this.chosen);
    this.chosen = 0;
    this.report();
  }

  get edit() { return this.rows; }

  drawBar([target, forward, reverse]) {
    this.find(".add").disabled = this.rows.length >= this.most;
    this.find(".remove").disabled = this.rows.length === 1;
    const entries = [["target", target, "p"], ["forward", forward, "forward fit"], ["reverse", reverse, "reverse fit"]];
    if (this.panels[1].others.length) entries.push(["reverse other", reverse, "other optima"]);
    if (this.panels[1].drawn.length) entries.push(["drawn", undefined, "Murphy’s figure"]);
    this.find(".key").replaceChildren(...entries.map(([name, color, words]) => {
      const entry = document.createElement("span");
      const svg = document.createElementNS(SVG, "svg");
      fill(svg, [{ tag: "line", class: name, stroke: color, x1: 0, x2: "100%", y1: "50%", y2: "50%" }]);
      entry.append(svg, words);
      return entry;
    }));
    this.find("output").textContent = `Component ${this.chosen + 1}: ${named(this.rows[this.chosen])}`;
  }
}

const brief = (x) => String(Number(x.toPrecision(3))).replace("-", "−");

function named([weight, x, y, xx, xy, yy]) {
  const [a, b] = [Math.sqrt(xx), Math.sqrt(yy)];
  return `weight ${brief(weight)}, mean (${brief(x)}, ${brief(y)}), std ${brief(a)} and ${brief(b)}, ` +
    `correlation ${brief(xy / a / b)}`;
}

function pointOf(svg, event) {
  const box = svg.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

// Where the handles of a component are, in px: its mean, and an end of each axis.
function places([, x, y, ...cov], frame) {
  const { long, short: narrow, angle } = axesOf(cov);
  const [cx, cy] = frame.to([x, y]);
  const end = (std, turn) => {
    const reach = Math.max(SHORTEST, std * frame.scale);
    return [cx + reach * Math.cos(turn), cy - reach * Math.sin(turn)];
  };
  return [[cx, cy], end(long, angle), end(narrow, angle + Math.PI / 2)];
}

function axisOf({ to, width, height }, [low, high, bottom, top]) {
  const sign = (x) => String(x).replace("-", "−");
  const across = ticks(low, high, Math.max(4, width / 55)).map((x) => ({ at: to([x, 0])[0], text: sign(x) }));
  const up = ticks(bottom, top, Math.max(3, height / 60)).map((y) => ({ at: to([0, y])[1], text: sign(y) }));
  const clear = (at, most) => at > 12 && at < most - 8;
  return [
    { tag: "path", d: `M${EDGE},0V${height - EDGE}H${width}`, fill: "none" },
    ...across.filter(({ at }) => clear(at - EDGE, width - EDGE)).map(({ at, text }) =>
      ({ tag: "text", x: short(at), y: height - 4, "text-anchor": "middle", text })),
    ...up.filter(({ at }) => clear(at, height - EDGE)).map(({ at, text }) =>
      ({ tag: "text", x: EDGE - 4, y: short(at + 4), "text-anchor": "end", text })),
  ];
}

export default mount(Stage);
