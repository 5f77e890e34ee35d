// Two maps over (mean, log std) of q, forward and reverse: colour, level lines, stationary points, flow from the start.
const SVG = "http://www.w3.org/2000/svg";
const PAUSE = 350; // ms after the last key
const SOFT = 0.1; // nats above the least: nearer the colour is linear in the divergence, farther logarithmic

const [STRIP, GAP] = [50, 6]; // px: the height of the densities above a map, and what parts them from it

const brief = (x) => String(Number(x.toPrecision(3))).replace("-", "−");

class Maps {
  constructor(root) {
    this.box = root.querySelector(".maps");
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(this.box);
    onTheme(this.box, () => this.draw());
  }

  load({ data, setTriggerValue }) {
    this.trigger = setTriggerValue;
    if (data.token === this.token) return;
    this.answered = String(data.start);
    this.dim(false);
    Object.assign(this, data); // token, means, stds (of the grid's ends), columns, rows, maps, p, start, unit, scale
    this.maps.forEach((map) => { map.grid = floats(map.values); });
    if (this.box.children.length !== this.maps.length) this.box.replaceChildren(...this.maps.map(() => this.figure()));
    this.draw();
  }

  figure() {
    const figure = document.createElement("figure");
    figure.innerHTML = `<figcaption><b></b><output aria-live="polite"></output></figcaption>
      <div class="ground"><canvas></canvas><svg></svg></div>`;
    const ground = figure.querySelector(".ground");
    ground.onpointerdown = (event) => this.take(event, ground);
    ground.onpointermove = (event) => {
      const there = this.place(event, ground);
      if (this.held) this.move(...there);
      this.tell(figure, ...there);
    };
    ground.onpointerup = () => { if (this.held) this.letGo(); };
    ground.onpointercancel = ground.onpointerup;
    ground.onclick = (event) => {
      if (!this.dragged) this.put(...this.place(event, ground));
    };
    ground.onpointerleave = () => { figure.querySelector("output").textContent = ""; };
    return figure;
  }

  // Between (mean, std) and the unit square, std upward on a logarithmic scale.
  inside(mean, std) {
    const [[left, right], [low, high]] = [this.means, this.stds.map(Math.log)];
    return [(mean - left) / (right - left), 1 - (Math.log(std) - low) / (high - low)];
  }

  outside(u, v) {
    const [[left, right], [low, high]] = [this.means, this.stds.map(Math.log)];
    return [left + u * (right - left), Math.exp(low + (1 - v) * (high - low))];
  }

  place(event, ground) {
    const box = ground.getBoundingClientRect();
    const [x, y] = this.held ?? [0, 0];
    return this.outside((event.clientX - x - box.left) / box.width, (event.clientY - y - box.top) / box.height);
  }

  // The start is taken hold of at its handle; elsewhere a finger moves the page, and a tap puts the start there.
  take(event, ground) {
    const handle = event.target.closest(".start");
    this.dragged = Boolean(handle);
    if (!handle) return;
    const box = handle.getBoundingClientRect();
    this.held = [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2]; // of its middle
    ground.setPointerCapture(event.pointerId);
  }

  letGo() {
    this.held = null;
    this.send();
  }

  put(mean, std) {
    this.move(mean, std);
    this.send();
  }

  send() {
    if (String(this.start) === this.answered) this.dim(false);
    else this.trigger("start", this.start);
  }

  // What the page says of another start than the one drawn steps back.
  dim(moving) {
    document.documentElement.toggleAttribute("data-kl-moving", moving);
  }

  // Put the start there, inside the map, and draw the way down from it as the values of the map tell it; the exact one
  // follows once it is let go.
  move(mean, std, digits = 4) {
    const within = (x, [low, high]) => Number(Math.min(high, Math.max(low, x)).toPrecision(digits));
    this.start = [within(mean, this.means), within(std, this.stds)];
    this.dim(String(this.start) !== this.answered);
    for (const map of this.maps) map.path = this.descent(map);
    const colors = this.colors();
    this.maps.forEach((map, k) => this.drawMarks(this.box.children[k].querySelector("svg"), map, colors));
  }

  // The flow from the start over the values of a map: by half a cell a step, against the natural gradient.
  descent({ grid }) {
    const [across, up] = [(this.means[1] - this.means[0]) / (this.columns - 1), Math.log(this.stds[1] / this.stds[0]) / (this.rows - 1)];
    const [columns, rows] = [this.columns, this.rows];
    const level = (i, j) => {
      const [a, b] = [Math.min(columns - 2, Math.max(0, Math.floor(i))), Math.min(rows - 2, Math.max(0, Math.floor(j)))];
      const [s, t] = [Math.min(1, Math.max(0, i - a)), Math.min(1, Math.max(0, j - b))];
      const row = (k) => grid[k * columns + a] * (1 - s) + grid[k * columns + a + 1] * s;
      return row(b) * (1 - t) + row(b + 1) * t;
    };
    let [i, j] = [(this.start[0] - this.means[0]) / across, Math.log(this.start[1] / this.stds[0]) / up];
    const std = () => this.stds[0] * Math.exp(j * up);
    const path = [[...this.start]];
    for (let step = 0; step < 2 * (columns + rows); step += 1) {
      const by = [-(((std() / across) ** 2) * (level(i + 1, j) - level(i - 1, j))), -(level(i, j + 1) - level(i, j - 1)) / (2 * up * up)];
      const size = 0.5 / Math.hypot(...by);
      const next = [Math.min(columns - 1, Math.max(0, i + size * by[0])), Math.min(rows - 1, Math.max(0, j + size * by[1]))];
      if (!(level(...next) < level(i, j))) break;
      [i, j] = next;
      path.push([this.means[0] + i * across, std()]);
    }
    return path;
  }

  colors() {
    return getComputedStyle(this.box).getPropertyValue("--st-chart-categorical-colors").split(",");
  }

  // The value of the node of the map that is nearest, and the q of that node: the value is that of no other.
  tell(figure, mean, std) {
    const map = this.maps[[...this.box.children].indexOf(figure)];
    const [u, v] = this.inside(mean, std);
    const [i, j] = [Math.round(u * (this.columns - 1)), Math.round((1 - v) * (this.rows - 1))];
    const value = map.grid[j * this.columns + i];
    if (value === undefined) return;
    const [across, wide] = this.outside(i / (this.columns - 1), 1 - j / (this.rows - 1));
    const words = `N(${brief(Number(across.toFixed(9)))}, ${brief(wide)}²): ${brief(value / this.scale)} ${this.unit}`;
    figure.querySelector("output").textContent = words;
  }

  draw() {
    if (!this.maps || !this.box.clientWidth) return;
    const colors = this.colors();
    this.maps.forEach((map, k) => {
      map.lines = null;
      const figure = this.box.children[k];
      const title = figure.querySelector("b");
      title.textContent = map.title;
      title.style.color = colors[k + 1];
      this.paint(figure.querySelector("canvas"), map.grid, colors[k + 1]);
      this.drawMarks(figure.querySelector("svg"), map, colors);
    });
  }

  // The lower the divergence, the fuller the colour of its role.
  paint(canvas, grid, color) {
    [canvas.width, canvas.height] = [this.columns, this.rows];
    const context = canvas.getContext("2d");
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
    const image = context.createImageData(this.columns, this.rows);
    const [least, most] = [grid.reduce((a, b) => Math.min(a, b)), grid.reduce((a, b) => Math.max(a, b))];
    const shade = (value) => Math.log1p((value - least) / SOFT) / (Math.log1p((most - least) / SOFT) || 1);
    grid.forEach((value, k) => {
      const [i, j] = [k % this.columns, this.rows - 1 - Math.floor(k / this.columns)];
      const alpha = 230 * (1 - shade(value));
      image.data.set([red, green, blue, alpha], 4 * (j * this.columns + i));
    });
    context.putImageData(image, 0, 0);
  }

  drawMarks(svg, map, colors) {
    const [width, height] = [svg.clientWidth, svg.clientHeight];
    const at = (mean, std) => this.inside(mean, std).map((u, k) => u * [width, height][k]);
    const cells = `matrix(${width / (this.columns - 1)} 0 0 ${-height / (this.rows - 1)} 0 ${height})`;
    const line = (name, d) => node("path", { class: name, transform: cells, "vector-effect": "non-scaling-stroke", d });
    map.lines ??= [ // which stay while the start is moved
      ...map.levels.map((level) => line("contour", contour(map.grid, this.columns, this.rows, level))),
      ...(map.basins ? [line("basin", borders(map.basins, this.columns, this.rows))] : []),
    ];
    const marks = [...map.lines];
    const steps = map.path.map(([mean, std]) => at(mean, std).map((x) => x.toFixed(1)).join(","));
    const way = `M${steps.join("L")}`;
    marks.push(node("path", { class: "halo", d: way }), node("path", { class: `path ${map.direction}`, d: way }));
    for (const { mean, std, kind, words } of map.points) marks.push(mark(kind, at(mean, std), words));
    const densities = this.densities(width, map, colors);
    svg.replaceChildren(...marks, ...this.axes(width, height), ...densities, this.handle(at(...this.start)));
  }

  // Above a map, over the same means: p, the q of the start, and the q to which the flow from there leads.
  densities(width, map, [target, ...fits]) {
    const [low, high] = this.means;
    const color = fits[this.maps.indexOf(map)];
    const end = map.path[map.path.length - 1];
    const tops = [...this.p.map(([, m]) => mixture(m, this.p)), ...[this.start, end].map(([, s]) => peak(1, s))];
    const most = Math.min(Math.max(...tops), 3 * tops[0]);
    const up = (y) => -GAP - Math.min(1, y / most) * STRIP;
    const step = (high - low) / 160;
    const even = Array.from({ length: 161 }, (_, i) => low + step * i);
    const line = (name, own, density, [mean, std] = []) => {
      const xs = std < 6 * step ? [...even, ...around(mean, std)].filter((x) => x >= low && x <= high).sort((a, b) => a - b) : even;
      const d = xs.map((x) => `${(((x - low) / (high - low)) * width).toFixed(1)},${up(density(x)).toFixed(1)}`).join("L");
      return node("path", { class: `density ${name}`, stroke: own, d: `M${d}` });
    };
    const narrow = this.p.reduce((least, part) => (part[2] < least[2] ? part : least)).slice(1);
    const p = line("target", target, (x) => mixture(x, this.p), narrow);
    const body = node("path", { class: "body", fill: target, d: `${p.getAttribute("d")}L${width},${-GAP}L0,${-GAP}Z` });
    const q = (name, own, [mean, std]) => line(name, own, (x) => bell(x, mean, std), [mean, std]);
    return [body, p, q("of-start", "currentColor", this.start), q(map.direction, color, end), this.named(width, target, up)];
  }

  // "p" above its summit.
  named(width, color, up) {
    const [low, high] = this.means;
    const [, mean] = this.p.reduce((best, part) => (mixture(part[1], this.p) > mixture(best[1], this.p) ? part : best));
    const x = ((mean - low) / (high - low)) * width;
    return node("text", { class: "name", x, y: up(mixture(mean, this.p)) - 5, "text-anchor": "middle", style: `fill:${color}` }, "p");
  }

  axes(width, height) {
    const label = (x, y, anchor, text) => node("text", { x, y, "text-anchor": anchor }, text);
    const columns = ticks(...this.means, Math.max(3, width / 80));
    const across = columns.map((x) => label(this.inside(x, 1)[0] * width, height + 14, "middle", brief(x)));
    const up = decades(...this.stds).map((s) => label(-6, this.inside(0, s)[1] * height + 4, "end", brief(s)));
    return [...across, ...up, label(6, 16, "start", "std of q, log scale"), label(width - 6, height - 8, "end", "mean of q")];
  }

  handle([x, y]) {
    const [mean, std] = this.start;
    const handle = node("g", {
      class: "start", transform: `translate(${x},${y})`,
      tabindex: 0, role: "slider", "aria-label": "Start of q", "aria-valuenow": mean,
      "aria-valuetext": `mean ${brief(mean)}, std ${brief(std)}`,
    });
    handle.append(node("circle", { class: "hold" }), node("path", { d: "M0,-7L7,0L0,7L-7,0Z" }));
    handle.onkeydown = (event) => this.press(event);
    return handle;
  }

  press(event) {
    const by = (event.shiftKey ? 0.05 : 0.005) * (this.means[1] - this.means[0]);
    const factor = (this.stds[1] / this.stds[0]) ** (event.shiftKey ? 0.05 : 0.01);
    const moves = { ArrowLeft: [-by, 1], ArrowRight: [by, 1], ArrowUp: [0, factor], ArrowDown: [0, 1 / factor] };
    if (!(event.key in moves)) return;
    event.preventDefault();
    const own = event.target.closest("figure");
    const [shift, times] = moves[event.key];
    this.move(this.start[0] + shift, this.start[1] * times, 6);
    own.querySelector(".start").focus();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), PAUSE);
  }

  close() {
    clearTimeout(this.timer);
    this.dim(false);
    this.resized.disconnect();
  }
}

function node(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

// A stationary point: the best ringed, minima dots, saddles crosses, maxima open triangles.
function mark(kind, [x, y], words) {
  const group = node("g", { transform: `translate(${x},${y})` });
  group.append(node("title", {}, words));
  if (kind === "saddle") group.append(node("path", { class: "cross", d: "M-5,-5L5,5M-5,5L5,-5" }));
  else if (kind === "maximum") group.append(node("path", { class: "ring", d: "M0,-7L6,5H-6Z" }));
  else group.append(node("circle", { class: "point", r: 5 }));
  if (kind === "best") group.append(node("circle", { class: "ring", r: 9 }));
  return group;
}

// 32-bit floats from base64: a map has ten thousand values.
function floats(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

export default mount(Maps);
