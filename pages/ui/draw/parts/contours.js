// Level lines of a grid of values by marching squares: an SVG path in units of the grid's cells.
function contour(values, columns, rows, level) {
  const parts = [];
  const cut = (a, b) => (level - a) / (b - a);
  for (let j = 0; j + 1 < rows; j += 1) {
    for (let i = 0; i + 1 < columns; i += 1) {
      const k = j * columns + i;
      const [a, b, c, d] = [values[k], values[k + 1], values[k + columns + 1], values[k + columns]];
      const ends = []; // where the line crosses the four sides, in order around the cell
      if (a < level !== b < level) ends.push([i + cut(a, b), j]);
      if (b < level !== c < level) ends.push([i + 1, j + cut(b, c)]);
      if (d < level !== c < level) ends.push([i + cut(d, c), j + 1]);
      if (a < level !== d < level) ends.push([i, j + cut(a, d)]);
      // A saddle of the cell has four: joined so that its middle lies on the right side.
      if (ends.length === 4 && a < level === (a + b + c + d) / 4 < level) ends.push(ends.shift());
      for (let e = 0; e + 1 < ends.length; e += 2) {
        parts.push(`M${ends[e].map(short).join(",")}L${ends[e + 1].map(short).join(",")}`);
      }
    }
  }
  return parts.join("");
}

// Where neighbouring cells differ: the borders of regions given by whole numbers.
function borders(labels, columns, rows) {
  const parts = [];
  for (let j = 0; j < rows; j += 1) {
    for (let i = 0; i < columns; i += 1) {
      const own = labels[j * columns + i];
      if (i + 1 < columns && labels[j * columns + i + 1] !== own) parts.push(`M${i + 0.5},${j - 0.5}V${j + 0.5}`);
      if (j + 1 < rows && labels[(j + 1) * columns + i] !== own) parts.push(`M${i - 0.5},${j + 0.5}H${i + 0.5}`);
    }
  }
  return parts.join("");
}

const short = (x) => x.toFixed(2);
