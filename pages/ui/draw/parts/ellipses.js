// Gaussians of the plane as the stage needs them: rows are [weight, mean x, mean y, var x, cov xy, var y].
const LATTICE = { columns: 121, rows: 81 };
const HELD = [0.2, 0.4, 0.6, 0.8, 0.95]; // shares of p's mass that its lines hold
const OVAL = Array.from({ length: 73 }, (_, i) => [Math.cos((i * Math.PI) / 36), Math.sin((i * Math.PI) / 36)]);

// The principal axes of a covariance: std along each, and the angle of the first.
function axesOf([xx, xy, yy]) {
  const spread = Math.hypot((xx - yy) / 2, xy);
  const middle = (xx + yy) / 2;
  return { long: Math.sqrt(middle + spread), short: Math.sqrt(middle - spread), angle: Math.atan2(2 * xy, xx - yy) / 2 };
}

function covarianceOf({ long, short, angle }) {
  const [c, s, a, b] = [Math.cos(angle), Math.sin(angle), long * long, short * short];
  return [a * c * c + b * s * s, (a - b) * c * s, a * s * s + b * c * c];
}

// The ellipse at a Mahalanobis distance, as points.
function ellipse([x, y], cov, distance) {
  const { long, short, angle } = axesOf(cov);
  const [c, s] = [Math.cos(angle) * distance, Math.sin(angle) * distance];
  return OVAL.map(([u, v]) => [x + long * c * u - short * s * v, y + long * s * u + short * c * v]);
}

// The distance whose ellipse holds a share of a Gaussian's mass.
const holding = (share) => Math.sqrt(-2 * Math.log(1 - share));

// p on a lattice over the view, and the levels above which it holds the shares of HELD.
function relief(rows, [low, high, bottom, top]) {
  const { columns, rows: lines } = LATTICE;
  const values = new Float64Array(columns * lines);
  const total = rows.reduce((sum, [w]) => sum + w, 0);
  for (const [w, mx, my, xx, xy, yy] of rows) {
    const det = xx * yy - xy * xy;
    const height = w / total / (2 * Math.PI * Math.sqrt(det));
    for (let j = 0; j < lines; j += 1) {
      const dy = bottom + ((top - bottom) * j) / (lines - 1) - my;
      for (let i = 0; i < columns; i += 1) {
        const dx = low + ((high - low) * i) / (columns - 1) - mx;
        values[j * columns + i] += height * Math.exp(-0.5 * (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / det);
      }
    }
  }
  const sorted = Float64Array.from(values).sort().reverse();
  const cell = ((high - low) / (columns - 1)) * ((top - bottom) / (lines - 1));
  const levels = [];
  let mass = 0;
  for (const value of sorted) {
    mass += value * cell;
    while (levels.length < HELD.length && mass >= HELD[levels.length]) levels.push(value);
  }
  return { values, levels };
}
