/** A text with what is between `<!-- NAME -->` and `<!-- /NAME -->` replaced. */
export function replaceSection(text: string, name: string, section: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, rest] = split(text, begin);
  const [, after] = split(rest, end);
  return `${before}${begin}\n${section}\n${end}${after}`;
}

function split(text: string, marker: string): readonly [before: string, after: string] {
  const position = text.indexOf(marker);
  if (position < 0) throw new Error(`There is no ${marker}`);
  return [text.slice(0, position), text.slice(position + marker.length)];
}
