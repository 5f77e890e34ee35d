// Play, pause, step, scrub and speed of frames 0 to `frames` − 1; whoever has it says what a frame looks like.
const RATE = 60; // frames a second at speed 1

class Transport {
  // `parts`: the play, back and on buttons, the scrubber, the slider of the speed. `shown(frame)` draws a frame.
  constructor(parts, shown) {
    Object.assign(this, parts, { shown, timer: null, frames: 2, frame: 1, first: 1 });
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.play.onclick = () => (this.timer ? this.stop() : this.start());
    this.back.onclick = () => this.step(-1);
    this.on.onclick = () => this.step(1);
    this.scrubber.oninput = () => { this.stop(); this.go(Number(this.scrubber.value)); };
    this.speed.oninput = () => { this.tell(); if (this.timer) { this.stop(); this.start(); } };
    this.still.onchange = () => this.allow();
    this.allow();
    this.tell();
  }

  allow() {
    this.play.disabled = this.still.matches;
    this.play.title = this.still.matches ? "Your system asks for reduced motion: step by hand" : "";
    this.note ??= Object.assign(document.createElement("small"), { textContent: "motion is off" });
    if (this.still.matches) this.on.after(this.note);
    else this.note.remove();
    if (this.still.matches && this.timer) { this.stop(); this.go(this.first); }
  }

  get rate() { return RATE * 2 ** Number(this.speed.value); }

  tell() {
    const words = { "-2": "¼×", "-1": "½×", 0: "1×", 1: "2×", 2: "4×" }[this.speed.value];
    this.speed.setAttribute("aria-valuetext", words);
    this.speed.nextElementSibling.textContent = words;
  }

  // Frames of something new, which rests at frame `first`.
  load(frames, first) {
    this.stop();
    Object.assign(this, { frames, first });
    this.scrubber.max = frames - 1;
    this.go(first);
  }

  step(by) {
    this.stop();
    this.go(Math.min(this.frames - 1, Math.max(0, this.frame + by)));
  }

  start() {
    if (this.frame >= this.frames - 1) this.go(0);
    const { rate, frame: from } = this;
    let begun;
    const tick = (now) => {
      begun ??= now;
      this.timer = requestAnimationFrame(tick);
      this.go(Math.min(this.frames - 1, from + Math.floor(((now - begun) * rate) / 1000)));
      if (this.frame >= this.frames - 1) this.stop();
    };
    this.timer = requestAnimationFrame(tick);
    this.label("❚❚", "Pause");
  }

  stop() {
    cancelAnimationFrame(this.timer);
    const played = this.timer !== null;
    this.timer = null;
    this.label("▶", "Play");
    if (played) this.shown(this.frame);
  }

  label(sign, words) {
    this.play.firstChild.textContent = sign;
    this.play.setAttribute("aria-label", words);
  }

  go(frame) {
    this.frame = frame;
    this.scrubber.value = frame;
    this.shown(frame);
  }

  close() {
    this.stop();
    this.still.onchange = null;
  }
}
