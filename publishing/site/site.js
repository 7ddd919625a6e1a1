// Sorting and filtering of tables, and search. Pages are complete without this script.
"use strict";
const vietnamese = document.documentElement.lang === "vi";
const allLabels = {}; // by language, filled in when published
const labels = allLabels[document.documentElement.lang];

// Tables
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
    if (heading.querySelector("a")) {
      button.className = "sort";
      button.textContent = "⇅";
      button.setAttribute("aria-label", `${labels.sort_by}: ${heading.textContent}`);
      heading.append(" ", button);
    } else {
      button.textContent = heading.textContent;
      heading.replaceChildren(button);
    }
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
  filter.placeholder = labels.filter_table;
  filter.setAttribute("aria-label", filter.placeholder);
  filter.addEventListener("input", () => {
    const wanted = fold(filter.value);
    for (const row of rows) row.hidden = !fold(row.textContent).includes(wanted);
  });
  table.parentElement.before(filter);
}

// Search: the index is a script of its own, loaded when the field is used, because pages opened from a
// folder may not fetch files. "bien hoa" finds "Biên Hòa": both are compared without diacritics.
function fold(text) {
  return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replaceAll("đ", "d");
}
const name = document.querySelector(".top__name");
if (name) {
  const form = document.createElement("form");
  form.className = "search";
  form.setAttribute("role", "search");
  const field = document.createElement("input");
  field.type = "search";
  field.autocomplete = "off";
  field.placeholder = labels.search;
  field.setAttribute("aria-label", labels.search);
  form.append(field);
  const results = document.createElement("div");
  results.className = "results";
  results.hidden = true;
  for (const [key, value] of [["role", "region"], ["aria-live", "polite"], ["aria-label", labels.search_results]])
    results.setAttribute(key, value);
  name.after(form, results);
  let entries = null;
  const load = () => {
    if (entries) return;
    entries = [];
    const script = document.createElement("script");
    script.src = "search-index.js";
    script.addEventListener("load", () => {
      entries = window.searchIndex.map(([title, kind, href]) => ({ title, kind, href, key: fold(`${title} ${kind}`) }));
      show();
    });
    document.head.append(script);
  };
  const score = (entry, words) => {
    const starts = ` ${entry.key}`;
    if (!words.every((word) => entry.key.includes(word))) return 0;
    return 1 + words.filter((word) => starts.includes(` ${word}`)).length - entry.key.length / 1000;
  };
  const show = () => {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    results.hidden = words.length === 0;
    const found = entries
      .map((entry) => [score(entry, words), entry])
      .filter(([points]) => points > 0)
      .sort((a, b) => b[0] - a[0])
      .slice(0, 12);
    const list = document.createElement("ul");
    for (const [, entry] of found) {
      const link = document.createElement("a");
      link.href = entry.href;
      link.textContent = entry.title;
      const kind = document.createElement("small");
      kind.textContent = entry.kind;
      const item = document.createElement("li");
      item.append(link, kind);
      list.append(item);
    }
    results.replaceChildren(found.length ? list : labels.search_none);
  };
  field.addEventListener("focus", load);
  field.addEventListener("input", () => { load(); show(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = results.querySelector("a");
    if (first) location.href = first.href;
  });
}
