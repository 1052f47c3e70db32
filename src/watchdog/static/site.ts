import type { StaticConfig } from "../../config/read-static.ts";
import { acceptedCodings, type Coding } from "../../http/content-coding.ts";
import type { RequestHead } from "../../http/request-head.ts";
import { toFileName } from "./file-name.ts";
import { Files, type FoundFile, type OpenedFile } from "./files.ts";
import { formatListing, toReference } from "./listing.ts";
import { missing, Root } from "./root.ts";

/** What there is for a request. */
export type Finding =
  | FoundFile
  /** The page that stands in for one that is not there. */
  | { readonly kind: "fallback"; readonly file: FoundFile }
  | { readonly kind: "redirect"; readonly reference: string }
  | { readonly kind: "listing"; readonly page: string }
  | { readonly kind: "failure"; readonly error: NodeJS.ErrnoException };

/** What a request says of what it wants. */
export interface Wish {
  readonly head: RequestHead;
  readonly accept: string | undefined;
  readonly acceptEncoding: string | undefined;
}

const INDEX = "index.html";

/** A folder, as a site: which file is meant by which path. */
export class Site {
  readonly #config: StaticConfig;
  readonly #root: Root;
  readonly #files: Files;

  constructor(config: StaticConfig) {
    this.#config = config;
    this.#root = new Root(config.path);
    this.#files = new Files(this.#root, config);
  }

  /** Calls back once, and at once where the file is in memory. */
  find(wish: Wish, receive: (finding: Finding) => void): void {
    const codings = acceptedCodings(wish.acceptEncoding);
    const located = this.#locate(wish, codings);
    if (located.kind === "opened") {
      this.#files.load(located, (result) => receive(toFinding(result)));
    } else if (isMissing(located) && this.#isForApplication(wish)) {
      this.#findFallback(codings, receive);
    } else {
      receive(located);
    }
  }

  #locate({ head }: Wish, codings: readonly Coding[]): Finding | OpenedFile {
    const name = toFileName(head);
    if (name === undefined) return { kind: "failure", error: missing() };
    if (name === INDEX || name.endsWith(`/${INDEX}`)) return { kind: "redirect", reference: "./" };
    if (name !== "" && !name.endsWith("/")) return this.#open(name, codings);
    const index = this.#open(name + INDEX, codings);
    return isMissing(index) && this.#config.listing ? this.#list(name) : index;
  }

  #open(name: string, codings: readonly Coding[]): Finding | OpenedFile {
    try {
      const located = this.#files.recall(name, codings) ?? this.#files.open(name, codings);
      if (located.kind !== "folder") return located;
      const folder = name.slice(name.lastIndexOf("/") + 1);
      return { kind: "redirect", reference: toReference(`${folder}/`) };
    } catch (error) {
      return { kind: "failure", error: error as NodeJS.ErrnoException };
    }
  }

  #list(name: string): Finding {
    try {
      using folder = this.#root.pin(name);
      return { kind: "listing", page: formatListing(folder.entries()) };
    } catch (error) {
      return { kind: "failure", error: error as NodeJS.ErrnoException };
    }
  }

  #findFallback(codings: readonly Coding[], receive: (finding: Finding) => void): void {
    const located = this.#open(INDEX, codings);
    if (located.kind === "opened") {
      this.#files.load(located, (result) => receive(toFallback(toFinding(result))));
    } else {
      receive(toFallback(located));
    }
  }

  /** A page of an application that finds its way by itself; what a page would load, or what is hidden, is none. */
  #isForApplication({ head, accept = "*/*" }: Wish): boolean {
    const name = toFileName(head);
    if (!this.#config.spa || name === undefined) return false;
    if (/text\/html/i.test(accept)) return true;
    return accept.includes("*/*") && !name.slice(name.lastIndexOf("/") + 1).includes(".");
  }
}

function toFinding(result: FoundFile | Error): Finding {
  return result instanceof Error ? { kind: "failure", error: result } : result;
}

function toFallback(finding: Finding): Finding {
  return finding.kind === "file" ? { kind: "fallback", file: finding } : finding;
}

const MISSING: readonly unknown[] = ["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ELOOP"];

export function isMissing(located: Finding | OpenedFile): boolean {
  return located.kind === "failure" && MISSING.includes(located.error.code);
}
