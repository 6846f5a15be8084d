// The page as a whole: it starts here, hears what happens, and draws what changed.

import * as composer from "./composer.js";
import * as messages from "./messages.js";
import { drawList, drawPeople } from "./list.js";
import { avatar, button, node, toast } from "./nodes.js";
import { act, listen, state } from "./server.js";
import { hour, now, setNow, shortDay } from "./time.js";
import { botIsIn, chatOf, chatsOf, leads, me, nameOf, place, remove, summary, visible, world } from "./world.js";

const get = (id) => document.getElementById(id);
const TYPING_MS = 5500;
const LANGUAGES = { en: "English", uk: "Українська", de: "Deutsch", ru: "Русский" };
const THEMES = { light: "dark", dark: "light" };

await refresh();
become(world.people[0].id);
connect();
setInterval(drawClock, 1000);

async function refresh() {
  const { now: moved, ...rest } = await state();
  setNow(moved);
  Object.assign(world, rest);
}

function connect() {
  composer.connect();
  messages.connect({ reply: composer.replyTo, say: sayFromBubble, fill: composer.fill });
  listen(happened, redraw, (lost) => document.body.classList.toggle("lost", lost));
  get("back").addEventListener("click", () => view("list"));
  get("jump").addEventListener("click", jump);
  get("theme").addEventListener("click", switchTheme);
  get("more").addEventListener("click", toggleMore);
  document.addEventListener("click", (event) => event.target.closest(".more") || closeMore());
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeMore());
  const kept = localStorage.getItem("theme");
  if (kept) document.documentElement.dataset.theme = kept;
}

function sayFromBubble(words, options = {}) {
  if (options.inPrivate && world.open !== world.me) open(world.me);
  composer.say(words, options);
}

// ---- who and where

function become(person) {
  world.me = person;
  drawPeople(become);
  const same = chatOf(world.open);
  const stay = same && same.type !== "private" && chatsOf(person).includes(same);
  open(stay ? same.id : person, { keepView: true });
}

function open(chat, { keepView = false } = {}) {
  const unread = world.unread[`${world.me}:${chat}`] || 0;
  world.open = chat;
  delete world.unread[`${world.me}:${chat}`];
  if (!keepView) view("chat");
  drawAround();
  messages.draw(unread);
}

function view(name) {
  document.body.dataset.view = name;
}

/** After the line was down, or a chat changed in ways that events do not tell: everything anew. */
async function redraw() {
  await refresh();
  if (!chatOf(world.open)) world.open = world.me;
  drawAround();
  messages.draw();
}

/** What is around the messages; they stay as they are, with the reader's place in them. */
async function redrawAround() {
  await refresh();
  if (chatOf(world.open)) drawAround();
  else open(world.me);
}

function drawAround() {
  drawPeople(become);
  drawList(open);
  drawHead();
  composer.drawFoot();
  drawClock();
}

// ---- the head of the chat

function drawHead() {
  const chat = chatOf(world.open);
  get("head-title").textContent = nameOf(chat);
  avatar(get("head-avatar"), chat, nameOf(chat));
  drawStatus(chat);
  drawTopics(chat);
  drawPinned(chat);
  document.title = `${nameOf(chat)} · Triptych playground`;
}

function drawStatus(chat) {
  const people = Object.values(chat.standings).filter((standing) => !["left", "kicked"].includes(standing)).length;
  const resting = { private: "bot", channel: `channel · ${people} subscribers` }[chat.type] || `${people} members`;
  get("head-status").textContent = world.typing[chat.id] ? "typing…" : resting;
  get("head-status").classList.toggle("live", Boolean(world.typing[chat.id]));
}

function drawPinned(chat) {
  const message = chat.messages.find((one) => one.message_id === chat.pinned[0]);
  get("pinned").hidden = !message;
  if (!message) return;
  get("pinned").querySelector("span").textContent = summary(message);
  get("pinned").setAttribute("aria-label", `Pinned: ${summary(message).slice(0, 80)}`);
  get("pinned").onclick = () => messages.show(message.message_id);
}

function drawTopics(chat) {
  const shown = world.topics[chat.id] || 0;
  get("topics").hidden = !chat.topics.length;
  get("topics").replaceChildren(...[{ id: 0, name: "All" }, ...chat.topics].map((topic) => {
    const tab = button("", topic.closed ? `${topic.name} (closed)` : topic.name, () => { world.topics[chat.id] = topic.id; open(chat.id); });
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-selected", String(topic.id === shown));
    return tab;
  }));
}

function toggleMore() {
  if (!get("more-menu").hidden) return closeMore();
  const chat = chatOf(world.open);
  const items = moreChoices(chat).map(([label, name, what]) => menuItem(label, "menuitem", () => acted(name, { what })));
  if (chat.type === "private") items.push(node("hr"), ...languages());
  get("more-menu").replaceChildren(...items);
  get("more-menu").hidden = false;
  get("more").setAttribute("aria-expanded", "true");
  return get("more-menu").querySelector("button").focus();
}

function menuItem(label, role, act) {
  const item = button("", label, () => { closeMore(); act(); });
  item.setAttribute("role", role);
  return item;
}

/** The language this person's Telegram is set to: what the bot greets them in. */
function languages() {
  return Object.entries(LANGUAGES).map(([language, label]) => {
    const item = menuItem(label, "menuitemradio", () => acted("language", { language }));
    item.setAttribute("aria-checked", String(me().language === language));
    return item;
  });
}

function closeMore() {
  get("more-menu").hidden = true;
  get("more").setAttribute("aria-expanded", "false");
}

function moreChoices(chat) {
  const bot = world.bot.name;
  if (chat.type === "private") {
    return [me().blocked ? [`Unblock ${bot}`, "membership", "unblock"] : [`Block ${bot}`, "membership", "block"]];
  }
  if (!leads(world.me, chat)) return [["Only its administrator can change this chat", "", ""]];
  if (!botIsIn(chat)) return [[`Add ${bot}`, "membership", "add"]];
  const choices = [[`Remove ${bot}`, "membership", "remove"]];
  if (chat.bot === "member") choices.unshift([`Make ${bot} an administrator`, "membership", "promote"]);
  if (chat.type === "group") choices.push(["Make it a supergroup", "upgrade", ""]);
  const topic = chat.topics.find((one) => one.id === world.topics[chat.id]);
  if (topic) choices.push([topic.closed ? "Reopen this topic" : "Close this topic", "topic", topic.closed ? "reopen" : "close"]);
  return choices;
}

async function acted(name, asked) {
  if (!name) return;
  try {
    const answer = await act(name, { as: world.me, chat: world.open, thread: world.topics[world.open], ...asked });
    if (answer.chat) { await refresh(); open(answer.chat); }
  } catch (error) {
    toast(error.message, "bad");
  }
}

// ---- what happens

function happened(event) {
  const chat = event.chat && chatOf(event.chat);
  if (event.kind === "clock") return setNow(event.now);
  if (event.kind === "chats" || event.kind === "commands") return redrawAround();
  if (event.chat && !chat) return undefined; // a chat that is not in sight
  if (event.kind === "answer") return messages.answered(event.query, event.answer);
  if (event.kind === "message") return came(chat, event.message);
  if (event.kind === "edited") return edited(chat, event.message);
  if (event.kind === "deleted") return deleted(chat, event.id);
  if (event.kind === "action") return typing(chat);
  return undefined;
}

function came(chat, message) {
  const isNew = place(chat, message);
  if (message.by_bot) stopTyping(chat);
  if (!isNew && messages.has(message.message_id)) return edited(chat, message);
  if (chat.id === world.open && visible(chat).includes(message)) messages.add(message, chat);
  if (!message.from || message.from.id !== world.me) count(chat, message);
  drawList(open);
  if (chat.id === world.open) composer.drawFoot();
  return undefined;
}

function edited(chat, message) {
  place(chat, message);
  if (chat.id === world.open) messages.replace(message, chat);
  drawList(open);
}

function deleted(chat, id) {
  remove(chat, id);
  if (chat.id === world.open) messages.removeMessage(id);
  drawList(open);
}

/** One more unread for each person to be who is in the chat and does not look at it. */
function count(chat, message) {
  for (const person of world.people) {
    const looks = person.id === world.me && chat.id === world.open;
    const own = message.from && message.from.id === person.id;
    if (looks || own || !chatsOf(person.id).includes(chat)) continue;
    const key = `${person.id}:${chat.id}`;
    world.unread[key] = (world.unread[key] || 0) + 1;
  }
}

function typing(chat) {
  clearTimeout(world.typing[chat.id]);
  world.typing[chat.id] = setTimeout(() => stopTyping(chat), TYPING_MS);
  drawTyping(chat);
}

function stopTyping(chat) {
  if (!world.typing[chat.id]) return;
  clearTimeout(world.typing[chat.id]);
  delete world.typing[chat.id];
  drawTyping(chat);
}

function drawTyping(chat) {
  drawList(open);
  if (chat.id !== world.open) return;
  drawStatus(chat);
  messages.showTyping(Boolean(world.typing[chat.id]));
}

// ---- the clock and the theme

function drawClock() {
  get("jump").hidden = !world.jumps;
  get("clock-day").textContent = shortDay(now());
  get("clock-time").textContent = hour(now());
}

async function jump() {
  get("jump").disabled = true;
  try {
    const answer = await act("jump", { as: world.me });
    setNow(answer.now);
    drawClock();
    toast(answer.jumped ? `It is ${shortDay(now())}, ${hour(now())}` : "No brief is due: choose topics and a time first");
  } catch (error) {
    toast(error.message, "bad");
  }
  get("jump").disabled = false;
}

function switchTheme() {
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const shown = document.documentElement.dataset.theme || (dark ? "dark" : "light");
  document.documentElement.dataset.theme = THEMES[shown];
  localStorage.setItem("theme", THEMES[shown]);
}
