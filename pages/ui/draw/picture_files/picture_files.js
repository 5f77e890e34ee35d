// Buttons that save the chart of a container, and copy the address of the page or the line that embeds it.
const SHARPNESS = 2; // pixels of a PNG for each of the screen

export default function ({ parentElement, data }) {
  const status = parentElement.querySelector("[role=status]");
  const say = (text) => (status.textContent = text);
  const drawing = () => {
    const svg = document.querySelector(`.st-key-${data.key} svg.marks`);
    return svg && [{ svg, heading: data.heading, color: getComputedStyle(svg).color }];
  };
  const acts = {
    svg: () => saveSvg(`${data.name}.svg`, drawing()),
    png: () => savePng(`${data.name}.png`, sheetOf(drawing())),
    link: () => copied(location.href, "The link is copied.", say),
    iframe: () => copied(frameOf(location.href), "The iframe is copied.", say),
  };
  for (const button of parentElement.querySelectorAll("button")) {
    button.onclick = () => {
      say("");
      acts[button.dataset.as]();
    };
  }
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
