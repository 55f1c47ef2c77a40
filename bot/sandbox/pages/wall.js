// What stands for everybody to read?

import { get, listen } from "./api.js";
import { byId, el, hour } from "./dom.js";

function day(ms) {
  return new Intl.DateTimeFormat("vi-VN", { timeZone: "Asia/Ho_Chi_Minh" }).format(new Date(ms));
}

function stamp(ms) {
  return `${day(ms)} ${hour(ms)}`;
}

function fill(id, cards, nothing) {
  byId(id).replaceChildren(...(cards.length ? cards : [el("li", {}, nothing)]));
}

function post(one) {
  return el("li", {}, el("p", {}, one.text), el("p", { class: "fine" }, `Đăng ${stamp(one.at_ms)}`));
}

function article(one) {
  const sent = one.sent_ms.length
    ? `Đã gửi tới người quan tâm: ${one.sent_ms.map(stamp).join(", ")}`
    : "Chưa gửi tới người quan tâm";
  return el("li", {}, el("h3", {}, one.title), el("p", {}, one.text), el("p", { class: "fine" }, sent));
}

async function show() {
  const wall = await get("wall");
  fill("posts", wall.posts.map(post), "Chưa có bài nào.");
  fill("articles", wall.articles.map(article), "Chưa có bài viết nào.");
}

listen((event) => {
  if (event.type === "wall" || event.type === "reset") show();
}, show);
show();
