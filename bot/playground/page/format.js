// Telegram's text and entities -> DOM nodes. Only text nodes and known elements are made: markup in a text stays text.

const ELEMENTS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote", spoiler: "span",
  text_link: "a", url: "a", email: "a", mention: "a", hashtag: "a", bot_command: "a",
};
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

/** A fragment of the text with its entities; offsets count UTF-16 units, as JavaScript's strings do. */
export function formatted(text, entities) {
  const sorted = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const root = document.createDocumentFragment();
  nest(root, text, 0, text.length, sorted);
  return root;
}

function nest(parent, text, start, end, entities) {
  let at = start;
  let rest = entities;
  while (rest.length) {
    const [entity, ...later] = rest;
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (from >= end) break;
    append(parent, text.slice(at, from));
    const inside = later.filter((other) => other.offset < to);
    const element = made(entity, text.slice(from, to));
    nest(element.inner, text, from, to, inside);
    parent.append(element.outer);
    at = skipBreak(text, to, end, entity);
    // What crosses this entity's end goes on after it.
    rest = later.filter((other) => other.offset + other.length > at);
  }
  append(parent, text.slice(at, end));
}

/** A block already ends its line: the newline that follows it would show as an empty one. */
function skipBreak(text, to, end, entity) {
  return BLOCKS.has(entity.type) && to < end && text[to] === "\n" ? to + 1 : to;
}

function append(parent, words) {
  if (words) parent.append(document.createTextNode(words));
}

function made(entity, words) {
  const element = document.createElement(ELEMENTS[entity.type] || "span");
  element.dir = BLOCKS.has(entity.type) ? "auto" : "";
  if (!element.dir) element.removeAttribute("dir");
  if (element.tagName === "A") link(element, entity, words);
  if (entity.type === "spoiler") spoiler(element);
  if (entity.type === "pre") element.tabIndex = 0;
  if (entity.type === "expandable_blockquote") return expandable(element);
  return { outer: element, inner: element };
}

function link(element, entity, words) {
  const targets = { text_link: entity.url, url: words, email: `mailto:${words}` };
  const target = targets[entity.type];
  if (target) {
    element.href = /^(https?|mailto|tg):/i.test(target) ? target : `http://${target}`;
    element.target = "_blank";
    element.rel = "noopener noreferrer";
  } else {
    element.href = "#";
    element.dataset.send = entity.type === "bot_command" ? words : "";
  }
}

function spoiler(element) {
  element.className = "spoiler";
  element.tabIndex = 0;
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", "Hidden words: press to show");
  const show = () => {
    element.classList.add("shown");
    for (const name of ["role", "aria-label", "tabindex"]) element.removeAttribute(name);
  };
  element.addEventListener("click", show);
  element.addEventListener("keydown", (event) => onPress(event, show));
}

/** A quote that folds to three lines when it is longer, with a button that opens and closes it. */
function expandable(element) {
  const inner = document.createElement("div");
  const toggle = document.createElement("button");
  element.className = "expandable";
  inner.className = "folded";
  toggle.type = "button";
  toggle.className = "unfold";
  toggle.setAttribute("aria-expanded", "false");
  toggle.textContent = "Show more";
  element.append(inner, toggle);
  const flip = () => {
    const open = element.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = open ? "Show less" : "Show more";
  };
  element.addEventListener("click", (event) => {
    const chosen = String(window.getSelection());
    if (event.target.closest("a") || (chosen && event.target !== toggle)) return;
    if (element.classList.contains("long")) flip();
  });
  return { outer: element, inner };
}

/** To be called once the nodes are on the page: short quotes need no button. */
export function foldQuotes(root) {
  for (const quote of root.querySelectorAll("blockquote.expandable:not(.open)")) {
    const inner = quote.firstElementChild;
    quote.classList.toggle("long", inner.scrollHeight > inner.clientHeight + 4);
  }
}

function onPress(event, act) {
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    act();
  }
}
