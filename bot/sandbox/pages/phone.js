// Who holds the phone, on which platform, and what do they do?

import { get, listen, post, upload } from "/sandbox/static/api.js";
import { bubble, button } from "/sandbox/static/bubbles.js";
import { PATHS, byId, el, hour, icon, initial } from "/sandbox/static/dom.js";
import { buildFaults, forget, inspect, refreshFaults } from "/sandbox/static/side.js";
import { closeDrawers, closeSheets, setUpDrawers, setUpSheets, setUpTabs } from "/sandbox/static/sheets.js";

const LIKE_ID = "369239263222822";
const STICKERS = [1, 2, 3, 4, 5, 6];
const PLACES = [
  ["Trụ sở Ủy ban nhân dân", "21.028511", "105.804817"],
  ["Nhà văn hóa thôn Đông", "21.031204", "105.812956"],
  ["Chợ trung tâm", "21.025633", "105.799421"],
];
const SAMPLES = [
  "Làm giấy khai sinh cho con cần những gì?",
  "lam can cuoc cho be 6 tuoi",
  "Đường thôn tôi đèn hỏng ba hôm rồi",
];

const state = { people: [], accounts: {}, menu: [], greeting: "", started: "", person: null,
  channel: "zalo", messages: new Map(), isGone: false, hasWritten: false };
const actions = { tap, inspect: look };

async function start() {
  setUpSheets();
  setUpTabs(refreshFaults);
  setUpDrawers();
  buildFaults();
  buildStickers();
  buildPlaces();
  wireComposer();
  await load();
  const asked = new URLSearchParams(location.hash.slice(1));
  pick(asked.get("user") || state.people[0].key, asked.get("channel") || "zalo");
  listen(onEvent, openThread);
  setInterval(refreshFaults, 2000);
  tellTime();
  setInterval(tellTime, 10000);
}

async function load() {
  const found = await get("citizens");
  Object.assign(state, { people: found.citizens, accounts: found.accounts, menu: found.menu,
    greeting: found.greeting, started: found.get_started });
}

function tellTime() {
  byId("time").textContent = hour(Date.now());
}

// --- people and platforms -------------------------------------------------

function buildRoll() {
  byId("roll").replaceChildren(...state.people.map((person) => el("li", {},
    el("button", { type: "button", class: "person", "data-key": person.key,
      "aria-pressed": String(person === state.person),
      onclick: () => { pick(person.key, state.channel); closeDrawers(); } },
    avatar(person),
    el("span", { class: "lines" }, el("b", {}, person.name),
      el("small", {}, `${person.age} tuổi · ${person.about}`))))));
}

function avatar(person) {
  return el("span", { class: "avatar", hue: person.colour, "aria-hidden": "true" }, initial(person.name));
}

function pick(key, channel) {
  state.person = state.people.find((one) => one.key === key) || state.people[0];
  state.channel = channel === "facebook" ? "facebook" : "zalo";
  history.replaceState(null, "", `#user=${state.person.key}&channel=${state.channel}`);
  for (const one of document.getElementsByName("channel")) one.checked = one.value === state.channel;
  buildRoll();
  dressPhone();
  forget();
  openThread();
}

function dressPhone() {
  const isZalo = state.channel === "zalo";
  byId("phone").dataset.look = state.channel;
  byId("oa-name").textContent = state.accounts[state.channel];
  byId("oa-kind").textContent = isZalo ? "Tài khoản chính thức" : "Trang · Cơ quan nhà nước";
  byId("words").placeholder = isZalo ? "Nhập tin nhắn" : "Nhắn tin";
  byId("top-name").textContent = `${state.person.name} · ${isZalo ? "Zalo" : "Messenger"}`;
  const top = byId("top-avatar");
  top.textContent = initial(state.person.name);
  top.style.setProperty("--hue", String(state.person.colour));
  buildMenu();
  buildMore();
  showGo();
}

function who() {
  return { channel: state.channel, user: state.person[state.channel] };
}

// --- the talk ---------------------------------------------------------------

async function openThread() {
  const mine = who();
  const found = await get(`threads/${mine.channel}/${mine.user}`);
  if (mine.user !== who().user) return;
  state.messages = new Map(found.messages.map((one) => [one.id, one]));
  state.isGone = found.is_gone;
  state.hasWritten = found.has_written;
  byId("talk").replaceChildren(...found.messages.map(dress));
  byId("typing").hidden = true;
  buildIntro();
  buildMore();
  showChips();
  toBottom();
}

function dress(message) {
  return bubble(message, state.channel, actions);
}

function onEvent(event) {
  if (event.type === "reset") return void openThread();
  if (event.type === "profile") return void load().then(() => { dressPhone(); buildIntro(); });
  const mine = who();
  if (event.user !== mine.user || event.channel !== mine.channel) return undefined;
  if (event.type === "typing") return showTyping(event.value.on);
  return showMessage(event.value);
}

function showMessage(message) {
  const isNew = !state.messages.has(message.id);
  state.messages.set(message.id, message);
  const node = dress(message);
  if (isNew) byId("talk").append(node);
  else keepFocus(byId("talk").querySelector(`[data-id="${CSS.escape(message.id)}"]`), node);
  if (!isNew) return;
  byId("intro").replaceChildren();
  if (message.side === "note") openThread();
  if (message.side === "citizen") look(message);
  showChips();
  toBottom();
}

function keepFocus(old, fresh) {
  if (!old) return;
  const place = [...old.querySelectorAll("button, a")].indexOf(document.activeElement);
  old.replaceWith(fresh);
  if (place >= 0) fresh.querySelectorAll("button, a")[place]?.focus();
}

function showTyping(isOn) {
  byId("typing").hidden = !isOn;
  if (isOn) toBottom();
}

function look(message) {
  const label = message.text || message.note || "Ảnh, vị trí hoặc nhãn dán";
  inspect(state.channel, message, label);
}

function toBottom() {
  const screen = byId("screen");
  screen.scrollTop = screen.scrollHeight;
}

function buildIntro() {
  const box = byId("intro");
  if (state.messages.size) return box.replaceChildren();
  const isZalo = state.channel === "zalo";
  const title = isZalo ? "Quan tâm" : "Bắt đầu";
  const follow = { kind: "follow", payload: state.started };
  const isOffered = isZalo || state.started;
  return box.replaceChildren(
    el("img", { src: "/sandbox/static/icon.svg", alt: "", width: 72, height: 72 }),
    el("h2", {}, state.accounts[state.channel]),
    el("p", {}, (!isZalo && state.greeting) || "Dạ, xin chào bà con. Bà con cần việc gì, xin cứ nhắn ạ."),
    isOffered ? el("button", { type: "button", class: "main", onclick: () => send(follow) }, title) : "",
    el("div", { class: "samples" }, ...SAMPLES.map((text) => el("button", {
      type: "button", onclick: () => { fill(text); } }, text))));
}

function showChips() {
  const last = [...state.messages.values()].filter((one) => one.side !== "note").at(-1);
  const chips = last && last.side !== "citizen" ? last.chips : [];
  const box = byId("chips");
  box.hidden = !chips.length;
  box.replaceChildren(...chips.map((one) => el("button", { type: "button",
    onclick: () => tap({ ...one, quick: true }) }, one.title)));
}

// --- what the citizen does --------------------------------------------------

async function attempt(work) {
  try {
    byId("notice").textContent = "";
    await work();
  } catch (error) {
    byId("notice").textContent = `Dạ, chưa gửi được: ${error.message}`;
  }
}

function send(act) {
  closeSheets();
  return attempt(() => post("send", { ...who(), ...act }));
}

function tap(one) {
  closeSheets();
  const act = { payload: one.payload, text: one.title, quick: Boolean(one.quick) };
  return attempt(() => post("tap", { ...who(), ...act }));
}

function fill(text) {
  byId("words").value = text;
  byId("words").focus();
  showGo();
}

function showGo() {
  const isLike = state.channel === "facebook" && !byId("words").value.trim();
  byId("go").classList.toggle("like", isLike);
  byId("go").setAttribute("aria-label", isLike ? "Thích" : "Gửi");
  const box = byId("words");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 110)}px`;
}

function say() {
  const box = byId("words");
  const text = box.value.trim();
  if (!text && state.channel === "facebook") return send(stickerAct(3, "like"));
  if (!text) return undefined;
  box.value = "";
  showGo();
  return send({ kind: "text", text });
}

function wireComposer() {
  byId("composer").addEventListener("submit", (event) => { event.preventDefault(); say(); });
  byId("words").addEventListener("input", showGo);
  byId("words").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    say();
  });
  byId("picture").addEventListener("click", () => byId("file").click());
  byId("file").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file) await attempt(() => upload(file, who()));
    event.target.value = "";
  });
  for (const one of document.getElementsByName("channel")) {
    one.addEventListener("change", () => pick(state.person.key, one.value));
  }
}

function stickerAct(number, kind = "sticker") {
  const url = `${location.origin}/sandbox/static/sticker-${number}.svg`;
  return { kind, url, name: kind === "like" ? LIKE_ID : String(number) };
}

function buildStickers() {
  const names = ["Trái tim", "Hoa sen", "Thích", "Vui cười", "Mặt trời", "Đã rõ"];
  byId("sticker-sheet").replaceChildren(...STICKERS.map((number, at) => el("button", {
    type: "button", "aria-label": names[at], onclick: () => send(stickerAct(number)) },
  el("img", { src: `/sandbox/static/sticker-${number}.svg`, alt: "", width: 56, height: 56 }))));
}

function buildPlaces() {
  byId("place-sheet").replaceChildren(...PLACES.map(([text, latitude, longitude]) => el("button", {
    type: "button", class: "line",
    onclick: () => send({ kind: "location", text, latitude, longitude }) },
  icon(PATHS.pin), el("span", {}, text))));
}

function buildMenu() {
  const isShown = state.channel === "facebook" && state.menu.length > 0;
  byId("menu").hidden = !isShown;
  byId("menu-sheet").replaceChildren(...state.menu.map((one) => button(one, actions)));
}

function buildMore() {
  const isZalo = state.channel === "zalo";
  const lines = [];
  if (state.isGone || isZalo) lines.push(act(isZalo ? "Quan tâm" : "Bỏ chặn trang",
    { kind: "follow", payload: state.started }));
  lines.push(act(isZalo ? "Bỏ quan tâm" : "Chặn trang", { kind: "unfollow" }));
  lines.push(act(isZalo ? "Bấm “Nhắn tin” ở trang giới thiệu" : "Mở từ đường dẫn m.me ở quầy số 1",
    { kind: "referral", payload: isZalo ? "" : "quay-1" }));
  if (!isZalo) lines.push(commentLine(), act("Gỡ bình luận mới nhất", { kind: "comment_removed" }));
  lines.push(staffLine());
  byId("more-sheet").replaceChildren(...lines);
}

function act(title, what) {
  return el("button", { type: "button", class: "line", onclick: () => send(what) }, el("span", {}, title));
}

function commentLine() {
  return el("button", { type: "button", class: "line", onclick: () => {
    const text = byId("words").value.trim() || "Đường thôn Đông tối quá, xã xem giúp bà con.";
    byId("words").value = "";
    send({ kind: "comment", text });
  } }, el("span", {}, "Bình luận dưới bài của trang"));
}

function staffLine() {
  return el("button", { type: "button", class: "line", onclick: () => {
    const text = byId("words").value.trim() || "Dạ, tôi là cán bộ trực, tôi xin trả lời bà con ngay ạ.";
    byId("words").value = "";
    send({ kind: "human_reply", text });
  } }, el("span", {}, "Cán bộ trả lời tay (từ hộp thư của trang)"));
}

start();
