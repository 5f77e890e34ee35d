// Both Gaussian fits of a mixture, in the browser, while a hand moves it. A mixture is a list of [weight, mean, std].
//
// The one integral is E_q[f], f = log p, with the two derivatives of f. log p bends sharply where two components cross:
// there p has zeros beside the real line, at u ± iv, and each panel of the Gauss rule is short beside its distance from
// them: so the rule keeps nine digits or more.
const GAUSS = [ // nodes and weights on [0, 1], eight points
  [0.019855071751231912, 0.05061426814518853], [0.10166676129318664, 0.11119051722668721],
  [0.2372337950418355, 0.15685332293894344], [0.4082826787521751, 0.18134189168918083],
].flatMap(([z, w]) => [[z, w], [1 - z, w]]);
const ENDS = 8.5; // in units of q's std
const PANEL = 1.7; // the longest panel: ten of them reach from end to end
const SHORT = 1.3; // times its distance from a zero: as long as a panel may be
const NARROWEST = 1e-9;
const MOST_STEPS = 200; // of a flow
const FAINT = 28; // in log: a crossing so far below p bends nothing
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

// The zeros of p that a rule for E_q has to heed, as [u, v] in units of q: those of two components where they are not
// faint beside the others.
function poles(parts, mean, std) {
  const found = [];
  for (let i = 0; i < parts.length; i += 1) {
    for (let j = 0; j < i; j += 1) {
      for (const [u, v] of crossings(parts[i], parts[j], mean, std)) {
        if (!(Math.abs(u) < ENDS + PANEL && v < 2 * PANEL)) continue;
        const x = mean + std * u;
        if (parts.length > 2 && logMixture(x, parts) - logPart(parts[i], x) > FAINT) continue;
        found.push([u, v]);
      }
    }
  }
  return found;
}

// The ends of the panels for E_q, in order, in units of q: each panel is halved until it is short beside its distance
// from every zero.
function panels(parts, mean, std) {
  const ends = [-ENDS];
  const halve = (low, high, near) => {
    const length = high - low;
    const close = near.filter(([u, v]) => length > SHORT * Math.hypot(Math.max(low - u, u - high, 0), v));
    if (!close.length || length < NARROWEST) return ends.push(high);
    halve(low, 0.5 * (low + high), close);
    return halve(0.5 * (low + high), high, close);
  };
  const all = poles(parts, mean, std);
  for (let k = 1; k <= 10; k += 1) halve(-ENDS + (k - 1) * PANEL, -ENDS + k * PANEL, all);
  return ends;
}

// E_q of f, f′, z f′, f″, z f″, z² f″, where x = mean + std z. A p that is no mixture brings a rule of its own.
function expected(parts, mean, std) {
  if (parts.expected) return parts.expected(mean, std);
  const ends = panels(parts, mean, std);
  const sums = [0, 0, 0, 0, 0, 0];
  const [means, precisions] = [parts.map(([, m]) => m), parts.map(([, , s]) => 1 / (s * s))];
  const heights = parts.map(([w, , s]) => Math.log(w / s) - LOG_ROOT_TAU);
  const logs = new Float64Array(parts.length);
  for (let k = 1; k < ends.length; k += 1) {
    const length = ends[k] - ends[k - 1];
    for (let n = 0; n < GAUSS.length; n += 1) {
      const z = ends[k - 1] + length * GAUSS[n][0];
      const x = mean + std * z;
      const mass = GAUSS[n][1] * length * Math.exp(-0.5 * z * z) / ROOT_TAU;
      let top = -Infinity;
      for (let i = 0; i < logs.length; i += 1) {
        const away = means[i] - x;
        logs[i] = heights[i] - 0.5 * away * away * precisions[i];
        if (logs[i] > top) top = logs[i];
      }
      let [sum, slope, square, curve] = [0, 0, 0, 0];
      for (let i = 0; i < logs.length; i += 1) {
        if (logs[i] - top < -FAINT) continue;
        const share = Math.exp(logs[i] - top);
        const score = (means[i] - x) * precisions[i];
        sum += share;
        slope += share * score;
        square += share * score * score;
        curve -= share * precisions[i];
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
// divergence curves upwards; with the std held (`held`) all of it in the mean alone. E_q[z f′] = std E_q[f″] is taken
// by the side that keeps more digits.
function slopes(parts, [mean, std], held = false) {
  const [, first, firstZ, second, secondZ, secondZZ] = expected(parts, mean, std);
  const gradient = [-std * first, -1 - std * firstZ];
  const [mm, ml, ll] = [-std * std * second, -std * std * secondZ, 1 - std * std * secondZZ + gradient[1]];
  if (held) return { drift: [-gradient[0], 0], step: [-gradient[0] / mm, 0], convex: mm > 0 };
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
function polished(parts, start, reach = 0.7, held = false) {
  let place = start;
  for (let k = 0; k < 12; k += 1) {
    const { step, convex } = slopes(parts, place, held);
    if (!convex || !(size(step) < reach)) return null;
    place = moved(place, step);
    if (size(step) < 1e-9) return place;
  }
  return null;
}

// The natural-gradient flow from a start (Bogacki-Shampine), its end Newton's. It can be carried on a few steps at a
// time, while p changes under it.
class Flow {
  constructor(start, tolerance, held) {
    Object.assign(this, { place: [...start], tolerance, held, length: 0.3, steps: 0 });
  }

  // The minimum to which it leads, once it has come to one; null before that.
  carry(parts, steps) {
    let first = slopes(parts, this.place, this.held);
    for (let k = 0; k < steps; k += 1) {
      if (first.convex && size(first.step) < 0.03 && size(first.drift) < 0.03) {
        const end = polished(parts, this.place, 0.7, this.held);
        if (end) return end;
      }
      first = this.step(parts, first);
    }
    return null;
  }

  step(parts, first) {
    const { place, length, held } = this;
    const second = slopes(parts, moved(place, first.drift, 0.5 * length), held).drift;
    const third = slopes(parts, moved(place, second, 0.75 * length), held).drift;
    const mean = [0, 1].map((i) => (2 * first.drift[i] + 3 * second[i] + 4 * third[i]) / 9);
    const next = moved(place, mean, length);
    const after = slopes(parts, next, held);
    const error = [0, 1].map((i) => length * (-5 * first.drift[i] / 72 + second[i] / 12 + third[i] / 9 - after.drift[i] / 8));
    const off = size(error) / this.tolerance;
    this.length *= Math.min(3, Math.max(0.2, 0.85 / Math.cbrt(Math.max(off, 1e-9))));
    this.steps += 1;
    if (off > 1) return first;
    this.place = next;
    return after;
  }

  get lost() { return this.steps >= MOST_STEPS; }
}

const settled = (parts, start, tolerance, held) => new Flow(start, tolerance, held).carry(parts, MOST_STEPS);

const alike = ([m1, s1], [m2, s2]) => Math.abs(m1 - m2) < 1e-4 * s1 && Math.abs(s1 / s2 - 1) < 1e-4;

// Where minima of D(q‖p) are looked for: the components of p, its moments, and those of its components taken as equally
// heavy (the covering fit hardly heeds their weights). `std` is what that of q is held at, if it is.
function starts(parts, std) {
  const even = moments(shares(parts.map(([, m, s]) => [1, m, s])));
  return [...parts.map(([, m, s]) => [m, s]), moments(parts), even].map(([m, s]) => [m, std ?? s]);
}

// Every minimum of D(q‖p) found from there, best first.
const reverseMinima = (parts, std = null) =>
  costed(parts, starts(parts, std).map((start) => settled(parts, start, 1e-3, std !== null)));

// Minima that are still near to where they were last.
const followed = (parts, last, std) => last.map(([m, s]) => polished(parts, [m, std ?? s], 0.3, std !== null));

// The different ones of some minima, with what they cost, best first; null is none.
function costed(parts, places) {
  const found = [];
  for (const place of places) if (place && !found.some((other) => alike(place, other))) found.push(place);
  return found.map((place) => [...place, reverseKl(parts, place)]).sort(better);
}

// Of two that cost the same but for rounding, the one with the larger mean.
const better = ([m1, , cost1], [m2, , cost2]) => Math.round(1e9 * (cost1 - cost2)) || m2 - m1;
