// Who of the commune is at the desk, in which topic, and what do they do?

import { get, listen, post } from "/sandbox/static/api.js";
import { byId, el, hour, initial } from "/sandbox/static/dom.js";

const GENERAL = "";
const TALK = "zalo";
const TOAST_MS = 6000;

const state = { officers: [], names: {}, officer: null, place: GENERAL, topics: new Map(),
  group: new Map(), talks: {}, replyTo: 0, seen: new Map(), toast: 0 };

async function start() {
  wireForm();
  await load();
  listen(onEvent, load);
}

async function load() {
  const found = await get("staff");
  Object.assign(state, { officers: found.officers, names: found.names, talks: found.talks });
  state.topics = new Map(found.topics.map((one) => [String(one.thread), one]));
  state.group = new Map(found.group.map((one) => [one.message_id, one]));
  const asked = new URLSearchParams(location.hash.slice(1));
  state.officer ||= state.officers.find((one) => one.key === asked.get("officer")) || state.officers[0];
  if (!isPlace(state.place)) state.place = GENERAL;
  byId("group-name").textContent = state.names.telegram;
  show();
}

function isPlace(place) {
  return place === GENERAL || place === TALK || state.topics.has(place);
}

function onEvent(event) {
  if (event.type === "reset") return void load();
  if (event.type !== "staff") return undefined;
  const value = event.value;
  if (event.kind === "reload") return void load();
  if (event.kind === "toast") return value.who === state.officer.key ? showToast(value.text) : undefined;
  if (event.kind === "topic") state.topics.set(String(value.thread), value);
  if (event.kind === "group") state.group.set(value.message_id, value);
  if (event.kind === "talk") (state.talks[value.user] ||= []).push(value);
  return show();
}

function show() {
  buildOfficers();
  buildTopics();
  buildLines();
}

// --- who and where ---------------------------------------------------------

function buildOfficers() {
  const focused = document.activeElement?.name === "officer";
  byId("officers").replaceChildren(...state.officers.map((one) => el("label", {},
    el("input", { type: "radio", name: "officer", value: one.key, checked: one === state.officer,
      onchange: () => { state.officer = one; show(); } }),
    el("span", { class: "avatar small", hue: one.colour, "aria-hidden": "true" }, initial(one.name)),
    el("span", {}, el("b", {}, one.name), el("small", {}, one.title)))));
  if (focused) byId("officers").querySelector("input:checked")?.focus();
}

function buildTopics() {
  const rows = [
    room(GENERAL, "Chung", "việc kỹ thuật và trao đổi chung", 205),
    room(TALK, state.names.zalo_bot || "Zalo Bot", "trò chuyện riêng với bot trên Zalo", 215),
    ...[...state.topics.values()].reverse().map((one) => room(String(one.thread), one.name,
      one.is_closed ? "đã đóng" : "đang mở", (one.thread * 47) % 360, one.is_closed)),
  ];
  byId("topics").replaceChildren(...rows);
}

function room(place, name, about, hue, isClosed = false) {
  const fresh = linesOf(place).length - (state.seen.get(key(place)) || 0);
  const isHere = place === state.place;
  return el("li", { class: isClosed ? "closed" : "" },
    el("button", { type: "button", "data-place": place || "general", "aria-current": String(isHere), onclick: () => go(place) },
      el("span", { class: "dot", hue, "aria-hidden": "true" }, "#"),
      el("span", {}, el("b", {}, name), el("small", {}, about)),
      !isHere && fresh > 0 ? el("span", { class: "count", "aria-label": `${fresh} tin mới` }, String(fresh)) : null));
}

function key(place) {
  return place === TALK ? `${TALK}:${state.officer.key}` : place;
}

function go(place) {
  state.place = place;
  unquote();
  show();
  byId("staff-words").focus();
}

function linesOf(place) {
  if (place === TALK) return state.talks[state.officer.zalo_bot] || [];
  return [...state.group.values()].filter((one) => one.place === place);
}

// --- what was said -----------------------------------------------------------

function buildLines() {
  const lines = linesOf(state.place);
  const topic = state.topics.get(state.place);
  state.seen.set(key(state.place), lines.length);
  byId("room-name").textContent = state.place === TALK ? state.names.zalo_bot : topic ? topic.name : "Chung";
  byId("room-kind").textContent = state.place === TALK
    ? "Không có nút bấm: trả lời bằng số, ví dụ 1 để nhận, 2 kèm lời để trả lời bà con"
    : "Chỉ tin trả lời (reply) một tin của bot mới được gửi tới bà con";
  byId("staff-picture").hidden = state.place === TALK;
  const box = byId("lines");
  const focused = document.activeElement?.dataset?.keep;
  box.replaceChildren(...lines.map(line));
  box.scrollTop = box.scrollHeight;
  if (focused) box.querySelector(`[data-keep="${CSS.escape(focused)}"]`)?.focus();
  buildTopics();
}

function line(one) {
  const isBot = one.who === "bot";
  const officer = state.officers.find((person) => person.key === one.who);
  const earlier = one.reply_to ? state.group.get(one.reply_to) : null;
  const own = one.picture.startsWith("/sandbox/files/");
  return el("li", { class: `line ${one.who === state.officer.key ? "mine" : ""} ${isBot ? "bot" : ""}`, "data-id": one.message_id },
    el("div", { class: "box" },
      el("span", { class: "by", hue: isBot ? 205 : officer?.colour }, isBot ? "Thân Thiện (bot)" : officer?.name || one.who),
      earlier ? el("p", { class: "to" }, earlier.text) : null,
      own ? el("img", { src: one.picture, alt: "Ảnh" }) : null,
      one.text ? el("p", { class: "words" }, one.text) : null,
      el("div", { class: "foot" },
        isBot && state.place !== TALK ? el("button", { type: "button", onclick: () => quote(one) }, "Trả lời tin này") : null,
        el("span", {}, `${one.is_edited ? "đã sửa · " : ""}${hour(one.at_ms)}`))),
    keys(one));
}

function keys(one) {
  const all = one.buttons.flat();
  if (!all.length) return null;
  return el("div", { class: "keys", role: "group", "aria-label": "Các nút" }, ...all.map((button) => button.url
    ? el("a", { href: button.url, target: "_blank", rel: "noopener noreferrer" }, button.text)
    : el("button", { type: "button", "data-keep": `${one.message_id}-${button.text}`,
      onclick: () => tap(one, button.callback_data) }, button.text)));
}

// --- what they do --------------------------------------------------------------

async function tap(one, data) {
  await attempt(post("staff/tap", { officer: state.officer.key, message_id: one.message_id, data }));
}

function quote(one) {
  state.replyTo = one.message_id;
  byId("quoted").textContent = one.text;
  byId("quote").hidden = false;
  byId("staff-words").focus();
}

function unquote() {
  state.replyTo = 0;
  byId("quote").hidden = true;
}

function wireForm() {
  const words = byId("staff-words");
  byId("unquote").addEventListener("click", unquote);
  byId("say").addEventListener("submit", (event) => { event.preventDefault(); say(); });
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); say(); }
  });
  byId("staff-picture").addEventListener("click", () => byId("staff-file").click());
  byId("staff-file").addEventListener("change", picture);
}

async function say() {
  const text = byId("staff-words").value.trim();
  if (!text) return;
  byId("staff-words").value = "";
  const isTalk = state.place === TALK;
  const body = { platform: isTalk ? "zalo_bot" : "telegram", officer: state.officer.key, text,
    place: isTalk ? "" : state.place, reply_to: String(state.replyTo) };
  unquote();
  await attempt(post("staff/say", body));
}

async function picture() {
  const [file] = byId("staff-file").files;
  byId("staff-file").value = "";
  if (!file) return;
  const form = new FormData();
  form.append("file", file, file.name);
  const asked = new URLSearchParams({ officer: state.officer.key, place: state.place, reply_to: String(state.replyTo) });
  unquote();
  await attempt(fetch(`/sandbox/api/staff/photo?${asked}`, { method: "POST", body: form }));
}

async function attempt(work) {
  try {
    await work;
  } catch (error) {
    showToast(`Chưa làm được: ${error.message}`);
  }
}

function showToast(text) {
  byId("toast").textContent = text;
  clearTimeout(state.toast);
  state.toast = setTimeout(() => { byId("toast").textContent = ""; }, TOAST_MS);
}

start();
