// Live pages. One tab of the browser holds the stream and tells the others; where the stream cannot be reached, every
// 15 s is good enough. A message says only "something changed": the page fetches what it shows, so that the stream
// carries no data and needs no rights of its own.
import htmx from "htmx.org";
import { fresh } from "./clock.js";

const POLL_MS = 15_000;
const RETRY_MS = 45_000;
const ticket = document.body.dataset.liveUrl;
const channel = new BroadcastChannel("icargos-live");
const PACE_MS = 1000;
let due = 0;
let asked = -PACE_MS;
let streaming = false;

function refresh(live) {
  // The first change is shown soon, spread so that a thousand open pages do not ask at once; changes that keep coming
  // share one refresh a second. A timer that runs is never set anew, or a stream of changes would put it off for ever.
  streaming = live;
  if (due) return;
  const pause = asked + PACE_MS - performance.now();
  due = setTimeout(() => {
    due = 0;
    asked = performance.now();
    for (const part of document.querySelectorAll("[data-live]")) htmx.trigger(part, "refresh");
    fresh(streaming);
  }, Math.max(20 + Math.random() * 160, pause));
}

/** Listen until the stream ends; resolves then. */
async function stream() {
  const answer = await fetch(ticket, { headers: { Accept: "application/json" } });
  // Somebody who has signed out meanwhile is sent to the sign-in, which answers well and holds no address.
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  const { url } = await answer.json();
  await new Promise((resolve) => {
    const source = new EventSource(url);
    const spread = () => { channel.postMessage(true); refresh(true); };
    source.onopen = () => fresh(true);
    source.onmessage = spread;
    // The ticket is short-lived: the browser's own reconnect would bring an old one.
    source.onerror = () => { source.close(); resolve(); };
  });
}

async function lead() {
  for (;;) {
    const began = Date.now();
    try {
      await stream();
    } catch {
      // Refused or out of reach: the polls below go on.
    }
    fresh(false);
    if (Date.now() - began < RETRY_MS) {
      for (let at = 0; at < RETRY_MS; at += POLL_MS) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        if (document.visibilityState === "visible") refresh(false);
        channel.postMessage(false);
      }
    }
  }
}

if (ticket && document.querySelector("[data-live]")) {
  channel.onmessage = (event) => refresh(event.data);
  if (navigator.locks) navigator.locks.request("icargos-live", lead);
  else lead();
}
