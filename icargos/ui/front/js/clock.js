// "updated 12 s ago" beside the live dot; marks older than a minute count minutes.
import { say } from "./store.js";

let since = Date.now();
let streaming = false;

/** The page's figures are fresh as of now. @param {boolean} [live] */
export function fresh(live = streaming) {
  since = Date.now();
  streaming = live;
  tick();
}

function tick() {
  const seconds = Math.round((Date.now() - since) / 1000);
  for (const mark of document.querySelectorAll("[data-live-mark]")) {
    mark.classList.toggle("is-stale", !streaming);
    mark.textContent = say(streaming ? "sayLive" : "sayStale", seconds);
  }
}
setInterval(tick, 5000);
// A part that asks for itself again is fresh when its answer is in.
document.addEventListener("htmx:after:swap", (event) => {
  if (event.target.matches?.("[data-poll]")) fresh();
});
