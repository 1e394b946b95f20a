"use strict";
const table = document.querySelector("table");
const body = table.tBodies[0];
const rows = Array.from(body.rows);
const heads = Array.from(table.tHead.rows[0].cells);
const form = document.querySelector("form");
const told = form.querySelector("output");
const buttons = Array.from(form.querySelectorAll("button"));
const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

const keyOf = (row, column) => {
  const cell = row.cells[column];
  return "key" in cell.dataset ? Number(cell.dataset.key) : cell.textContent;
};
const compare = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true }));

function sort(column) {
  const direction = heads[column].getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
  heads.forEach((head, number) =>
    number === column ? head.setAttribute("aria-sort", direction) : head.removeAttribute("aria-sort"));
  const sign = direction === "ascending" ? 1 : -1;
  rows.sort((a, b) => sign * compare(keyOf(a, column), keyOf(b, column)));
  body.append(...rows);
}

function filter() {
  const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
  const off = new Set(buttons.filter((b) => b.getAttribute("aria-pressed") === "false").map((b) => b.dataset.severity));
  let shown = 0;
  for (const row of rows) {
    row.hidden = off.has(row.dataset.severity) || !words.every((word) => texts.get(row).includes(word));
    shown += row.hidden ? 0 : 1;
  }
  told.textContent = shown === rows.length ? "" : `${shown} of ${rows.length} shown`;
}

function open() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === "DETAILS") target.open = true;
}

heads.forEach((head, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = head.textContent;
  button.addEventListener("click", () => sort(column));
  head.replaceChildren(button);
});
buttons.forEach((button) => button.addEventListener("click", () => {
  button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") === "false"));
  filter();
}));
form.addEventListener("submit", (event) => event.preventDefault());
form.elements.text.addEventListener("input", filter);
addEventListener("hashchange", open);
form.hidden = rows.length === 0;
open();
