// A preference of this browser, readable by the server: never anything personal.
/** @param {string} name @param {string} value */
export function keep(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
}

/** A sentence of the page, from the body's data attributes. @param {string} key @param {number|string} [n] */
export function say(key, n = "") {
  return (document.body.dataset[key] ?? "").replace("{n}", String(n));
}
