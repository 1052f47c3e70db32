/** The pool alone: with all the rest of undici, `fetch` above all, it would cost 4 MB and 30 ms more. */
declare module "undici/lib/dispatcher/pool.js" {
  // biome-ignore lint/style/noDefaultExport: it is what that module has
  export { Pool as default } from "undici";
}
