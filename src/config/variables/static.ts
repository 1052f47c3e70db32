import type { Variable } from "../variable.ts";

const common = { group: "Files", modes: ["static"] } as const;

/** What is served where no program is. */
export const STATIC_VARIABLES = {
  static_path: {
    ...common,
    kind: "text",
    origin: "of",
    default: "/home/app/public",
    text: "The folder whose files are served.",
  },
  static_spa: {
    ...common,
    kind: "boolean",
    origin: "breeze",
    default: "false",
    text: "Answers a page that is not there with `index.html` and 200, as a single-page application needs it.",
  },
  static_listing: {
    ...common,
    kind: "boolean",
    origin: "breeze",
    default: "false",
    text: "Lists what is in a folder that has no `index.html`; otherwise that is 404.",
  },
  static_cache_control: {
    ...common,
    kind: "header-value",
    origin: "breeze",
    default: "no-cache",
    text: "The `Cache-Control` of files. `no-cache`: kept, but asked for each time whether it has changed.",
  },
  static_immutable: {
    ...common,
    kind: "url-path",
    origin: "breeze",
    unset: "none",
    text: "How the paths of files begin that have a hash in their names, such as `/assets/`: they are kept for a year and not asked for again.",
  },
} as const satisfies Readonly<Record<string, Variable>>;
