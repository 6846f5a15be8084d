// Where one writes: the text, the command menu, inline results, suggested answers, Start, and what bars the way.

import { act, sendDocument } from "./server.js";
import { button, node, toast } from "./nodes.js";
import { botIsIn, chatOf, leads, me, menu, nameOf, summary, world } from "./world.js";

const get = (id) => document.getElementById(id);
const [text, panel, form, keyboard] = ["text", "panel", "composer", "keyboard"].map(get);
const TYPING_PAUSE_MS = 350;

let replying = null;
let keyboardOpen = true;
let spent = 0; // the message whose one-time keyboard has been used
let inlineTimer = 0;
let asked = 0; // counts inline questions, so that only the newest answer shows

export function connect() {
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  text.addEventListener("input", () => { grow(); suggest(); });
  text.addEventListener("keydown", onKey);
  get("commands").addEventListener("click", toggleCommands);
  get("attach").addEventListener("click", () => get("file").click());
  get("file").addEventListener("change", upload);
  get("start").addEventListener("click", pressStart);
  get("reply-drop").addEventListener("click", () => replyTo(null));
  get("keyboard-toggle").addEventListener("click", () => { keyboardOpen = !keyboardOpen; drawKeyboard(); });
}

/** Show what fits the open chat: the composer, Start, or why one cannot write. */
export function drawFoot() {
  const chat = chatOf(world.open);
  if (!chat) return;
  const fresh = chat.type === "private" && (!chat.messages.length || world.start !== null);
  const bar = barred(chat);
  get("barred").hidden = !bar;
  if (bar) showBar(bar);
  get("start").hidden = Boolean(bar) || !fresh;
  form.hidden = Boolean(bar) || fresh;
  if (form.hidden) replyTo(null);
  get("commands").hidden = !menu().length;
  text.placeholder = chat.type === "channel" ? "Post" : "Message";
  drawKeyboard();
  closePanel();
  grow();
}

export function replyTo(message) {
  replying = message;
  get("reply").hidden = !message;
  if (!message) return;
  get("reply-name").textContent = message.from ? message.from.first_name : nameOf(chatOf(world.open));
  get("reply-text").textContent = summary(message);
  if (!form.hidden) text.focus();
}

export function fill(words) {
  text.value = words;
  grow();
  suggest();
  text.focus();
}

export async function say(words, { inPrivate = false } = {}) {
  const chat = inPrivate ? world.me : world.open;
  const thread = world.topics[chat] || undefined;
  const reply = replying?.message_id;
  replyTo(null);
  await tried(() => act("say", { as: world.me, chat, text: words, reply_to: reply, thread }));
}

async function tried(doing) {
  try {
    return await doing();
  } catch (error) {
    toast(error.message, "bad");
    return null;
  }
}

async function submit() {
  const words = text.value.trim();
  if (!words) return;
  text.value = "";
  grow();
  closePanel();
  await say(words);
}

function pressStart() {
  const payload = world.start;
  world.start = null;
  history.replaceState(null, "", location.pathname);
  say(payload ? `/start ${payload}` : "/start");
}

async function upload() {
  const [file] = get("file").files;
  get("file").value = "";
  if (!file) return;
  const words = text.value.trim();
  text.value = "";
  grow();
  await tried(() => sendDocument(world.me, world.open, file, words));
}

// ---- what bars the way

function barred(chat) {
  if (chat.type === "private" && me().blocked) {
    return { words: `You have blocked ${world.bot.name}.`, label: "Unblock", what: "unblock" };
  }
  if (chat.type === "private") return null;
  if (!botIsIn(chat)) {
    const lead = leads(world.me, chat);
    const where = chat.type === "channel" ? "channel" : "group";
    const words = `${world.bot.name} is not in this ${where} yet.${lead ? "" : " Its administrator can add it."}`;
    return { words, label: lead ? `Add ${world.bot.name}` : "", what: "add" };
  }
  return chat.type === "channel" && !leads(world.me, chat) ? { words: "Only administrators post in this channel." } : null;
}

function showBar({ words, label, what }) {
  const [line, key] = get("barred").children;
  line.textContent = words;
  key.hidden = !label;
  key.textContent = label || "";
  key.onclick = () => tried(() => act("membership", { as: world.me, chat: world.open, what }));
}

// ---- suggested answers (a reply keyboard)

function drawKeyboard() {
  const chat = chatOf(world.open);
  const last = [...chat.messages].reverse().find((m) => m.by_bot && m.markup && !m.markup.inline_keyboard && !m.markup.force_reply);
  const rows = last && last.message_id !== spent && !last.markup.remove_keyboard ? last.markup.keyboard : null;
  get("keyboard-toggle").hidden = !rows || form.hidden;
  get("keyboard-toggle").setAttribute("aria-pressed", String(keyboardOpen));
  keyboard.hidden = !rows || !keyboardOpen || form.hidden;
  keyboard.replaceChildren(...(rows || []).map((row) => node("div.row", {}, ...row.map((key) => suggestion(key, last)))));
  if (rows && last.markup.input_field_placeholder) text.placeholder = last.markup.input_field_placeholder;
}

function suggestion(key, message) {
  const words = typeof key === "string" ? key : key.text;
  if (key.request_chat) return button(".key", words, () => chooseChannel(key.request_chat.request_id));
  return button(".key", words, () => {
    if (message.markup.one_time_keyboard) spent = message.message_id;
    drawKeyboard();
    say(words);
  });
}

/** The channels this person leads, to be shared with the bot. */
function chooseChannel(request) {
  const mine = world.chats.filter((chat) => chat.type === "channel" && leads(world.me, chat));
  openPanel("results", "Channels", mine.length ? mine.map((chat) => button(
    ".result", `Share ${chat.title}`, () => { closePanel(); tried(() => act("share", { as: world.me, chat: chat.id, request })); },
    node("i", { "aria-hidden": "true" }, chat.title[0]),
    node("span", {}, node("b", {}, chat.title), node("span", {}, `Makes ${world.bot.name} an administrator there`)),
  )) : [node("p.quiet", {}, "You lead no channel")]);
}

// ---- the panel above: commands as they are typed, or inline results

function suggest() {
  const words = text.value;
  const mention = `@${world.bot.username} `.toLowerCase();
  clearTimeout(inlineTimer);
  if (words.toLowerCase().startsWith(mention)) {
    inlineTimer = setTimeout(() => askInline(words.slice(mention.length)), TYPING_PAUSE_MS);
  } else if (/^\/\w*$/.test(words)) showCommands(words.slice(1).toLowerCase());
  else closePanel();
}

function toggleCommands() {
  if (!panel.hidden && panel.dataset.kind === "commands") return closePanel();
  showCommands("");
  return panel.querySelector("button")?.focus();
}

function showCommands(beginning) {
  const found = menu().filter((one) => one.command.startsWith(beginning));
  openPanel("commands", "Commands", found.map((one) => button(
    ".command", `/${one.command}: ${one.description}`, () => { text.value = ""; grow(); closePanel(); say(`/${one.command}`); },
    node("b", {}, `/${one.command}`), node("span", {}, one.description),
  )));
}

async function askInline(words) {
  asked += 1;
  const mine = asked;
  const answer = await tried(() => act("inline", { as: world.me, chat: world.open, query: words }));
  if (!answer || mine !== asked || !text.value.startsWith("@")) return;
  const cards = answer.results.map((result) => button(
    ".result", `${result.title}. ${result.description || ""}`, () => choose(answer.query, result),
    node("i", { "aria-hidden": "true" }, result.title[0] || ""),
    node("span", {}, node("b", {}, result.title), node("span", {}, result.description || "")),
  ));
  openPanel("results", "Results", cards.length ? cards : [node("p.quiet", {}, "Nothing found")]);
}

async function choose(query, result) {
  text.value = "";
  grow();
  closePanel();
  await tried(() => act("choose", { as: world.me, chat: world.open, query, result: result.id }));
}

function openPanel(kind, label, items) {
  if (!items.length) return closePanel();
  panel.dataset.kind = kind;
  panel.setAttribute("role", "group");
  panel.setAttribute("aria-label", label);
  panel.replaceChildren(...items);
  panel.hidden = false;
  get("commands").setAttribute("aria-expanded", String(kind === "commands"));
  mark(0);
  return undefined;
}

function closePanel() {
  panel.hidden = true;
  get("commands").setAttribute("aria-expanded", "false");
}

function mark(at) {
  const items = [...panel.querySelectorAll("button")];
  items.forEach((item, place) => item.classList.toggle("marked", place === at));
  items[at]?.scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  const items = [...panel.querySelectorAll("button")];
  const at = items.findIndex((item) => item.classList.contains("marked"));
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!panel.hidden && items.length && step) {
    event.preventDefault();
    mark((at + step + items.length) % items.length);
  } else if (event.key === "Escape") {
    closePanel();
    replyTo(null);
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    if (!panel.hidden && at >= 0) items[at].click();
    else submit();
  }
}

function grow() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 140)}px`;
  get("send").classList.toggle("ready", Boolean(text.value.trim()));
}

