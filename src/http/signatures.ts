export interface Signature {
  /**
   * `exact`: the bytes themselves. `masked`: a NUL stands for any byte. `tag`: an HTML tag behind whitespace, in any case.
   * `behindWhitespace`: the bytes behind whitespace. `mp4`: a rule of its own.
   */
  readonly kind: "exact" | "masked" | "tag" | "behindWhitespace" | "mp4";
  /** One character is one byte. */
  readonly pattern: string;
  readonly type: string;
}

const exact = (type: string, ...patterns: string[]) =>
  patterns.map((pattern) => ({ kind: "exact" as const, pattern, type }));
const masked = (type: string, pattern: string) => [{ kind: "masked" as const, pattern, type }];
const tags = (...patterns: string[]) =>
  patterns.map((pattern) => ({ kind: "tag" as const, pattern, type: "text/html; charset=utf-8" }));

const TAGS = [
  "<!DOCTYPE HTML",
  "<HTML",
  "<HEAD",
  "<SCRIPT",
  "<IFRAME",
  "<H1",
  "<DIV",
  "<FONT",
  "<TABLE",
  "<A",
  "<STYLE",
  "<TITLE",
  "<B",
  "<BODY",
  "<BR",
  "<P",
  "<!--",
];

/** What Go's `http.DetectContentType` knows, in its order: the first match wins. */
export const SIGNATURES: readonly Signature[] = [
  ...tags(...TAGS),
  { kind: "behindWhitespace", pattern: "<?xml", type: "text/xml; charset=utf-8" },
  ...exact("application/pdf", "%PDF-"),
  ...exact("application/postscript", "%!PS-Adobe-"),
  ...masked("text/plain; charset=utf-16be", "\xfe\xff\0\0"),
  ...masked("text/plain; charset=utf-16le", "\xff\xfe\0\0"),
  ...masked("text/plain; charset=utf-8", "\xef\xbb\xbf\0"),
  ...exact("image/x-icon", "\0\0\x01\0", "\0\0\x02\0"),
  ...exact("image/bmp", "BM"),
  ...exact("image/gif", "GIF87a", "GIF89a"),
  ...masked("image/webp", "RIFF\0\0\0\0WEBPVP"),
  ...exact("image/png", "\x89PNG\r\n\x1a\n"),
  ...exact("image/jpeg", "\xff\xd8\xff"),
  ...masked("audio/aiff", "FORM\0\0\0\0AIFF"),
  ...exact("audio/mpeg", "ID3"),
  ...exact("application/ogg", "OggS\0"),
  ...exact("audio/midi", "MThd\0\0\0\x06"),
  ...masked("video/avi", "RIFF\0\0\0\0AVI "),
  ...masked("audio/wave", "RIFF\0\0\0\0WAVE"),
  // Its first bytes are a length below 512.
  { kind: "mp4", pattern: "\0\0", type: "video/mp4" },
  ...exact("video/webm", "\x1a\x45\xdf\xa3"),
  ...masked("application/vnd.ms-fontobject", `${"\0".repeat(34)}LP`),
  ...exact("font/ttf", "\0\x01\0\0"),
  ...exact("font/otf", "OTTO"),
  ...exact("font/collection", "ttcf"),
  ...exact("font/woff", "wOFF"),
  ...exact("font/woff2", "wOF2"),
  ...exact("application/x-gzip", "\x1f\x8b\x08"),
  ...exact("application/zip", "PK\x03\x04"),
  ...exact("application/x-rar-compressed", "Rar!\x1a\x07\0", "Rar!\x1a\x07\x01\0"),
  ...exact("application/wasm", "\0asm"),
];
