// Equally likely draws without chance: the middles of equally heavy slices of a mixture, left to right.
const DRAWS = 40;

// The standard normal distribution function, to 1e-7 (Abramowitz and Stegun 7.1.26).
function normalBelow(z) {
  const t = 1 / (1 + 0.3275911 * Math.abs(z) * Math.SQRT1_2);
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const tail = 0.5 * series * Math.exp(-0.5 * z * z);
  return z < 0 ? tail : 1 - tail;
}

function quantiles(parts, count = DRAWS) {
  const below = (x) => parts.reduce((sum, [w, m, s]) => sum + w * normalBelow((x - m) / s), 0);
  let low = Math.min(...parts.map(([, m, s]) => m - 5 * s));
  const top = Math.max(...parts.map(([, m, s]) => m + 5 * s));
  return Array.from({ length: count }, (_, i) => {
    const wanted = (i + 0.5) / count;
    let [left, right] = [low, top];
    for (let k = 0; k < 26; k += 1) {
      const middle = 0.5 * (left + right);
      if (below(middle) < wanted) left = middle;
      else right = middle;
    }
    low = left;
    return 0.5 * (left + right);
  });
}

const STANDARD = quantiles([[1, 0, 1]]); // of q: its mean and std move and stretch them
