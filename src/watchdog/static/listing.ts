import type { Dirent } from "node:fs";

/** A page of links to what is in a folder; text is bytes, one character each. What is never served is not in it. */
export function formatListing(entries: readonly Dirent[]): string {
  const lines = entries
    .filter((entry) => !entry.name.startsWith(".") && !isNeverServed(entry))
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .toSorted(byBytes)
    .map((name) => `<a href="${toReference(name)}">${escapeHtml(name)}</a>\n`);
  return `<!doctype html>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<pre>\n${lines.join("")}</pre>\n`;
}

function isNeverServed(entry: Dirent): boolean {
  return entry.isFIFO() || entry.isSocket() || entry.isCharacterDevice() || entry.isBlockDevice();
}

const byBytes = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

/** Relative, so that it holds behind a gateway that takes a part of the path away; `./` keeps a colon from being a scheme's. */
export function toReference(name: string): string {
  const escaped = name.replace(
    /[^\w\-.~!$()*,;=:@/]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
  return name.includes(":") ? `./${escaped}` : escaped;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&#34;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
