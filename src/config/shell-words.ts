/**
 * Splits at blanks as a POSIX shell does, with its quotes and backslashes and nothing else: `$`, `*`, `~`, `#`, `|` and `;`
 * are characters like others. `undefined`: a quote that is not closed, or a backslash with nothing behind it.
 */
export function parseShellWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let position = 0;
  while (position < text.length) {
    BLANKS.lastIndex = position;
    position = BLANKS.exec(text) === null ? position : BLANKS.lastIndex;
    if (position === text.length) break;
    let word = "";
    while (position < text.length && !isBlank(text, position)) {
      PIECE.lastIndex = position;
      const match = PIECE.exec(text);
      if (match === null) return undefined;
      word += unquote(match);
      position = PIECE.lastIndex;
    }
    words.push(word);
  }
  return words;
}

/** Between words; lines that a backslash joins are one. */
const BLANKS = /(?:[ \t\n]|\\\n)+/y;
/** A piece in single quotes, in double quotes, behind a backslash, or plain. */
const PIECE = /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^ \t\n'"\\]+)/y;

function isBlank(text: string, position: number): boolean {
  return " \t\n".includes(text.charAt(position));
}

function unquote([, single, double, escaped, plain]: RegExpExecArray): string {
  if (double !== undefined)
    return double.replace(/\\([$`"\\\n])/g, (_, character: string) => joined(character));
  return single ?? plain ?? joined(escaped ?? "");
}

/** What a backslash leaves of the character behind it: the end of a line vanishes, so that two lines are one. */
function joined(character: string): string {
  return character === "\n" ? "" : character;
}
