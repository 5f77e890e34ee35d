// Buttons that save a picture of the page, whichever of those it shows now, and copy its address or the line that embeds
// it. A picture is a chart, or what a stage marks as `data-picture`: one drawing, or a box of several with captions.
const SHARPNESS = 2; // pixels of a PNG for each of the screen
const LONGEST = 70; // letters of a name

export default function ({ parentElement, data }) {
  const find = (selector) => parentElement.querySelector(selector);
  const list = find("select");
  const say = (text) => (find("[role=status]").textContent = text);
  const sheet = () => {
    const found = pictures();
    const { drawings, name } = found[Math.max(0, list.selectedIndex)];
    return sheetOf(drawings(data.heading || `${document.querySelector("h1").textContent}: ${name}`));
  };
  const file = (ending) => `${data.name}${list.selectedIndex > 0 ? `-${list.selectedIndex + 1}` : ""}.${ending}`;
  const acts = {
    svg: () => saveSvg(file("svg"), sheet()),
    png: () => savePng(file("png"), sheet()),
    link: () => copied(location.href, "The link is copied.", say),
    iframe: () => copied(frameOf(location.href), "The iframe is copied.", say),
  };
  for (const button of parentElement.querySelectorAll("button")) {
    button.onclick = () => {
      say("");
      acts[button.dataset.as]();
    };
  }
  // What there is changes: it is looked for when the buttons come into sight, and when they are about to be used.
  const offer = () => offered(list, find(".pictures"));
  const [bar, seen] = [find(".bar"), new IntersectionObserver(offer)];
  bar.onpointerenter = offer;
  bar.addEventListener("focusin", offer);
  seen.observe(bar);
  return () => seen.disconnect();
}

// What is on the page now, in its order.
function pictures() {
  const main = document.querySelector("[data-testid=stMain]");
  const found = [];
  for (const host of main.querySelectorAll("*")) {
    if (host.matches("[data-testid=stVegaLiteChart]")) {
      const svg = host.querySelector("svg.marks");
      if (svg) found.push({ name: clause(host.ariaLabel), drawings: (heading) => [{ svg, heading }] });
    }
    for (const marked of host.shadowRoot?.querySelectorAll("[data-picture]") ?? []) {
      found.push({ name: marked.dataset.picture, drawings: (heading) => within(marked, heading) });
    }
  }
  return found;
}

function within(marked, heading) {
  if (marked.matches("svg")) return [{ svg: marked, heading }];
  return [...marked.querySelectorAll("figure")].map((figure) => {
    const caption = figure.querySelector("figcaption b") ?? figure.querySelector("figcaption");
    return { svg: figure.querySelector("svg"), heading: caption.textContent, color: getComputedStyle(caption).color };
  });
}

// The text that stands for a chart, as far as it names it.
function clause(text) {
  const name = (text ?? "Picture").split(/[:;,.] /)[0].replace(/\.$/, "");
  return name.length > LONGEST ? `${name.slice(0, LONGEST)} …` : name;
}

// The list of them, where there are several; nothing to save where there is none.
function offered(list, place) {
  const names = pictures().map(({ name }) => name);
  const numbered = names.map((name, i) => {
    const alike = names.filter((other) => other === name).length;
    return alike > 1 ? `${name} (${names.slice(0, i + 1).filter((other) => other === name).length})` : name;
  });
  if (JSON.stringify(numbered) !== list.dataset.names) {
    list.dataset.names = JSON.stringify(numbered);
    const kept = list.selectedIndex;
    list.replaceChildren(...numbered.map((name) => new Option(name)));
    list.selectedIndex = Math.min(Math.max(0, kept), names.length - 1);
  }
  place.hidden = !names.length;
}

function frameOf(address) {
  const url = new URL(address);
  url.searchParams.set("embed", "true");
  const source = url.href.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<iframe src="${source}" width="640" height="480" title="KL Lab"></iframe>`;
}

function copied(text, done, say) {
  navigator.clipboard.writeText(text).then(
    () => say(done),
    () => say(text),
  );
}

function savePng(file, sheet) {
  const [width, height] = ["width", "height"].map((name) => Number(sheet.getAttribute(name)));
  const image = new Image();
  image.onload = () => {
    const canvas = Object.assign(document.createElement("canvas"), {
      width: width * SHARPNESS,
      height: height * SHARPNESS,
    });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const link = document.createElement("a");
    link.href = canvas.toDataURL("image/png");
    link.download = file;
    link.click();
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(sheet))}`;
}
