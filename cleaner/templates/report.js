"use strict";
// No text of a page is ever read as markup here: all that is added is added as text.
// Without the script the report still reads: every page is shown, and reasons are tooltips.
const byId = (id) => document.getElementById(id);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const pages = all("section.page");
const links = new Map(all(".index li").map((item) => [item.querySelector("a").hash.slice(1), item]));
let current = pages[0];
let last = null; // the removal that was jumped to or focused last

function show(page, scroll = true) {
  current = page;
  last = null;
  for (const other of pages) {
    // "until-found" lets the browser's own search find text on the pages that are not shown
    if (other === page) other.removeAttribute("hidden");
    else other.setAttribute("hidden", "until-found");
    const link = links.get(other.id)?.querySelector("a");
    if (other === page) link?.setAttribute("aria-current", "page");
    else link?.removeAttribute("aria-current");
  }
  links.get(page.id)?.scrollIntoView({ block: "nearest" });
  all(".cut[title]", page).forEach(makeReady);
  if (scroll) window.scrollTo(0, 0);
  tellPosition();
}

// Reasons become elements only on a page that is shown: a hundred pages hold tens of thousands of them.
function makeReady(cut) {
  const why = document.createElement("span");
  const category = document.createElement("b");
  const rule = document.createElement("code");
  category.textContent = cut.dataset.category;
  rule.textContent = cut.dataset.rule;
  why.className = "why";
  why.append(category, ` ${cut.title} `, rule);
  cut.removeAttribute("title");
  cut.append(why);
  cut.tabIndex = 0;
  cut.setAttribute("role", "button");
  cut.setAttribute("aria-expanded", "false");
}

const cuts = (page) => all(".cut:not(.off)", page);

function tellPosition() {
  const shown = cuts(current);
  const at = shown.indexOf(last);
  const category = at < 0 ? "" : ` ${last.dataset.category}`;
  byId("position").textContent = shown.length ? `${at < 0 ? "–" : at + 1} / ${shown.length}${category}` : "none";
}

function focusOn(cut) {
  cut.focus({ preventScroll: true });
  cut.scrollIntoView({ block: "center" });
}

// The next removal in reading order (step 1) or the one before (step -1); past a page's end, the next page's.
function jump(step) {
  const shown = cuts(current);
  const at = shown.indexOf(last);
  const wanted = at < 0 ? (step > 0 ? 0 : shown.length - 1) : at + step;
  if (shown[wanted]) return focusOn(shown[wanted]);
  for (let ahead = 1; ahead <= pages.length; ahead += 1) {
    const page = pages[(pages.indexOf(current) + step * ahead + pages.length * ahead) % pages.length];
    const others = cuts(page);
    if (!others.length) continue;
    if (page !== current) turnTo(page, false);
    return focusOn(others[step > 0 ? 0 : others.length - 1]);
  }
}

function turnTo(page, scroll = true) {
  history.replaceState(null, "", `#${page.id}`);
  show(page, scroll);
}

function toggle(cut, open = !cut.classList.contains("open")) {
  cut.classList.toggle("open", open);
  cut.setAttribute("aria-expanded", String(open));
}

function filter() {
  const off = new Set(all("input[name=category]:not(:checked)").map((box) => box.value));
  for (const cut of all(".cut")) cut.classList.toggle("off", off.has(cut.dataset.category));
  // A row stays for its story, or for a removal that is still shown
  for (const row of all(".row.removed")) row.classList.toggle("off", !row.querySelector(".cut:not(.off)"));
  document.body.classList.toggle("no-story", !byId("story").checked);
  tellPosition();
}

function checkAll(checked) {
  for (const box of all("input[name=category]")) box.checked = checked;
  filter();
}

function orderPages(by) {
  const items = [...links.values()];
  if (by !== "given") items.sort((a, b) => b.dataset[by] - a.dataset[by]);
  items[0].parentElement.append(...items);
}

function findPages(words) {
  for (const item of links.values()) item.hidden = !item.textContent.toLowerCase().includes(words.toLowerCase());
}

const KEYS = {
  n: () => jump(1),
  j: () => jump(1),
  p: () => jump(-1),
  k: () => jump(-1),
  "]": () => turnTo(pages[(pages.indexOf(current) + 1) % pages.length]),
  "[": () => turnTo(pages[(pages.indexOf(current) + pages.length - 1) % pages.length]),
  Escape: () => all(".cut.open").forEach((cut) => toggle(cut, false)),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input[type=search], select")) return;
  if (event.target.matches(".cut") && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    return toggle(event.target);
  }
  if (Object.hasOwn(KEYS, event.key)) {
    event.preventDefault();
    KEYS[event.key]();
  }
});
document.addEventListener("click", (event) => {
  const cut = event.target.closest(".cut");
  // Marking text to copy it, or a click on the reason itself, leaves the reason as it is
  if (cut && !event.target.closest(".why") && getSelection().isCollapsed) toggle(cut);
});
document.addEventListener("focusin", (event) => {
  if (!event.target.matches(".cut")) return;
  byId("why")?.removeAttribute("id");
  event.target.querySelector(".why").id = "why";
  event.target.setAttribute("aria-describedby", "why");
  last = event.target;
  tellPosition();
});
document.addEventListener("beforematch", (event) => turnTo(event.target.closest("section.page"), false), true);
window.addEventListener("hashchange", () => {
  const page = byId(location.hash.slice(1));
  if (page?.matches("section.page")) show(page);
});
byId("next").addEventListener("click", () => jump(1));
byId("previous").addEventListener("click", () => jump(-1));
byId("all").addEventListener("click", () => checkAll(true));
byId("none").addEventListener("click", () => checkAll(false));
for (const box of all(".chips input")) box.addEventListener("change", filter);
byId("order")?.addEventListener("change", (event) => orderPages(event.target.value));
byId("find")?.addEventListener("input", (event) => findPages(event.target.value));
// The bar is as high as its chips need; what is jumped to must not hide behind it
new ResizeObserver(() =>
  document.documentElement.style.setProperty("--bar", `${document.querySelector(".bar").offsetHeight}px`),
).observe(document.querySelector(".bar"));
// On a small screen the index and the filters would hide the page itself
if (matchMedia("(max-width: 60rem)").matches) for (const box of all(".index details, .filters")) box.open = false;
// Browsers may restore what was unchecked before a reload
if (document.querySelector(".chips input:not(:checked)")) filter();
show(pages.find((page) => `#${page.id}` === location.hash) ?? pages[0], false);
