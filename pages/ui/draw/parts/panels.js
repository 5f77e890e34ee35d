// Panels beside one another in which a hand moves rows of numbers: what every stage of this kind begins with.
class Panels extends Editing {
  constructor(root, themed) {
    super();
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.svgs = [...root.querySelectorAll(".panels svg")];
    this.find(".add").onclick = () => this.add();
    this.find(".remove").onclick = () => this.remove();
    this.resized = new ResizeObserver(() => this.draw());
    this.svgs.forEach((svg) => this.resized.observe(svg));
    onTheme(this.find(themed), () => this.draw());
    this.chosen = 0;
  }

  load({ data, setTriggerValue }) {
    this.send = setTriggerValue;
    if (data.token === this.token) return;
    Object.assign(this, structuredClone(data));
    this.held = null;
    this.stale = false;
    this.chosen = Math.min(this.chosen, this.rows.length - 1);
    this.draw();
  }
}
