// A picture that a hand edits: it is drawn at the screen's rate, and Python hears of its `edit` when it is let go.
const PAUSE = 350; // ms after the last key or turn of the wheel
// Where a key goes, across and up.
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

class Editing {
  later() { this.waiting ??= requestAnimationFrame(() => { this.waiting = null; this.draw(); }); }

  reportSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.report(), PAUSE);
  }

  report() {
    clearTimeout(this.timer);
    this.stale = true;
    this.later();
    this.send("edit", this.edit);
  }

  close() {
    clearTimeout(this.timer);
    this.resized.disconnect();
  }
}
