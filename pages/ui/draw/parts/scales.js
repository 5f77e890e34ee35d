// Ticks at round numbers: of 1, 2, 5 times a power of ten, the step nearest in ratio to the one that makes `count`.
function ticks(low, high, count) {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const digit = [1, 2, 5, 10].findLast((round, k, all) => k === 0 || (raw / power) ** 2 >= round * all[k - 1]);
  const step = power * digit;
  const found = [];
  for (let k = Math.ceil(low / step); k * step <= high; k += 1) found.push(Number((k * step).toPrecision(12)));
  return found;
}

// 1, 2, 5 of every power of ten between the ends.
function decades(low, high) {
  const found = [];
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power += 1) {
    for (const digit of [1, 2, 5]) {
      const value = Number(`${digit}e${power}`);
      if (value >= low && value <= high) found.push(value);
    }
  }
  return found;
}
