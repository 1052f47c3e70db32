import { VARIABLE_LIMIT_BYTES } from "./argument-limits.ts";

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

  /** `name` with its prefix is shorter than a variable may be. */
  of(name: string): HeaderVariable {
    return this.#kept.get(name) ?? this.#make(name);
  }

  #make(name: string): HeaderVariable {
    const hyphens = spell(name);
    const prefix = spelled.toString("latin1", 0, HEADER_PREFIX.length + name.length + 1);
    const isKept = name.length <= LONGEST_KEPT_NAME && this.#kept.size < KEPT_NAMES;
    const variable: HeaderVariable = {
      kind: this.#kindOf(prefix),
      prefix,
      hyphens,
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

  /** A name with `_` where these have `-` is another: behind `_` it goes on with a small letter. */
  #kindOf(prefix: string): HeaderVariable["kind"] {
    switch (prefix) {
      case "Http_Proxy=":
        return "proxy";
      case "Http_Path=":
      case "Http_Query=":
      case "Http_Method=":
        return "reserved";
      case "Http_Host=":
      case "Http_Transfer_Encoding=":
      case "Http_Trailer=":
        return "skip";
      case "Http_Content_Length=":
        return this.#isClassic ? "skip" : "pass";
      default:
        return "pass";
    }
  }
}

/** A variable's name is spelled here, byte by byte: clients may send a crowd of names, or one of a hundred thousand hyphens. */
const spelled = Buffer.alloc(VARIABLE_LIMIT_BYTES);
spelled.write(HEADER_PREFIX, "latin1");

const HYPHEN = "-".charCodeAt(0);
const EQUALS_SIGN = "=".charCodeAt(0);
const SMALL = toTable((character) => character.toLowerCase());
const CAPITAL = toTable((character) => character.toUpperCase());

/** As Go spells names of headers, with `_` for `-`. Returns how many hyphens there were. */
function spell(name: string): number {
  let hyphens = 0;
  let table = CAPITAL;
  let end = HEADER_PREFIX.length;
  for (let index = 0; index < name.length; index++) {
    const byte = name.charCodeAt(index);
    spelled[end++] = table[byte] as number;
    table = byte === HYPHEN ? CAPITAL : SMALL;
    if (byte === HYPHEN) hyphens++;
  }
  spelled[end] = EQUALS_SIGN;
  return hyphens;
}

/** Of the characters that a header's name may have. */
function toTable(spellOne: (character: string) => string): Uint8Array {
  const table = new Uint8Array(128);
  for (let byte = 0; byte < table.length; byte++) {
    table[byte] = spellOne(String.fromCharCode(byte)).charCodeAt(0);
  }
  table[HYPHEN] = "_".charCodeAt(0);
  return table;
}
