// Comfort alone: click on a heading sorts, typing filters. Without it every page says the same.
"use strict";
const vietnamese = document.documentElement.lang === "vi";
const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
const asNumber = (text) => {
  const plain = vietnamese ? text.replaceAll(".", "").replace(",", ".") : text.replaceAll(",", "");
  return /^-?[\d.]+/.test(plain) ? parseFloat(plain) : NaN;
};
const compare = (a, b) => {
  const [x, y] = [asNumber(a), asNumber(b)];
  return Number.isNaN(x) || Number.isNaN(y) ? collator.compare(a, b) : x - y;
};
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  if (rows.length < 8) continue;
  table.tHead.rows[0].querySelectorAll("th").forEach((heading, column) => {
    const button = document.createElement("button");
    button.textContent = heading.textContent;
    heading.replaceChildren(button);
    button.addEventListener("click", () => {
      const up = heading.getAttribute("aria-sort") !== "ascending";
      for (const other of table.tHead.querySelectorAll("th")) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", up ? "ascending" : "descending");
      const text = (row) => row.cells[column].textContent.trim();
      rows.sort((a, b) => (up ? 1 : -1) * compare(text(a), text(b)));
      body.append(...rows);
    });
  });
  const filter = document.createElement("input");
  filter.type = "search";
  filter.className = "filter";
  filter.setAttribute("aria-label", vietnamese ? "Lọc bảng" : "Filter the table");
  filter.placeholder = filter.getAttribute("aria-label");
  filter.addEventListener("input", () => {
    const asked = filter.value.toLocaleLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLocaleLowerCase().includes(asked);
  });
  table.parentElement.before(filter);
}
