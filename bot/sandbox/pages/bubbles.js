// How does one message look on Zalo and on Messenger?

import { PATHS, bytes, el, hour, icon } from "/sandbox/static/dom.js";

const STATES = {
  sending: "Đang gửi",
  sent: "Đã gửi",
  delivered: "Đã nhận",
  seen: "Đã xem",
  failed: "Chưa tới được trang",
};

export function bubble(message, look, actions) {
  if (message.side === "note") return note(message.note);
  const isMine = message.side === "citizen";
  const item = el("li", {
    class: `row ${isMine ? "mine" : "theirs"} ${message.side}`,
    "data-id": message.id,
    "data-state": message.state,
  });
  const stack = el("div", { class: "stack" });
  if (message.side === "human") stack.append(el("span", { class: "by" }, "Cán bộ trả lời"));
  stack.append(...parts(message, look, actions));
  if (isMine) stack.append(receipt(message, actions));
  if (!isMine) item.append(face());
  item.append(stack);
  return item;
}

function note(text) {
  return el("li", { class: "row note" }, el("span", {}, text));
}

function face() {
  return el("img", {
    class: "face", src: "/sandbox/static/icon.svg", alt: "", width: 28, height: 28,
  });
}

function parts(message, look, actions) {
  const found = [];
  if (message.sticker) found.push(sticker(message.sticker));
  for (const url of message.pictures) found.push(picture(url));
  for (const url of message.links) found.push(elsewhere(url));
  for (const file of message.files) found.push(fileCard(file));
  if (message.place) found.push(placeCard(message.place));
  if (message.text || message.buttons.length) found.push(card(message, look, actions));
  return found;
}

function card(message, look, actions) {
  const box = el("div", { class: `bubble${message.buttons.length ? " card" : ""}` });
  if (message.text) box.append(el("p", { class: "words" }, message.text));
  if (look === "zalo") {
    box.append(el("time", { class: "at" }, hour(message.at_ms)));
  }
  if (message.buttons.length) {
    const list = el("div", { class: "buttons", role: "group", "aria-label": "Các nút" });
    list.append(...message.buttons.map((one) => button(one, actions)));
    box.append(list);
  }
  return box;
}

export function button(one, actions) {
  if (one.url) return outward(one.title, one.url, PATHS.link);
  if (one.phone) return outward(one.title, `tel:${one.phone}`, PATHS.phone);
  return el("button", { type: "button", class: "choice", onclick: () => actions.tap(one) },
    el("span", {}, one.title));
}

function outward(title, url, path) {
  if (!/^(https?:|tel:)/i.test(url)) return el("span", { class: "choice" }, title);
  return el("a", { class: "choice", href: url, target: "_blank", rel: "noopener noreferrer" },
    el("span", {}, title), icon(path));
}

function sticker(url) {
  if (!url.startsWith("/sandbox/")) return el("div", { class: "bubble" }, "Nhãn dán");
  return el("img", { class: "sticker", src: url, alt: "Nhãn dán", width: 96, height: 96 });
}

function picture(url) {
  const image = el("img", { src: url, alt: "Ảnh", loading: "lazy" });
  return el("a", { class: "picture", href: url, target: "_blank", rel: "noopener" }, image);
}

function elsewhere(url) {
  const own = new URL(url, location.href).origin === location.origin;
  if (own) return picture(url);
  const host = new URL(url, location.href).host;
  return el("a", { class: "bubble file", href: url, target: "_blank", rel: "noopener noreferrer" },
    icon(PATHS.link), el("span", {}, `Mở ảnh hoặc tệp tại ${host}`));
}

function fileCard(file) {
  return el("a", { class: "bubble file", href: file.url, download: file.name },
    icon(PATHS.file),
    el("span", {}, file.name || "Tệp", el("small", {}, bytes(file.size))));
}

function placeCard(place) {
  return el("div", { class: "bubble place" },
    el("span", { class: "map", "aria-hidden": "true" }, icon(PATHS.pin)),
    el("span", { class: "where" }, place.label || "Vị trí của tôi",
      el("small", {}, `${place.latitude}, ${place.longitude}`)));
}

function receipt(message, actions) {
  const isFailed = message.state === "failed";
  const path = isFailed ? PATHS.alert : message.state === "seen" || message.state === "delivered"
    ? PATHS.ticks : PATHS.tick;
  const label = `${STATES[message.state] || ""}`;
  return el("button", {
    type: "button",
    class: `receipt ${message.state}`,
    "aria-label": `${label}. Xem từng bước của tin này`,
    onclick: () => actions.inspect(message),
  }, icon(path), el("span", {}, label));
}
