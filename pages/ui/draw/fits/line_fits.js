// The posterior of slope and intercept and its products, as the engine has them; rows are [x, y].
const SWEEPS = 5000;
const SETTLED = 1e-12; // of a mean in its std, and of a log std, in one sweep

// Precision [a, b, d] and shift [h, k] of a prior N(0, prior² I) and points with noise.
function precisionOf(rows, noise, prior) {
  let [a, b, d, h, k] = [prior ** -2, 0, prior ** -2, 0, 0];
  for (const [x, y] of rows) {
    a += (x / noise) ** 2;
    b += x / noise / noise;
    d += 1 / noise / noise;
    h += (x / noise) * (y / noise);
    k += y / noise / noise;
  }
  return [a, b, d, h, k];
}

// Every belief as {mean: [slope, intercept], cov: [xx, xy, yy]}.
function lineFits(rows, noise, prior) {
  const [a, b, d, h, k] = precisionOf(rows, noise, prior);
  const det = a * d - b * b;
  const mean = [(d * h - b * k) / det, (a * k - b * h) / det];
  return {
    exact: { mean, cov: [d / det, -b / det, a / det] },
    reverse: { mean, cov: [1 / a, 0, 1 / d] },
    forward: { mean, cov: [d / det, 0, a / det] },
    propagated: propagated(rows, noise, prior),
  };
}

// Expectation propagation with a product for each point.
function propagated(rows, noise, prior) {
  const weight = noise ** -2;
  const factors = [[prior ** -2, 0, prior ** -2, prior ** -4, 0, 0]];
  for (const [x, y] of rows) factors.push([x * x * weight, x * weight, weight, 0, x * y * weight, y * weight]);
  const sites = factors.map(([p, , r, , h, k]) => [p, h, r, k]);
  const sum = () => [0, 1, 2, 3].map((i) => sites.reduce((total, site) => total + site[i], 0));
  const told = ([t, n, u, m]) => [n / t, m / u, t ** -0.5, u ** -0.5];
  let total = sum();
  let now = told(total);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    factors.forEach(([p, across, r, det, h, k], i) => {
      const [c, g, e, f] = total.map((value, part) => value - sites[i][part]);
      const fresh = [
        (p * e + det) / (e + r), h - (across * (f + k)) / (e + r),
        (r * c + det) / (c + p), k - (across * (g + h)) / (c + p),
      ];
      total = total.map((value, part) => value + fresh[part] - sites[i][part]);
      sites[i] = fresh;
    });
    total = sum();
    const next = told(total);
    const moved = [
      Math.abs(next[0] - now[0]) / next[2], Math.abs(next[1] - now[1]) / next[3],
      Math.abs(Math.log(next[2] / now[2])), Math.abs(Math.log(next[3] / now[3])),
    ];
    now = next;
    if (Math.max(...moved) < SETTLED) break;
  }
  return { mean: now.slice(0, 2), cov: [now[2] ** 2, 0, now[3] ** 2] };
}

// Mean and std of a new y at x.
function predicted({ mean, cov }, noise, x) {
  const line = cov[0] * x * x + 2 * cov[1] * x + cov[2];
  return [mean[0] * x + mean[1], Math.sqrt(line + noise * noise)];
}
