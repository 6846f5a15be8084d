// What the page knows: the state of the server, who the visitor is, and which chat is open.

export const world = {
  bot: {}, people: [], chats: [], menus: {}, jumps: false,
  me: 0,
  open: 0, // the chat shown
  topics: {}, // chat id -> topic shown; 0: all
  unread: {}, // "person:chat" -> count
  typing: {}, // chat id -> timer
  start: new URLSearchParams(location.search).get("start"), // a deep link's payload, until it is used
};

export function me() {
  return world.people.find((person) => person.id === world.me);
}

export function chatOf(id) {
  return world.chats.find((chat) => chat.id === id);
}

/** The chats of a person, their private one with the bot first. */
export function chatsOf(person) {
  const mine = world.chats.filter((chat) => ["creator", "administrator", "member", "restricted"].includes(chat.standings[person]));
  return mine.sort((a, b) => (b.type === "private") - (a.type === "private"));
}

export function nameOf(chat) {
  return chat.type === "private" ? world.bot.name : chat.title;
}

export function leads(person, chat) {
  return ["creator", "administrator"].includes(chat.standings[person]);
}

export function botIsIn(chat) {
  return !["left", "kicked"].includes(chat.bot);
}

export function menu() {
  return world.menus[`${world.me}:${world.open}`] || [];
}

export function visible(chat) {
  const topic = world.topics[chat.id] || 0;
  return topic ? chat.messages.filter((message) => message.message_thread_id === topic) : chat.messages;
}

/** Put a new or edited message in its place; true when it is new. */
export function place(chat, message) {
  const at = chat.messages.findIndex((other) => other.message_id === message.message_id);
  if (at < 0) chat.messages.push(message);
  else chat.messages[at] = message;
  return at < 0;
}

export function remove(chat, id) {
  chat.messages = chat.messages.filter((message) => message.message_id !== id);
}

/** One line about a message, for the chat list and replies. */
export function summary(message) {
  if (!message) return "";
  if (message.words) return message.words.replace(/\s+/g, " ").slice(0, 140);
  if (message.photo) return "Picture";
  if (message.document) return message.document.file_name;
  return serviceWords(message);
}

export function serviceWords(message) {
  const who = message.from ? message.from.first_name : "Somebody";
  if (message.new_chat_members) return `${who} added ${message.new_chat_members.map((one) => one.first_name).join(", ")}`;
  if (message.left_chat_member) return `${who} removed ${message.left_chat_member.first_name}`;
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return "The group became a supergroup";
  if (message.chat_shared) return `${who} shared ${chatOf(message.chat_shared.chat_id)?.title || "a channel"}`;
  if (message.forum_topic_closed) return `${who} closed the topic`;
  if (message.forum_topic_reopened) return `${who} reopened the topic`;
  return "";
}
