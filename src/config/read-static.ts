import type { VariableReader } from "./variable-reader.ts";

/** Of `mode=static`. */
export interface StaticConfig {
  /** The folder that is served, latin1. */
  readonly path: string;
  /** Pages that are not there are `index.html`. */
  readonly spa: boolean;
  /** A folder without `index.html` shows what is in it. */
  readonly listing: boolean;
  /** The `Cache-Control` of files. */
  readonly cacheControl: string;
  /** How the paths of files begin that never change under their name; `undefined`: none do. */
  readonly immutable: string | undefined;
}

export function readStatic(reader: VariableReader): StaticConfig {
  return Object.freeze({
    path: reader.value("static_path"),
    spa: reader.value("static_spa"),
    listing: reader.value("static_listing"),
    cacheControl: reader.value("static_cache_control"),
    immutable: reader.value("static_immutable"),
  });
}
