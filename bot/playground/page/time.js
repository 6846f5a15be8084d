// The playground's clock: it runs on from the server's moved time, and words for its days and hours.

let offset = 0;

export function setNow(iso) {
  offset = new Date(iso).getTime() - Date.now();
}

export function now() {
  return new Date(Date.now() + offset);
}

export function hour(date) {
  return date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
}

export function shortDay(date) {
  return date.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short" });
}

export function day(date) {
  const days = Math.round((startOf(now()) - startOf(date)) / 86_400_000);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return date.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" });
}

function startOf(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** How the chat list says when: the hour today, else the day. */
export function when(date) {
  return startOf(date) === startOf(now()) ? hour(date) : date.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
}
