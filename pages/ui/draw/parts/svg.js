// Drawing in SVG by description.
const SVG = "http://www.w3.org/2000/svg";

// The children of a node, as they are described; nodes that are there already are kept.
function fill(node, wanted) {
  wanted.forEach(({ tag, text, ...attributes }, i) => {
    let child = node.children[i];
    if (child?.tagName !== tag) {
      const fresh = document.createElementNS(SVG, tag);
      child ? child.replaceWith(fresh) : node.append(fresh);
      child = fresh;
    }
    for (const [name, value] of Object.entries(attributes)) {
      if (value === undefined) child.removeAttribute(name);
      else if (child.getAttribute(name) !== String(value)) child.setAttribute(name, value);
    }
    if (text !== undefined && child.textContent !== text) child.textContent = text;
  });
  while (node.children.length > wanted.length) node.lastChild.remove();
}
