// The list of chats, and who the visitor is.

import { avatar, button, keepingFocus, node } from "./nodes.js";
import { when } from "./time.js";
import { chatsOf, me, nameOf, summary, world } from "./world.js";

const list = document.getElementById("chats");
const who = document.getElementById("who");

export function drawPeople(become) {
  keepingFocus(who, () => who.replaceChildren(...world.people.map((person) => radio(person, become))));
}

function radio(person, become) {
  const chosen = person.id === world.me;
  const made = button("", person.name, () => become(person.id));
  made.setAttribute("role", "radio");
  made.setAttribute("aria-checked", String(chosen));
  made.tabIndex = chosen ? 0 : -1;
  made.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = world.people.findIndex((one) => one.id === person.id);
    become(world.people[(at + step + world.people.length) % world.people.length].id);
    who.querySelector('[aria-checked="true"]').focus();
  });
  return made;
}

export function drawList(open) {
  keepingFocus(list, () => list.replaceChildren(...chatsOf(world.me).map((chat) => node("li", {}, entry(chat, open)))));
}

const KINDS = { private: "", group: "Group", supergroup: "Group", channel: "Channel" };

function entry(chat, open) {
  const last = chat.messages[chat.messages.length - 1];
  const unread = world.unread[`${world.me}:${chat.id}`] || 0;
  const face = node("span.avatar", { "aria-hidden": "true" });
  avatar(face, chat, nameOf(chat));
  const kind = chat.forum ? "Group with topics" : KINDS[chat.type];
  const line = world.typing[chat.id] ? "typing…" : summary(last) || kind || me().short_description || "Tap to begin";
  const made = button(
    ".entry", `${nameOf(chat)}${kind && ", " + kind}${unread ? `, ${unread} unread` : ""}`, () => open(chat.id),
    face,
    node("span.text", {}, node("b", {}, nameOf(chat)), node("span.line", { dir: "auto" }, line)),
    node("span.side", {}, node("time", {}, last ? when(new Date(last.date * 1000)) : ""), unread ? node("i.badge", {}, String(unread)) : null),
  );
  if (chat.id === world.open) made.setAttribute("aria-current", "true");
  return made;
}
