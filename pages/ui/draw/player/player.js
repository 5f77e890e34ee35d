// Plays the charts of the surrounding keyed container: sets their range inputs, frame by frame, in the browser alone.
class Player {
  constructor(root) {
    this.find = (selector) => root.querySelector(selector);
    this.stage = (root.host ?? root).closest(".st-key-stage");
    const names = { play: ".play", back: ".back", on: ".on", scrubber: ".frame", speed: ".speed" };
    const parts = Object.fromEntries(Object.entries(names).map(([name, place]) => [name, this.find(place)]));
    this.transport = new Transport(parts, (frame) => this.show(frame));
    // Charts and player are updated in no fixed order: whenever a chart is drawn anew, give it the frame again.
    this.watcher = new MutationObserver(() => this.drive());
    this.watcher.observe(this.stage, { childList: true, subtree: true });
  }

  load({ data }) {
    if (data.token === this.token) return;
    Object.assign(this, data);
    this.transport.load(this.frames, this.first);
  }

  show(frame) {
    if (!this.token) return;
    const place = this.from + ((this.to - this.from) * frame) / (this.frames - 1);
    const words = `${this.caption} ${place.toFixed(this.decimals)}${this.unit}`;
    this.find(".place").textContent = words;
    document.documentElement.toggleAttribute("data-kl-moving", this.dims && frame !== this.first);
    this.transport.scrubber.setAttribute("aria-valuetext", words);
    this.drive();
  }

  drive() {
    const { frame } = this.transport;
    for (const input of this.stage.querySelectorAll("form.vega-bindings input[type=range]")) {
      if (Number(input.value) === frame) continue;
      input.value = frame;
      input.dispatchEvent(new Event("input"));
    }
  }

  close() {
    this.transport.close();
    this.watcher.disconnect();
    document.documentElement.removeAttribute("data-kl-moving");
  }
}

export default mount(Player);
