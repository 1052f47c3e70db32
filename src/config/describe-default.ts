import { defaultText, MODES, type Mode, type Variable } from "./variable.ts";

/** What counts while the variable is unset, in Markdown: `` `0s`; `serializing`, `streaming`: `30s` ``. */
export function describeDefault(variable: Variable): string {
  const modesOfText = new Map<string, Mode[]>();
  for (const mode of modesOf(variable)) {
    const value = defaultText(variable, mode);
    const text = value === undefined ? (variable.unset ?? "") : `\`${value}\``;
    modesOfText.set(text, [...(modesOfText.get(text) ?? []), mode]);
  }
  const [[first = ""] = [], ...others] = [...modesOfText];
  return [first, ...others.map(([text, modes]) => `${code(modes)}: ${text}`)].join("; ");
}

/** The modes of this version that use a variable. */
function modesOf(variable: Variable): readonly Mode[] {
  return MODES.filter((mode) => variable.modes?.includes(mode) ?? true);
}

/** What the text leaves out: that not all modes use it. */
export function describeModes(variable: Variable): string {
  const modes = modesOf(variable);
  const others = MODES.filter((mode) => !modes.includes(mode));
  if (others.length === 0) return "";
  return others.length < modes.length ? ` Not in ${code(others)}.` : ` Only in ${code(modes)}.`;
}

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
