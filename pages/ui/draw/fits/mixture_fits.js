// Both Gaussian fits of a mixture, in the browser, while a hand moves it. A mixture is a list of [weight, mean, std].
//
// The one integral is E_q[f], f = log p, with the two derivatives of f. log p bends sharply where two components cross:
// there p has zeros beside the real line, at u ± iv, and the panels of the Gauss rule shrink towards u in proportion
// to v. So each panel is short beside its distance from the zeros, and the rule keeps nine digits or more.
const GAUSS = [ // nodes and weights on [0, 1], eight points
  [0.019855071751231912, 0.05061426814518853], [0.10166676129318664, 0.11119051722668721],
  [0.2372337950418355, 0.15685332293894344], [0.4082826787521751, 0.18134189168918083],
].flatMap(([z, w]) => [[z, w], [1 - z, w]]);
const ENDS = 8.5; // in units of q's std
const PANEL = 1.7; // the longest panel
const FAINT = 36; // in log: a crossing so far below p bends nothing
const LOG_ROOT_TAU = 0.5 * Math.log(2 * Math.PI);

// log of the component's share of p at x.
const logPart = ([w, m, s], x) => Math.log(w / s) - LOG_ROOT_TAU - 0.5 * ((x - m) / s) ** 2;

function logMixture(x, parts) {
  let top = -Infinity;
  for (const part of parts) top = Math.max(top, logPart(part, x));
  let sum = 0;
  for (const part of parts) sum += Math.exp(logPart(part, x) - top);
  return top + Math.log(sum);
}

// Where two components cross, as [u, v] in units of q: the solutions u ± iv of a log ratio of iπ.
function crossings([w1, m1, s1], [w2, m2, s2], mean, std) {
  const [a1, a2] = [1 / (s1 * s1), 1 / (s2 * s2)];
  const [d1, d2] = [m1 - mean, m2 - mean];
  const a = 0.5 * (a2 - a1) * std * std;
  const b = (d1 * a1 - d2 * a2) * std;
  const c = Math.log((w1 * s2) / (w2 * s1)) - 0.5 * d1 * d1 * a1 + 0.5 * d2 * d2 * a2;
  if (a === 0 && b === 0) return [];
  // (a z + b) z + c − iπ = 0; the root of the discriminant, and with it both solutions without cancellation.
  const [re, im] = [b * b - 4 * a * c, 4 * a * Math.PI];
  const size = Math.hypot(re, im);
  const rootRe = Math.sqrt(0.5 * (size + Math.abs(re)));
  const half = rootRe ? im / (2 * rootRe) : 0;
  let [x, y] = re >= 0 ? [rootRe, half] : [Math.abs(half), im >= 0 ? rootRe : -rootRe];
  if (b * x < 0) [x, y] = [-x, -y];
  const [qx, qy] = [-0.5 * (b + x), -0.5 * y];
  const norm = qx * qx + qy * qy;
  const found = norm ? [[(c * qx - Math.PI * qy) / norm, (-Math.PI * qx - c * qy) / norm]] : [];
  if (a !== 0) found.push([qx / a, qy / a]);
  return found.map(([u, v]) => [u, Math.abs(v)]);
}

// The ends of the panels for E_q, in order, in units of q.
function panels(parts, mean, std) {
  const ends = [];
  for (let z = -ENDS; z < ENDS + 0.1; z += PANEL) ends.push(z);
  for (let i = 0; i < parts.length; i += 1) {
    for (let j = 0; j < i; j += 1) {
      for (const [u, v] of crossings(parts[i], parts[j], mean, std)) {
        if (!(Math.abs(u) < ENDS && v < 2 * PANEL)) continue;
        const x = mean + std * u;
        if (parts.length > 2 && logMixture(x, parts) - logPart(parts[i], x) > FAINT) continue;
        ends.push(u);
        for (let far = Math.max(v, 1e-9); far < PANEL; far *= 3) ends.push(u - far, u + far);
      }
    }
  }
  return ends.filter((z) => Math.abs(z) <= ENDS).sort((a, b) => a - b);
}

// E_q of f, f′, z f′, f″, z f″, z² f″, where x = mean + std z.
function expected(parts, mean, std) {
  const ends = panels(parts, mean, std);
  const sums = [0, 0, 0, 0, 0, 0];
  const logs = new Float64Array(parts.length);
  const heights = parts.map(([w, , s]) => Math.log(w / s) - LOG_ROOT_TAU);
  for (let k = 1; k < ends.length; k += 1) {
    const length = ends[k] - ends[k - 1];
    if (length < 1e-13) continue;
    for (const [place, weight] of GAUSS) {
      const z = ends[k - 1] + length * place;
      const x = mean + std * z;
      const mass = weight * length * Math.exp(-0.5 * z * z) / ROOT_TAU;
      let top = -Infinity;
      for (let i = 0; i < parts.length; i += 1) {
        const away = (x - parts[i][1]) / parts[i][2];
        logs[i] = heights[i] - 0.5 * away * away;
        if (logs[i] > top) top = logs[i];
      }
      let [sum, slope, square, curve] = [0, 0, 0, 0];
      for (let i = 0; i < parts.length; i += 1) {
        const share = Math.exp(logs[i] - top);
        const precision = 1 / (parts[i][2] * parts[i][2]);
        const score = (parts[i][1] - x) * precision;
        sum += share;
        slope += share * score;
        square += share * score * score;
        curve -= share * precision;
      }
      slope /= sum;
      curve = (curve + square) / sum - slope * slope;
      sums[0] += mass * (top + Math.log(sum));
      sums[1] += mass * slope;
      sums[2] += mass * slope * z;
      sums[3] += mass * curve;
      sums[4] += mass * curve * z;
      sums[5] += mass * curve * z * z;
    }
  }
  return sums;
}

const reverseKl = (parts, [mean, std]) => -LOG_ROOT_TAU - 0.5 - Math.log(std) - expected(parts, mean, std)[0];

// D(p‖q): the entropy of p by the same rule, component by component; the cross-entropy is a closed form.
function forwardKl(parts, [mean, std]) {
  let value = LOG_ROOT_TAU + Math.log(std);
  for (const [w, m, s] of parts) value += w * (expected(parts, m, s)[0] + 0.5 * (s * s + (m - mean) ** 2) / (std * std));
  return value;
}

// In (mean, log std): the velocity of the natural-gradient flow, Newton's step in units of q's std, and whether the
// divergence curves upwards. E_q[z f′] = std E_q[f″] is taken by the side that keeps more digits.
function slopes(parts, [mean, std]) {
  const [, first, firstZ, second, secondZ, secondZZ] = expected(parts, mean, std);
  const gradient = [-std * first, -1 - std * firstZ];
  const [mm, ml, ll] = [-std * std * second, -std * std * secondZ, 1 - std * std * secondZZ + gradient[1]];
  const determinant = mm * ll - ml * ml;
  return {
    drift: [-gradient[0], -0.5 * gradient[1]],
    step: [(ml * gradient[1] - ll * gradient[0]) / determinant, (ml * gradient[0] - mm * gradient[1]) / determinant],
    convex: mm > 0 && determinant > 0,
  };
}

const moved = ([mean, std], [across, growth], by = 1) => [mean + by * std * across, std * Math.exp(by * growth)];
const size = ([across, growth]) => Math.max(Math.abs(across), Math.abs(growth));

// Newton's method from near a minimum: the minimum, or null where it leaves that place or there is none.
function polished(parts, start, reach = 0.7) {
  let place = start;
  for (let k = 0; k < 12; k += 1) {
    const { step, convex } = slopes(parts, place);
    if (!convex || !(size(step) < reach)) return null;
    place = moved(place, step);
    if (size(step) < 1e-9) return place;
  }
  return null;
}

// The minimum to which the natural-gradient flow leads from a start (Bogacki-Shampine, its end Newton's); null where it
// has not come to one.
function settled(parts, start, tolerance = 1e-3) {
  let [place, length] = [start, 0.3];
  let first = slopes(parts, place);
  for (let k = 0; k < 200; k += 1) {
    if (first.convex && size(first.step) < 0.03 && size(first.drift) < 0.03) {
      const end = polished(parts, place);
      if (end) return end;
    }
    const second = slopes(parts, moved(place, first.drift, 0.5 * length)).drift;
    const third = slopes(parts, moved(place, second, 0.75 * length)).drift;
    const mean = [0, 1].map((i) => (2 * first.drift[i] + 3 * second[i] + 4 * third[i]) / 9);
    const next = moved(place, mean, length);
    const after = slopes(parts, next);
    const error = [0, 1].map((i) => length * (-5 * first.drift[i] / 72 + second[i] / 12 + third[i] / 9 - after.drift[i] / 8));
    const off = size(error) / tolerance;
    if (off <= 1) [place, first] = [next, after];
    length *= Math.min(3, Math.max(0.2, 0.85 / Math.cbrt(Math.max(off, 1e-9))));
  }
  return null;
}

const alike = ([m1, s1], [m2, s2]) => Math.abs(m1 - m2) < 1e-4 * s1 && Math.abs(s1 / s2 - 1) < 1e-4;

// Every minimum of D(q‖p) found from the components of p, its moments, those of its components taken as equally heavy
// (the covering fit hardly heeds their weights), and where minima were last; best first. With a `turn`, only one
// of the starts: enough from one frame to the next, as what was found is followed.
function reverseMinima(parts, last = [], turn = null) {
  const found = [];
  const add = (place) => { if (place && !found.some((other) => alike(place, other))) found.push(place); };
  for (const place of last) add(polished(parts, place, 0.3));
  const even = moments(shares(parts.map(([, m, s]) => [1, m, s])));
  const starts = [...parts.map(([, m, s]) => [m, s]), moments(parts), even];
  for (const start of turn === null ? starts : [starts[turn % starts.length]]) add(settled(parts, start));
  return found.map((place) => [...place, reverseKl(parts, place)]).sort((a, b) => a[2] - b[2]);
}
