// Compiles the translations (.po) to what Python reads (.mo), so that building needs no gettext tools.
import { readFile, writeFile } from "node:fs/promises";

/** @param {string} text the .po file @returns {[string, string][]} sorted pairs of key and translation */
function entries(text) {
  const found = [];
  for (const block of text.split(/\n\s*\n/)) {
    if (/^#,.*\bfuzzy\b/m.test(block)) continue;
    const fields = {};
    let field = "";
    for (const line of block.split("\n")) {
      const start = line.match(/^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)\s+(".*")$/);
      if (start) fields[(field = start[1])] = JSON.parse(start[2]);
      else if (line.startsWith('"')) fields[field] += JSON.parse(line);
    }
    if (fields.msgid === undefined) continue;
    const forms = Object.keys(fields).filter((name) => name.startsWith("msgstr")).map((name) => fields[name]);
    if (forms.some((form) => !form)) continue;
    const id = fields.msgid_plural === undefined ? fields.msgid : `${fields.msgid}\0${fields.msgid_plural}`;
    found.push([fields.msgctxt === undefined ? id : `${fields.msgctxt}\x04${id}`, forms.join("\0")]);
  }
  return found.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** @param {string} from the .po file @param {string} to the .mo file */
export async function compileMessages(from, to) {
  const pairs = entries(await readFile(from, "utf8"));
  const count = pairs.length;
  const strings = [...pairs.map(([key]) => key), ...pairs.map(([, value]) => value)].map((text) => Buffer.from(text));
  // Seven words of header, then the tables of lengths and places, then the strings, each ended by a zero byte.
  const tables = Buffer.alloc(28 + 16 * count);
  [0x950412de, 0, count, 28, 28 + 8 * count, 0, 28 + 16 * count].forEach((word, at) => tables.writeUInt32LE(word, at * 4));
  let place = tables.length;
  strings.forEach((text, at) => {
    tables.writeUInt32LE(text.length, 28 + at * 8);
    tables.writeUInt32LE(place, 32 + at * 8);
    place += text.length + 1;
  });
  await writeFile(to, Buffer.concat([tables, ...strings.flatMap((text) => [text, Buffer.from([0])])]));
}
