// The densities that the stage draws, and where their points lie.
const ROOT_TAU = Math.sqrt(2 * Math.PI);
const BELL = Array.from({ length: 61 }, (_, i) => -4.5 + 0.15 * i); // points of a bell, in units of its std

const bell = (x, mean, std) => Math.exp(-0.5 * ((x - mean) / std) ** 2) / (std * ROOT_TAU);
const peak = (weight, std) => weight / (std * ROOT_TAU);

// Weights divided by their sum.
function shares(components) {
  const total = components.reduce((sum, [weight]) => sum + weight, 0);
  return components.map(([weight, mean, std]) => [weight / total, mean, std]);
}

function mixture(x, parts) {
  let sum = 0;
  for (const [weight, mean, std] of parts) sum += weight * bell(x, mean, std);
  return sum;
}

// Mean and std of a mixture: the forward fit, offsets taken from one component so that no digits are lost.
function moments(parts) {
  const origin = parts[0][1];
  const shift = parts.reduce((sum, [w, m]) => sum + w * (m - origin), 0);
  const variance = parts.reduce((sum, [w, m, s]) => sum + w * (s * s + (m - origin - shift) ** 2), 0);
  return [origin + shift, Math.sqrt(variance)];
}

const around = (mean, std) => BELL.map((z) => mean + std * z);

// Every place where some component bends, in order.
const places = (parts) => parts.flatMap(([, mean, std]) => around(mean, std)).sort((a, b) => a - b);
