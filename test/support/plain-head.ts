import type { RequestHead } from "../../src/http/request-head.ts";

/** What a request for `/` of the host `x` says before a body that it has not. */
export const PLAIN_HEAD: RequestHead = {
  path: "/",
  decodedPath: "/",
  query: "",
  host: "x",
  bodyLength: 0,
  expectsContinue: false,
};
