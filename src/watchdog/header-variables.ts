import { canonicalHeaderName } from "../http/headers.ts";

export const HEADER_PREFIX = "Http_";

/** What a header becomes. */
export interface HeaderVariable {
  /**
   * `pass`: the variable. `skip`: nothing, for what it says has a variable of its own. `proxy`: nothing, ever, since
   * programs take `Http_Proxy` for their proxy. `reserved`: nothing, for it would pose as a variable that is not a header's.
   */
  readonly kind: "pass" | "skip" | "proxy" | "reserved";
  /** `Http_NAME=`. */
  readonly prefix: string;
  /** A variable that two names give belongs to the one written with more hyphens. */
  readonly hyphens: number;
  readonly slot: VariableSlot;
}

/** One for each variable of a request, whatever names it has. */
export interface VariableSlot {
  /** Of which request the rest is. */
  turn: number;
  /** Which of its variables this is. */
  index: number;
  /** Of the name that has it. */
  hyphens: number;
}

/**
 * Clients choose the names, so what is kept of them has a bound, in number and in length. At it all is forgotten for those
 * who come to be served, but between two requests only: within one a slot must stay what it is.
 */
const KEPT_NAMES = 1000;
const LONGEST_KEPT_NAME = 64;

/** Remembers what each header's name becomes: the same few names come with every request. */
export class HeaderVariables {
  readonly #isClassic: boolean;
  readonly #kept = new Map<string, HeaderVariable>();
  readonly #keptSlots = new Map<string, VariableSlot>();
  /** Of names that are not kept, in this request. */
  #passingSlots: Map<string, VariableSlot> | undefined;
  #turn = 0;

  constructor(isClassic: boolean) {
    this.#isClassic = isClassic;
  }

  /** A new request. Its slots carry this number. */
  begin(): number {
    this.#passingSlots = undefined;
    if (this.#kept.size >= KEPT_NAMES) {
      this.#kept.clear();
      this.#keptSlots.clear();
    }
    return ++this.#turn;
  }

  of(name: string): HeaderVariable {
    return this.#kept.get(name) ?? this.#make(name);
  }

  #make(name: string): HeaderVariable {
    const canonical = canonicalHeaderName(name);
    const prefix = `${HEADER_PREFIX}${canonical.replaceAll("-", "_")}=`;
    const isKept = name.length <= LONGEST_KEPT_NAME && this.#kept.size < KEPT_NAMES;
    const variable: HeaderVariable = {
      kind: this.#kindOf(canonical),
      prefix,
      hyphens: canonical.split("-").length,
      slot: this.#slotOf(prefix, isKept),
    };
    if (isKept) this.#kept.set(name, variable);
    return variable;
  }

  #slotOf(prefix: string, isKept: boolean): VariableSlot {
    const known = this.#keptSlots.get(prefix) ?? this.#passingSlots?.get(prefix);
    if (known !== undefined) return known;
    const slot: VariableSlot = { turn: 0, index: 0, hyphens: 0 };
    if (!isKept) this.#passingSlots ??= new Map();
    (isKept ? this.#keptSlots : (this.#passingSlots as Map<string, VariableSlot>)).set(
      prefix,
      slot,
    );
    return slot;
  }

  #kindOf(canonical: string): HeaderVariable["kind"] {
    switch (canonical) {
      case "Proxy":
        return "proxy";
      case "Path":
      case "Query":
      case "Method":
        return "reserved";
      case "Host":
      case "Transfer-Encoding":
      case "Trailer":
        return "skip";
      case "Content-Length":
        return this.#isClassic ? "skip" : "pass";
      default:
        return "pass";
    }
  }
}
