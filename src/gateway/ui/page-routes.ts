import { readFileSync } from "node:fs";
import { join } from "node:path";
import { redirect } from "../../http/direct-answer.ts";
import { mediaTypeOf } from "../../http/media-types.ts";
import { defineRoute, type Route } from "../api/route.ts";

const BEGINNING = "index.html";

/** All there are: what is below `/ui/` and not here is not there. */
const PAGE_FILES = [
  BEGINNING,
  "style.css",
  "function.css",
  "icon.svg",
  "main.js",
  "gateway.js",
  "element.js",
  "function-list.js",
  "function-detail.js",
  "invocation.js",
  "answer.js",
];

/** The rows of the page for people. Its files, which are all in one folder, are read now. Throws where one is not there. */
export function pageRoutes(folder: string): readonly Route[] {
  return [toBeginning, ...PAGE_FILES.map((name) => toRow(folder, name))];
}

const toBeginning = defineRoute({
  method: "GET",
  path: "/ui",
  scope: "open",
  summary: "Leads to the page for people",
  success: { status: 307, description: "To /ui/", type: "text/html; charset=utf-8" },
  failures: [],
  answer: () => redirect("/ui/", "GET"),
});

function toRow(folder: string, name: string): Route {
  const body = readFileSync(join(folder, name), "utf8");
  const type = mediaTypeOf(name)?.name as string;
  return defineRoute({
    method: "GET",
    path: name === BEGINNING ? "/ui/" : `/ui/${name}`,
    scope: "read",
    summary: `The page for people: ${name}`,
    success: { status: 200, description: "As it is", type },
    failures: [],
    answer: () => ({ status: 200, headers: ["Content-Type", type, ...GUARDS], body }),
  });
}

/**
 * The page shows what functions and whoever deploys them say, beside the right to manage all of them: whatever gets into it is no
 * script, loads nothing from elsewhere, and nobody has it in a frame to be clicked at.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const GUARDS = [
  ...["Content-Security-Policy", POLICY],
  ...["X-Content-Type-Options", "nosniff"],
  ...["Referrer-Policy", "no-referrer"],
  ...["Cross-Origin-Opener-Policy", "same-origin"],
  ...["Cross-Origin-Resource-Policy", "same-origin"],
  // Of another version after the next start.
  ...["Cache-Control", "no-cache"],
];
