// A small picture of p and of both its fits in each pill of a row of presets, drawn by a style of the page: a pill is
// Streamlit's, and what is put into it from outside would be lost when it is drawn again.
const [WIDE, HIGH] = [38, 20]; // px
const SHOWN_ID = "kl-thumbnails";
const PILLS = ".st-key-presets .st-key-preset [role=radiogroup] > button";
// Each is seen on a light ground and on a dark one.
const COLORS = { target: "#0891b2", forward: "#dc2626", reverse: "#2563eb" };

// p filled, forward dashed, reverse dotted. `start` is [mean, std] of q; without it, the best reverse fit is drawn.
function thumbnail({ parts, start }) {
  const p = shares(parts);
  const forward = moments(p);
  const best = reverseMinima(p)[0];
  const reverse = (start && settled(p, start, 1e-3, false)) || best;
  const fits = [forward, reverse].filter(Boolean);
  const low = Math.min(...p.map(([, m, s]) => m - 3 * s));
  const high = Math.max(...p.map(([, m, s]) => m + 3 * s));
  const xs = [...Array.from({ length: 61 }, (_, i) => low + (i * (high - low)) / 60), ...p.map(([, m]) => m)].sort((a, b) => a - b);
  const tops = p.map(([, m]) => mixture(m, p));
  const top = Math.max(...tops, ...fits.map(([, s]) => Math.min(peak(1, s), 2 * Math.max(...tops))));
  const line = (density) => xs.map((x, i) => {
    const [px, py] = [1 + ((WIDE - 2) * (x - low)) / (high - low), HIGH - 1 - ((HIGH - 3) * Math.min(1, density(x) / top))];
    return `${i ? "L" : "M"}${px.toFixed(1)} ${py.toFixed(1)}`;
  }).join("");
  const path = (d, look) => `<path d="${d}" ${look}/>`;
  const q = ([m, s], look) => path(line((x) => bell(x, m, s)), `fill="none" stroke-width="1.5" ${look}`);
  const whole = line((x) => mixture(x, p));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDE} ${HIGH}">${[
    path(`${whole}L${WIDE - 1} ${HIGH - 1}L1 ${HIGH - 1}Z`, `fill="${COLORS.target}" fill-opacity="0.22"`),
    path(whole, `fill="none" stroke="${COLORS.target}" stroke-width="1.3"`),
    q(forward, `stroke="${COLORS.forward}" stroke-dasharray="4 2"`),
    reverse ? q(reverse, `stroke="${COLORS.reverse}" stroke-dasharray="0.1 2.6" stroke-linecap="round"`) : "",
  ].join("")}</svg>`;
}

const rule = (preset, i) => `${PILLS}:nth-of-type(${i + 1})::before {
  content: ""; flex: none; width: ${WIDE}px; height: ${HIGH}px; margin: -4px 0.4rem -4px -0.3rem;
  background: url("data:image/svg+xml,${encodeURIComponent(thumbnail(preset))}") center / contain no-repeat;
}`;

export default function ({ data: { presets } }) {
  const style = document.getElementById(SHOWN_ID) ?? document.head.appendChild(Object.assign(document.createElement("style"), { id: SHOWN_ID }));
  const wanted = JSON.stringify(presets);
  if (style.dataset.of !== wanted) {
    style.textContent = presets.map(rule).join("\n");
    style.dataset.of = wanted;
  }
  return () => { style.textContent = ""; style.dataset.of = ""; };
}
