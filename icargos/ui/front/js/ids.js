// Ids that this browser makes for what it sends, so that the server knows a second sending from a second event.

/** @returns {string} 36 characters, never made before */
export function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // An address without TLS has no randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
