/** The claim `function` of a token. */
export interface Permissions {
  /** Patterns of the functions that its owner may invoke. */
  readonly permissions: readonly string[];
  /** Patterns of the functions that it was made for; none: for all of them. */
  readonly audience: readonly string[];
}

/** `undefined`: the claim has not the shape of one. A token without it has no permissions. */
export function parsePermissions(claim: unknown): Permissions | undefined {
  if (claim === undefined || claim === null) return NONE;
  if (typeof claim !== "object") return undefined;
  const { permissions, audience } = claim as Readonly<Record<string, unknown>>;
  const lists = { permissions: permissions ?? [], audience: audience ?? [] };
  return isTexts(lists.permissions) && isTexts(lists.audience)
    ? { permissions: lists.permissions, audience: lists.audience }
    : undefined;
}

const NONE: Permissions = { permissions: [], audience: [] };

function isTexts(list: unknown): list is readonly string[] {
  return Array.isArray(list) && list.every((text) => typeof text === "string");
}

/** Whether they are for the function that is called `reference`. */
export function permit({ permissions, audience }: Permissions, reference: string): boolean {
  const isMeant = (pattern: string) => matchesWhole(pattern, reference);
  return permissions.some(isMeant) && (audience.length === 0 || audience.some(isMeant));
}

/**
 * Whether a pattern means all of a text; each `*` in it stands for anything, nothing too. Theirs is content with a part of
 * the text, so that who may invoke `ns:f` may invoke `ns:fn` as well.
 */
export function matchesWhole(pattern: string, text: string): boolean {
  const [first = "", ...pieces] = pattern.split("*");
  const last = pieces.pop();
  if (last === undefined) return pattern === text;
  const end = text.length - last.length;
  if (!text.startsWith(first) || !text.endsWith(last) || first.length > end) return false;
  let position = first.length;
  for (const piece of pieces) {
    const found = text.indexOf(piece, position);
    position = found + piece.length;
    if (found < 0 || position > end) return false;
  }
  return true;
}
