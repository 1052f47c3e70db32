/** The content codings that a file may lie beside itself in. */
export type Coding = "br" | "zstd" | "gzip";

/** The smallest first: of several that a client likes as much, it is taken. */
const CODINGS: readonly Coding[] = ["br", "zstd", "gzip"];

const NONE: readonly Coding[] = [];
let lastHeader = "";
let lastCodings = NONE;

/** The codings that an `Accept-Encoding` prefers to none, best first (RFC 9110, 12.5.3). */
export function acceptedCodings(header: string | undefined): readonly Coding[] {
  if (header === undefined) return NONE;
  // A browser says the same each time.
  if (header !== lastHeader) {
    lastCodings = parseAcceptEncoding(header);
    lastHeader = header;
  }
  return lastCodings;
}

function parseAcceptEncoding(header: string): readonly Coding[] {
  const weights = new Map(header.split(",").map(parseWeighted));
  const wildcard = weights.get("*") ?? 0;
  const weightOf = (coding: Coding) =>
    weights.get(coding) ?? (coding === "gzip" ? weights.get("x-gzip") : undefined) ?? wildcard;
  const plain = weights.get("identity") ?? 0;
  return CODINGS.filter((coding) => weightOf(coding) > 0 && weightOf(coding) >= plain).toSorted(
    (one, other) => weightOf(other) - weightOf(one),
  );
}

/** `gzip;q=0.5`. A weight that is none rules out what it belongs to. */
function parseWeighted(text: string): [name: string, weight: number] {
  const [name = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
  return [name, /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight) ? Number(weight) : 0];
}
