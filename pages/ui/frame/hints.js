// A cell of a table says on hover what the linked term of its column means or, without one, that of its row. One listener
// serves the whole page, whatever tables come and go.
export default function () {
  if (document.documentElement.dataset.klLabHints) return;
  document.documentElement.dataset.klLabHints = "on";
  document.addEventListener("pointerover", (event) => {
    const cell = event.target.closest?.("tbody td");
    if (!cell) return;
    const row = cell.parentElement;
    const column = row.closest("table").tHead?.rows[0].cells[cell.cellIndex];
    const term = [cell, column, row.cells[0]].map((place) => place?.querySelector("a[title]")).find(Boolean);
    cell.title = term ? term.title : "";
  });
}
