// Drawings saved as one SVG file that needs no style sheet: side by side, each under its heading.
const HEADING = 26; // px
const BETWEEN = 16;
const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "opacity", "font-size"];

function saveSvg(file, drawings) {
  const sheet = sheetOf(drawings);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(sheet)], { type: "image/svg+xml" }));
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function sheetOf(drawings) {
  const sheet = document.createElementNS(SVG, "svg");
  const style = getComputedStyle(drawings[0].svg);
  let [width, height] = [0, 0];
  const parts = drawings.map(({ svg, heading, color }) => {
    const title = document.createElementNS(SVG, "text");
    put(title, { x: width + 4, y: HEADING - 8, fill: color, "font-size": 14, "font-weight": 600 });
    title.textContent = heading;
    const copy = styled(svg);
    put(copy, { x: width, y: HEADING, width: svg.clientWidth, height: svg.clientHeight });
    width += svg.clientWidth + BETWEEN;
    height = Math.max(height, HEADING + svg.clientHeight);
    return [title, copy];
  });
  width -= BETWEEN;
  fill(sheet, [{ tag: "rect", width, height, fill: style.getPropertyValue("--st-background-color") }]);
  put(sheet, { width, height, viewBox: `0 0 ${width} ${height}`, "font-family": "sans-serif" });
  sheet.append(...parts.flat());
  return sheet;
}

function put(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

// A copy with every computed style written into it, and without what is there to be taken hold of.
function styled(svg) {
  const copy = svg.cloneNode(true);
  const [own, copied] = [svg, copy].map((node) => [...node.querySelectorAll("*")]);
  copied.forEach((node, i) => {
    const style = getComputedStyle(own[i]);
    node.setAttribute("style", STYLES.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";"));
  });
  copy.querySelectorAll(".handles").forEach((group) => group.remove());
  return copy;
}
