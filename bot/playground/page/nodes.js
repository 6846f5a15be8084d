// Small makers of DOM nodes.

/** node("p.quiet", {title: "x"}, "words", other) -> <p class="quiet" title="x">words<...></p>; null children are left out. */
export function node(kind, attributes = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export function button(kind, label, act, ...children) {
  const made = node(`button${kind}`, { type: "button" }, ...(children.length ? children : [label]));
  if (children.length) made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}

/** Draw a list anew without taking the focus from the button that has it. */
export function keepingFocus(list, draw) {
  const at = [...list.querySelectorAll("button")].indexOf(document.activeElement);
  draw();
  if (at >= 0) list.querySelectorAll("button")[at]?.focus();
}

/** Fill a circle that stands for a chat: the bot's mark, or two letters on a colour of its own. */
export function avatar(element, chat, name) {
  const own = chat.type === "private";
  const letters = name.split(/\s+/).slice(0, 2).map((word) => word[0]).join("");
  element.dataset.tone = own ? "bot" : String(Math.abs(chat.id) % 5);
  element.replaceChildren(own ? icon("triptych") : document.createTextNode(letters.toUpperCase()));
}

export function toast(words, kind = "") {
  const made = node(`p.toast${kind && "." + kind}`, {}, words);
  document.getElementById("toasts").append(made);
  setTimeout(() => made.classList.add("gone"), 4200);
  setTimeout(() => made.remove(), 4600);
}
