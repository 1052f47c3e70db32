import { canonicalHeaderName } from "../http/headers.ts";

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

/** One for each variable, whatever names it has. */
export interface VariableSlot {
  /** Of which request the owner is. */
  turn: number;
  owner: HeaderVariable | undefined;
}

/** Clients choose the names, so what is kept of them has a bound; at it all is forgotten, for those who come to be served. */
const KEPT_NAMES = 1000;

/** Remembers what each header's name becomes: the same few names come with every request. */
export class HeaderVariables {
  readonly #isClassic: boolean;
  readonly #variables = new Map<string, HeaderVariable>();
  readonly #slots = new Map<string, VariableSlot>();

  constructor(isClassic: boolean) {
    this.#isClassic = isClassic;
  }

  of(name: string): HeaderVariable {
    return this.#variables.get(name) ?? this.#add(name);
  }

  #add(name: string): HeaderVariable {
    if (this.#variables.size >= KEPT_NAMES) {
      this.#variables.clear();
      this.#slots.clear();
    }
    const canonical = canonicalHeaderName(name);
    const prefix = `Http_${canonical.replaceAll("-", "_")}=`;
    const variable: HeaderVariable = {
      kind: this.#kindOf(canonical),
      prefix,
      hyphens: canonical.split("-").length,
      slot: this.#slotOf(prefix),
    };
    this.#variables.set(name, variable);
    return variable;
  }

  #slotOf(prefix: string): VariableSlot {
    const slot = this.#slots.get(prefix) ?? { turn: 0, owner: undefined };
    this.#slots.set(prefix, slot);
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
