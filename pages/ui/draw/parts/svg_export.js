// Drawings as one SVG sheet that needs no style sheet: side by side, each under its heading.
const HEADING = 26; // px
const BETWEEN = 16;
const ASIDE = 12;
const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "font-size",
  "font-weight", "text-anchor", "paint-order", "visibility", "display",
];

function saveSvg(file, sheet) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(sheet)], { type: "image/svg+xml" }));
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// A sheet of some drawings, each `{ svg, heading, color }`; the heading has the colour of the text where none is given.
function sheetOf(drawings) {
  const sheet = document.createElementNS(SVG, "svg");
  let [width, height] = [0, 0];
  const parts = drawings.map(({ svg, heading, color }) => {
    const box = boxOf(svg);
    const title = document.createElementNS(SVG, "text");
    put(title, { x: width + 4, y: HEADING - 8, fill: color ?? getComputedStyle(svg).color, "font-size": 14, "font-weight": 600 });
    title.textContent = heading;
    const copy = styled(svg);
    put(copy, { x: width - box.x, y: HEADING - box.y, width: svg.clientWidth, height: svg.clientHeight });
    copy.setAttribute("style", "overflow:visible");
    const clip = document.createElementNS(SVG, "svg");
    put(clip, { x: width, y: HEADING, width: box.width, height: box.height, viewBox: `${width} ${HEADING} ${box.width} ${box.height}` });
    clip.append(copy);
    width += Math.max(box.width, 8 * heading.length) + BETWEEN;
    height = Math.max(height, HEADING + box.height);
    return [title, clip];
  });
  width -= BETWEEN;
  fill(sheet, [{ tag: "rect", width, height, fill: ground(drawings[0].svg) }]);
  put(sheet, { width, height, viewBox: `0 0 ${width} ${height}`, "font-family": "sans-serif" });
  sheet.append(...parts.flat());
  return sheet;
}

// What is seen of a drawing: more than its own place where it lets its labels stand beside it; and to either side a
// little, as elsewhere letters may be wider.
function boxOf(svg) {
  let [left, top, right, bottom] = [0, 0, svg.clientWidth, svg.clientHeight];
  if (getComputedStyle(svg).overflow === "visible") {
    const { x, y, width, height } = svg.getBBox();
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x + width), Math.max(bottom, y + height)];
  }
  return { x: left - ASIDE, y: top, width: right - left + 2 * ASIDE, height: bottom - top };
}

// The colour behind a drawing: that of the app, which a stage has as a variable of the theme.
function ground(svg) {
  const themed = getComputedStyle(svg).getPropertyValue("--st-background-color");
  return themed || getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor;
}

function put(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

// A copy with every computed style written into it, without what is there to be taken hold of, and with the canvas that
// it lies upon.
function styled(svg) {
  const copy = svg.cloneNode(true);
  const [own, copied] = [svg, copy].map((node) => [...node.querySelectorAll("*")]);
  copied.forEach((node, i) => {
    const style = getComputedStyle(own[i]);
    node.setAttribute("style", STYLES.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";"));
  });
  copy.querySelectorAll(".handles").forEach((group) => group.remove());
  const under = svg.previousElementSibling;
  if (under?.matches("canvas")) {
    const image = document.createElementNS(SVG, "image");
    put(image, { href: under.toDataURL(), width: svg.clientWidth, height: svg.clientHeight, preserveAspectRatio: "none" });
    copy.prepend(image);
  }
  return copy;
}
