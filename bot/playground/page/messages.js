// Messages as bubbles: text, quotes, link previews, pictures, documents, and the buttons beneath.

import { act, previewOf } from "./server.js";
import { foldQuotes, formatted } from "./format.js";
import { button, icon, node, toast } from "./nodes.js";
import { day, hour, shortDay } from "./time.js";
import { chatOf, leads, me, nameOf, serviceWords, summary, visible, world } from "./world.js";

const log = document.getElementById("log");
const scroller = document.getElementById("scroll");
const down = document.getElementById("down");
const alertBox = document.getElementById("alert");
const pressed = new Map(); // callback query id -> the button that waits for its answer
const cards = new Map(); // address -> what its card says
const WAIT_MS = 10_000;
const MARGIN_PX = 8;

let following = true; // whether the newest message is in view, so that the next one is to be shown

let handlers = { reply() {}, say() {}, fill() {} };

/** `reply(message)`, `say(text)` and `fill(text)` are what bubbles ask the composer for. */
export function connect(given) {
  handlers = given;
  scroller.addEventListener("scroll", () => { following = nearEnd(); down.hidden = following; });
  new ResizeObserver(() => following && toEnd()).observe(scroller);
  down.addEventListener("click", toEnd);
  log.addEventListener("click", followInside);
  log.addEventListener("click", pick);
}

/** Draw the open chat anew, from its first unread message when there are some, else from its end. */
export function draw(unread = 0) {
  const chat = chatOf(world.open);
  log.setAttribute("aria-busy", "true"); // a screen reader is not to read a whole chat again
  log.replaceChildren();
  if (!chat) return;
  const messages = visible(chat);
  if (!messages.length) log.append(welcome(chat));
  let previous = null;
  for (const message of messages) {
    appendMessage(message, previous, chat);
    previous = message;
  }
  showTyping(Boolean(world.typing[chat.id]));
  foldQuotes(log);
  toEnd();
  if (unread) toNewest(messages[Math.max(0, messages.length - unread)]);
  log.removeAttribute("aria-busy");
}

/** Whether the message is drawn. */
export function has(id) {
  return Boolean(rowOf(id));
}

function rowOf(id) {
  return log.querySelector(`[data-message="${id}"]`);
}

/** Add one message at the end, keeping the reader's place unless they were at the end. */
export function add(message, chat) {
  const follow = following || !message.by_bot;
  log.querySelector(".welcome")?.remove();
  const messages = visible(chat);
  appendMessage(message, messages[messages.length - 2] || null, chat);
  foldQuotes(log);
  if (follow) toNewest(message);
}

/** Put an edited message in the place of the old one, its open quotes still open. */
export function replace(message, chat) {
  const old = rowOf(message.message_id);
  if (!old) return;
  const follow = following;
  const open = [...old.querySelectorAll("blockquote.expandable")].map((quote) => quote.classList.contains("open"));
  const made = bubble(message, chat, old.classList.contains("first"));
  old.replaceWith(made);
  foldQuotes(made);
  made.querySelectorAll("blockquote.expandable.long").forEach((quote, at) => open[at] && quote.querySelector(".unfold").click());
  made.classList.add("fresh");
  if (follow) toNewest(message);
}

export function removeMessage(id) {
  rowOf(id)?.remove();
}

export function showTyping(on) {
  log.querySelector(".typing")?.remove();
  if (!on) return;
  log.append(node("div.typing", { "aria-label": `${world.bot.name} is typing` }, node("i"), node("i"), node("i")));
  if (following) toEnd();
}

/** What the bot said to a press: a toast, a box to close, or a link to open. */
export function answered(query, answer) {
  const waiting = pressed.get(query);
  if (!waiting) return;
  pressed.delete(query);
  waiting.removeAttribute("aria-busy");
  const payload = answer.url ? startPayload(answer.url) : null;
  if (payload !== null) handlers.say(payload ? `/start ${payload}` : "/start", { inPrivate: true });
  else if (answer.url) window.open(answer.url, "_blank", "noopener");
  if (answer.text && answer.show_alert) {
    alertBox.querySelector("p").textContent = answer.text;
    alertBox.showModal();
  } else if (answer.text) toast(answer.text);
}

function nearEnd() {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 120;
}

function toEnd() {
  following = true;
  scroller.scrollTop = scroller.scrollHeight;
}

/** To the end, but never past the beginning of a long message: it is read from its first line. */
function toNewest(message) {
  const row = rowOf(message.message_id);
  toEnd();
  if (!row) return;
  const above = scroller.getBoundingClientRect().top + MARGIN_PX - row.getBoundingClientRect().top;
  if (above > 0) scroller.scrollTop -= above;
}

/** A tap on a message shows its reply button where nothing can hover. */
function pick(event) {
  const row = event.target.closest(".message");
  for (const other of log.querySelectorAll(".picked")) other.classList.toggle("picked", other === row);
  row?.classList.add("picked");
}

function welcome(chat) {
  if (chat.type !== "private") return node("div.welcome", {}, node("p", {}, "No messages here yet"));
  const mark = node("span.avatar.large", { "data-tone": "bot", "aria-hidden": "true" }, icon("triptych"));
  const words = me().description || "News in three panels: what was offered, how it was answered, what others say.";
  return node("div.welcome.card", {}, mark, node("h3", {}, `What can ${world.bot.name} do?`), node("p", {}, words));
}

function appendMessage(message, previous, chat) {
  const date = new Date(message.date * 1000);
  const before = previous && new Date(previous.date * 1000);
  const typing = log.querySelector(".typing");
  if (!before || before.toDateString() !== date.toDateString()) {
    log.append(node("p.date", {}, node("time", { datetime: date.toISOString() }, day(date))));
  }
  log.append(bubble(message, chat, !previous || author(previous) !== author(message) || Boolean(previous.photo)));
  if (typing) log.append(typing);
}

function author(message) {
  return (message.from || message.sender_chat).id;
}

function bubble(message, chat, first) {
  const service = serviceWords(message);
  if (service && !message.words) return node("p.date", { "data-message": message.message_id }, node("span", {}, service));
  const mine = Boolean(message.from) && message.from.id === world.me;
  const body = node("div.bubble", {}, ...parts(message, chat, mine, first));
  const rows = message.markup?.inline_keyboard || [];
  const row = node(`article.message${mine ? ".mine" : ""}${first ? ".first" : ""}`, { "data-message": message.message_id, "aria-label": spoken(message) }, node("div.column", {}, body, rows.length ? keyboard(message, rows) : null, replyButton(message, chat)));
  body.addEventListener("dblclick", () => handlers.reply(message));
  return row;
}

function spoken(message) {
  const who = message.from ? (message.from.id === world.me ? "You" : message.from.first_name) : message.sender_chat.title;
  return `${who}, ${hour(new Date(message.date * 1000))}`;
}

function parts(message, chat, mine, first) {
  const large = message.preview?.url && message.preview.show_above_text;
  const card = message.preview?.url && !message.preview.is_disabled ? preview(message.preview) : null;
  return [
    first && !mine && chat.type !== "private" ? node("b.author", {}, message.from?.first_name || nameOf(chat)) : null,
    message.via_bot ? node("span.via", {}, `via @${message.via_bot.username}`) : null,
    message.forward_origin ? node("span.via", {}, `Forwarded from ${message.forward_origin.chat?.title || message.forward_origin.sender_user.first_name}`) : null,
    message.reply_to_message ? quoted(message.reply_to_message) : null,
    message.photo ? picture(message) : null,
    message.document ? documentCard(message.document) : null,
    large ? card : null,
    message.words ? words(message) : null,
    large ? null : card,
    stamp(message),
  ];
}

function words(message) {
  return node("div.words", { dir: "auto" }, formatted(message.words, message.marks));
}

function stamp(message) {
  const date = new Date((message.edit_date || message.date) * 1000);
  const sent = new Date(message.date * 1000);
  const shown = `${message.edit_date ? "edited " : ""}${hour(date)}`;
  return node("time.stamp", { datetime: sent.toISOString(), title: `${shortDay(sent)}, ${hour(sent)}` }, shown);
}

function quoted(original) {
  const who = original.from?.first_name || original.sender_chat?.title || "";
  const text = original.text || original.caption || original.document?.file_name || "Picture";
  const made = button(".quoted", `Show what this answers, ${who}: ${text.slice(0, 60)}`, () => show(original.message_id), node("b", {}, who), node("span", {}, text.slice(0, 120)));
  return made;
}

/** Bring a message into view and mark it for a moment. */
export function show(id) {
  const original = rowOf(id);
  original?.scrollIntoView({ block: "center", behavior: "smooth" });
  original?.classList.add("fresh");
}

function picture(message) {
  const [size] = message.photo.slice(-1);
  const image = node("img.picture", { src: `/playground/files/${size.file_id}`, width: size.width, height: size.height, alt: message.words || "Picture from the bot" });
  image.addEventListener("load", () => following && toEnd());
  return node("a", { href: image.src, target: "_blank", rel: "noopener", "aria-label": "Open the picture" }, image);
}

function documentCard(file) {
  const size = file.file_size < 1024 ? `${file.file_size} bytes` : `${(file.file_size / 1024).toFixed(1)} KB`;
  const about = node("span", {}, node("b", {}, file.file_name), node("small", {}, size));
  return node("a.document", { href: `/playground/files/${file.file_id}`, download: file.file_name }, node("i", {}, icon("file")), about);
}

/** A card for the page: at first from its address, then in its own words when the playground can read it. */
function preview(options) {
  const card = node("a.preview", { href: options.url, target: "_blank", rel: "noopener noreferrer" });
  const fill = ({ site, title, description }) => card.replaceChildren(
    node("small", {}, site), ...(title ? [node("b", {}, title)] : []), node("span", {}, description || "Read the article"),
  );
  const known = cards.get(options.url) || guessed(options.url);
  fill(known);
  if (!cards.has(options.url)) {
    cards.set(options.url, known);
    previewOf(options.url).then((told) => { cards.set(options.url, { ...known, ...told }); fill(cards.get(options.url)); });
  }
  return card;
}

function guessed(address) {
  const url = new URL(address, location.href);
  const trail = decodeURIComponent(url.pathname).replace(/\.html?$/, "").split("/").filter(Boolean).pop() || "";
  return { site: url.hostname.replace(/^www\./, ""), title: trail.replace(/[-_]+/g, " ").replace(/^./, (letter) => letter.toUpperCase()) };
}

function keyboard(message, rows) {
  const made = node("div.buttons", { role: "group", "aria-label": "Buttons" });
  for (const row of rows) made.append(node("div.row", {}, ...row.map((one) => inlineButton(message, one))));
  return made;
}

function inlineButton(message, one) {
  if (one.url) {
    const link = node("a.key", { href: one.url, target: "_blank", rel: "noopener noreferrer" }, one.text, icon("out"));
    return link;
  }
  const made = button(".key", one.text, () => tap(message, one, made));
  return made;
}

async function tap(message, one, key) {
  if (one.switch_inline_query_current_chat !== undefined) return handlers.fill(`@${world.bot.username} ${one.switch_inline_query_current_chat}`);
  if (one.switch_inline_query !== undefined) return handlers.fill(`@${world.bot.username} ${one.switch_inline_query}`);
  if (one.copy_text) return navigator.clipboard.writeText(one.copy_text.text).then(() => toast("Copied"));
  if (one.callback_data === undefined || key.getAttribute("aria-busy")) return undefined;
  key.setAttribute("aria-busy", "true");
  try {
    const { query } = await act("press", { as: world.me, message: message.message_id, data: one.callback_data });
    pressed.set(query, key);
    setTimeout(() => pressed.delete(query) && key.removeAttribute("aria-busy"), WAIT_MS);
  } catch (error) {
    key.removeAttribute("aria-busy");
    toast(error.message, "bad");
  }
  return undefined;
}

function replyButton(message, chat) {
  if (chat.type === "channel" && !leads(world.me, chat)) return null;
  return button(".icon.answer", `Reply to: ${summary(message).slice(0, 50)}`, () => handlers.reply(message), icon("reply"));
}

/** Links of the bot to itself stay on the page: /commands are sent, ?start= links start it, @mentions are only words. */
function followInside(event) {
  const link = event.target.closest("a");
  if (!link || !log.contains(link)) return;
  if (link.dataset.send !== undefined) {
    event.preventDefault();
    if (link.dataset.send) handlers.say(link.dataset.send);
    return;
  }
  const payload = startPayload(link.href);
  if (payload === null) return;
  event.preventDefault();
  handlers.say(payload ? `/start ${payload}` : "/start", { inPrivate: true });
}

function startPayload(address) {
  const url = new URL(address, location.href);
  const own = /^(t\.me|telegram\.me)$/.test(url.hostname) && url.pathname.slice(1).toLowerCase() === world.bot.username.toLowerCase();
  return own ? url.searchParams.get("start") || "" : null;
}
