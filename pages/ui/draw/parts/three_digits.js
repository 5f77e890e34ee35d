// A number with three digits, as `pages.ui.say.numbers.three` writes it.
function three(x) {
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const size = Math.abs(x);
  const decimals = size < 0.9995 ? 3 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
  const text = decimals ? x.toFixed(decimals) : String(Number(x.toPrecision(3)));
  return (Number(text) === 0 ? "0.000" : text).replace("-", "−");
}
