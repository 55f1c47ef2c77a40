// What does the page ask of the sandbox?

const BASE = "/sandbox/api";

async function answer(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(body.detail || String(response.status));
  return body;
}

export async function get(path, query = {}) {
  const asked = new URLSearchParams(query).toString();
  return answer(await fetch(`${BASE}/${path}${asked ? `?${asked}` : ""}`));
}

export async function post(path, body = {}) {
  const headers = { "Content-Type": "application/json" };
  return answer(await fetch(`${BASE}/${path}`, {
    method: "POST", headers, body: JSON.stringify(body),
  }));
}

export async function upload(file, query) {
  const form = new FormData();
  form.append("file", file, file.name);
  const asked = new URLSearchParams(query).toString();
  return answer(await fetch(`${BASE}/upload?${asked}`, { method: "POST", body: form }));
}

export function listen(onEvent, onReturn) {
  const source = new EventSource(`${BASE}/events`);
  let isFirst = true;
  source.addEventListener("open", () => {
    if (!isFirst) onReturn();
    isFirst = false;
  });
  source.addEventListener("message", (event) => onEvent(JSON.parse(event.data)));
  return source;
}
