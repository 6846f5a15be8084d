// The playground's server: what there is, what happens, and what a visitor does.

export async function state() {
  const answer = await fetch("/playground/state");
  return answer.json();
}

/** Send an act; an Error with the server's reason when it was not taken. */
export async function act(name, asked) {
  const answer = await fetch(`/playground/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(asked),
  });
  return taken(answer);
}

export async function sendDocument(person, chat, file, text) {
  const form = new FormData();
  form.append("as", String(person));
  form.append("chat", String(chat));
  form.append("text", text);
  form.append("document", file, file.name);
  return taken(await fetch("/playground/document", { method: "POST", body: form }));
}

/** What a page says of itself, {title, site, description}; empty when it is not on this machine. */
export async function previewOf(url) {
  const answer = await fetch(`/playground/preview?url=${encodeURIComponent(url)}`);
  return answer.ok ? answer.json() : {};
}

async function taken(answer) {
  const body = await answer.json().catch(() => ({ error: `the playground answered ${answer.status}` }));
  if (!answer.ok) throw new Error(body.error);
  return body;
}

/** Call `happened` with every event, and `again` whenever the line was down and is up. */
export function listen(happened, again, lost) {
  const source = new EventSource("/playground/events");
  let wasDown = false;
  source.onmessage = (event) => happened(JSON.parse(event.data));
  source.onopen = () => {
    if (wasDown) again();
    wasDown = false;
    lost(false);
  };
  source.onerror = () => {
    wasDown = true;
    lost(true);
  };
}
