// Plays the charts of the surrounding keyed container: sets their range inputs, frame by frame, in the browser alone.
const RATE = 60; // frames a second at speed 1

class Player {
  constructor(root) {
    this.find = (selector) => root.querySelector(selector);
    this.stage = (root.host ?? root).closest(".st-key-stage");
    this.scrubber = this.find("input");
    this.play = this.find(".play");
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.listen();
    // Charts and player are updated in no fixed order: whenever a chart is drawn anew, give it the frame again.
    this.watcher = new MutationObserver(() => this.show());
    this.watcher.observe(this.stage, { childList: true, subtree: true });
  }

  listen() {
    this.play.onclick = () => (this.timer ? this.stop() : this.start());
    this.find(".back").onclick = () => this.step(-1);
    this.find(".on").onclick = () => this.step(1);
    this.scrubber.oninput = () => { this.stop(); this.go(Number(this.scrubber.value)); };
    this.find("select").onchange = () => { if (this.timer) { this.stop(); this.start(); } };
    this.still.onchange = () => this.allow();
    this.allow();
  }

  allow() {
    this.play.disabled = this.still.matches;
    this.play.title = this.still.matches ? "Your system asks for reduced motion: step by hand" : "";
    if (this.still.matches && this.timer) { this.stop(); this.go(this.first); }
  }

  load({ data }) {
    if (data.token === this.token) return;
    this.stop();
    Object.assign(this, data);
    this.scrubber.max = this.frames - 1;
    this.go(this.first);
  }

  step(by) {
    this.stop();
    this.go(Math.min(this.frames - 1, Math.max(0, this.frame + by)));
  }

  start() {
    if (this.frame >= this.frames - 1) this.go(0);
    const speed = RATE * Number(this.find("select").value);
    const from = this.frame;
    let begun;
    const tick = (now) => {
      begun ??= now;
      this.go(Math.min(this.frames - 1, from + Math.floor(((now - begun) * speed) / 1000)));
      if (this.frame < this.frames - 1) this.timer = requestAnimationFrame(tick);
      else this.stop();
    };
    this.timer = requestAnimationFrame(tick);
    this.label("❚❚", "Pause");
  }

  stop() {
    cancelAnimationFrame(this.timer);
    this.timer = null;
    this.label("▶", "Play");
  }

  label(sign, words) {
    this.play.textContent = sign;
    this.play.setAttribute("aria-label", words);
  }

  go(frame) {
    this.frame = frame;
    this.scrubber.value = frame;
    const place = this.from + ((this.to - this.from) * frame) / (this.frames - 1);
    const words = `${this.caption} ${place.toFixed(this.decimals)}${this.unit}`;
    this.find("output").textContent = words;
    this.scrubber.setAttribute("aria-valuetext", words);
    this.show();
  }

  show() {
    for (const input of this.stage.querySelectorAll("form.vega-bindings input[type=range]")) {
      if (Number(input.value) === this.frame) continue;
      input.value = this.frame;
      input.dispatchEvent(new Event("input"));
    }
  }

  close() {
    this.stop();
    this.watcher.disconnect();
    this.still.onchange = null;
  }
}

export default mount(Player);
