// What did the service do with a message, and what may go wrong today?

import { get, post } from "/sandbox/static/api.js";
import { byId, el, moment } from "/sandbox/static/dom.js";
import { KEYS, VALUES } from "/sandbox/static/words.js";

const STEPS = [
  ["received", "Đã nhận", "Dịch vụ cất tin vào sổ trước, rồi mới báo nền tảng là đã nhận."],
  ["understood", "Đã hiểu", "Đọc xem bà con cần việc gì, thủ tục nào."],
  ["decided", "Đã quyết định", "Trả lời, hỏi lại, chuyển nơi khác hay mời cán bộ."],
  ["sent", "Đã gửi trả lời", "Nền tảng đã nhận câu trả lời."],
  ["evidenced", "Đã lưu bằng chứng", "Ghi vào nhật ký không sửa được."],
];
const PATIENCE = 60;
const BEAT = 500;

let watched = null;

export function inspect(channel, message, label) {
  watched = { channel, id: message.id, label, left: PATIENCE };
  draw({ steps: [], message, has_trace: true });
  ask(watched);
}

export function forget() {
  watched = null;
  byId("steps").replaceChildren(empty());
}

function empty() {
  return el("p", { class: "fine" },
    "Nhắn một tin, rồi xem tin ấy đi qua năm bước ở đây.");
}

async function ask(mine) {
  if (mine !== watched) return;
  try {
    const found = await get("trace", { channel: mine.channel, message_id: mine.id });
    if (mine !== watched) return;
    draw(found);
    const names = new Set(found.steps.map((one) => one.step));
    if (!found.has_trace || names.size >= STEPS.length) mine.left = Math.min(mine.left, 4);
  } catch {
    mine.left -= 5;
  }
  mine.left -= 1;
  if (mine.left > 0) setTimeout(() => ask(mine), BEAT);
}

function draw(found) {
  const box = byId("steps");
  const parts = [el("blockquote", {}, watched ? watched.label : "")];
  parts.push(platformFacts(found.message));
  if (found.has_trace) parts.push(ladder(found.steps));
  else parts.push(el("p", { class: "fine" },
    "Ở chế độ này chỉ thấy phía nền tảng; năm bước có khi chạy lệnh demo."));
  box.replaceChildren(...parts);
}

function platformFacts(message) {
  const list = el("ul", { class: "tries" });
  for (const one of message ? message.attempts : []) {
    const ok = one.status === 200;
    const result = one.status ? `HTTP ${one.status}` : one.error;
    list.append(el("li", { class: ok ? "good" : "bad" },
      `Nền tảng gửi lần ${one.number + 1}: ${result} sau ${one.ms} ms`));
  }
  return list;
}

function ladder(steps) {
  const list = el("ol", { class: "ladder" });
  for (const [key, title, about] of STEPS) {
    const mine = steps.filter((one) => one.step === key);
    const item = el("li", { class: mine.length ? "done" : "waiting" },
      el("span", { class: "dot", "aria-hidden": "true" }),
      el("h3", {}, title, el("span", { class: "only-read" }, mine.length ? " (xong)" : " (đang chờ)")));
    if (!mine.length) item.append(el("p", { class: "fine" }, about));
    for (const one of mine) item.append(facts(one));
    list.append(item);
  }
  return list;
}

function facts(step) {
  const list = el("dl", { class: "facts" });
  const at = moment(step.at);
  if (at) list.append(el("dt", {}, "Lúc"), el("dd", {}, at));
  for (const [key, value] of Object.entries(step.data || {})) {
    if (value === null || value === "") continue;
    list.append(el("dt", {}, KEYS[key] || key), el("dd", {}, said(value)));
  }
  return list;
}

function said(value) {
  if (value === true) return "có";
  if (value === false) return "không";
  if (Array.isArray(value)) return value.map(said).join(", ") || "không";
  if (value && typeof value === "object") {
    return Object.values(value).map(said).join(" · ");
  }
  if (Object.hasOwn(VALUES, value)) return VALUES[value];
  return typeof value === "number" && !Number.isInteger(value) ? value.toFixed(2) : String(value);
}

const FAULTS = [
  ["duplicates", "Tin đến hai lần", "Nền tảng gửi lặp cùng một sự kiện."],
  ["reorder", "Tin đến lộn xộn", "Tin sau tới trước tin trước."],
  ["slow", "Trả lời chậm", "Nền tảng nhận tin nhưng 3 giây sau mới đáp."],
  ["rate_limit", "Quá nhiều lời gọi", "Zalo báo -32, Facebook báo 429."],
  ["server_error", "Máy chủ nền tảng lỗi", "Đáp 500 hoặc 503, tin không được nhận."],
  ["accept_then_drop", "Nhận rồi đứt kết nối", "Tin đã tới bà con, nhưng dịch vụ không biết."],
  ["expired_token", "Hết hạn truy cập", "Zalo: mã hiện tại bị hủy; Facebook: lỗi 190."],
];
const MODES = [
  ["always", "luôn luôn", { on: true }],
  ["once", "1 lần tới", { next_calls: 1 }],
  ["thrice", "3 lần tới", { next_calls: 3 }],
  ["chance", "ngẫu nhiên 30 %", { probability: 0.3 }],
];

export function buildFaults() {
  byId("faults").replaceChildren(...FAULTS.map(faultRow));
}

function faultRow([key, title, about]) {
  const when = el("select", { id: `when-${key}`, "aria-label": `${title}: khi nào` },
    ...MODES.map(([value, label]) => el("option", { value }, label)));
  const toggle = el("input", { type: "checkbox", role: "switch", id: `fault-${key}`,
    "aria-describedby": `about-${key}` });
  const apply = () => setFault(key, toggle.checked, when.value);
  toggle.addEventListener("change", apply);
  when.addEventListener("change", () => { if (toggle.checked) apply(); });
  return el("div", { class: "fault" },
    el("label", { class: "switch", for: `fault-${key}` }, toggle, el("span", { class: "track", "aria-hidden": "true" }),
      el("span", { class: "name" }, title)),
    el("p", { class: "fine", id: `about-${key}` }, about),
    when);
}

async function setFault(key, isOn, mode) {
  const rule = isOn ? MODES.find(([value]) => value === mode)[2] : {};
  showFaults(await post("faults", { [key]: rule }));
}

export async function refreshFaults() {
  if (byId("pane-faults").hidden) return;
  showFaults(await get("faults"));
  showStats(await get("stats"));
}

function showFaults(weather) {
  for (const [key] of FAULTS) {
    const rule = weather.faults[key];
    const isOn = rule.on || rule.next_calls > 0 || rule.probability > 0;
    byId(`fault-${key}`).checked = isOn;
    if (isOn) byId(`when-${key}`).value = modeOf(rule);
  }
}

function modeOf(rule) {
  if (rule.on) return "always";
  if (rule.probability > 0) return "chance";
  return rule.next_calls > 1 ? "thrice" : "once";
}

const COUNTS = [
  ["zalo.accepted", "Tin Zalo đã nhận"],
  ["facebook.accepted", "Tin Messenger đã nhận"],
  ["zalo.webhook_ok", "Sự kiện Zalo tới nơi"],
  ["zalo.webhook_failed", "Sự kiện Zalo chưa tới"],
  ["facebook.webhook_ok", "Sự kiện Facebook tới nơi"],
  ["facebook.webhook_failed", "Sự kiện Facebook chưa tới"],
];

function showStats(stats) {
  const list = byId("stats");
  list.replaceChildren();
  for (const [key, label] of COUNTS) {
    list.append(el("dt", {}, label), el("dd", {}, String(stats.counts[key] || 0)));
  }
  list.append(el("dt", {}, "Lần đổi mã truy cập Zalo"), el("dd", {}, String(stats.token_refreshes)));
  if (stats.disabled.length) list.append(...resubscribe(stats.disabled));
}

function resubscribe(names) {
  const again = el("button", { type: "button", class: "ghost", onclick: async () => {
    await post("webhooks");
    await refreshFaults();
  } }, "Bật lại webhook");
  return [el("dt", {}, `Đã bị nền tảng ngắt: ${names.join(", ")}`), el("dd", {}, again)];
}
