export interface MediaType {
  /** As `Content-Type` says it. */
  readonly name: string;
  /** Text, or as good as text: worth compressing. */
  readonly isCompressible: boolean;
}

/** The type by a file name's extension (IANA's registry); `undefined`: none of those that a site is made of. */
export function mediaTypeOf(fileName: string): MediaType | undefined {
  const dot = fileName.lastIndexOf(".");
  return dot < 0 ? undefined : TYPES.get(fileName.slice(dot + 1).toLowerCase());
}

/** Names of types, each with its extensions. */
const TEXTS = {
  "text/html; charset=utf-8": "html htm",
  "text/css; charset=utf-8": "css",
  "text/javascript; charset=utf-8": "js mjs",
  "text/plain; charset=utf-8": "txt text log",
  "text/markdown; charset=utf-8": "md",
  "text/csv; charset=utf-8": "csv",
  "text/calendar; charset=utf-8": "ics",
  "text/vtt; charset=utf-8": "vtt",
  "text/xml; charset=utf-8": "xml xsl",
  "application/json": "json map",
  "application/ld+json": "jsonld",
  "application/geo+json": "geojson",
  "application/manifest+json": "webmanifest",
  "application/yaml": "yaml yml",
  "application/wasm": "wasm",
  "application/xhtml+xml": "xhtml",
  "application/atom+xml": "atom",
  "application/rss+xml": "rss",
  "image/svg+xml": "svg",
  "image/bmp": "bmp",
  "image/vnd.microsoft.icon": "ico",
  "font/ttf": "ttf",
  "font/otf": "otf",
};
const OTHERS = {
  "image/avif": "avif",
  "image/gif": "gif",
  "image/jpeg": "jpg jpeg",
  "image/png": "png apng",
  "image/webp": "webp",
  "font/woff": "woff",
  "font/woff2": "woff2",
  "audio/aac": "aac",
  "audio/flac": "flac",
  "audio/mpeg": "mp3",
  "audio/mp4": "m4a",
  "audio/ogg": "ogg oga opus",
  "audio/wav": "wav",
  "audio/webm": "weba",
  "video/mp4": "mp4 m4v",
  "video/ogg": "ogv",
  "video/quicktime": "mov",
  "video/webm": "webm",
  "application/gzip": "gz tgz",
  "application/zstd": "zst",
  "application/zip": "zip",
  "application/x-tar": "tar",
  "application/epub+zip": "epub",
  "application/pdf": "pdf",
  // Never looked into: what it holds may have been anybody's.
  "application/octet-stream": "bin br exe iso",
};

const TYPES = new Map([...toEntries(TEXTS, true), ...toEntries(OTHERS, false)]);

function toEntries(types: Readonly<Record<string, string>>, isCompressible: boolean) {
  return Object.entries(types).flatMap(([name, extensions]) =>
    extensions
      .split(" ")
      .map((extension): [string, MediaType] => [extension, { name, isCompressible }]),
  );
}
