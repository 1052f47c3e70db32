import { ask } from "./ask.ts";
import { forgeries } from "./forgeries.ts";

/** Each leads to a row of `/system`, to whoever reads it wrongly (T29). */
export function paths(): string[] {
  const prefixes = [
    ...["/function/echo/../..", "/function/echo/%2e%2e/%2e%2e", "/function/..", "/function/%2e%2e"],
    ...[
      "/function/echo%2f..%2f..",
      "/function/echo/..%2f..",
      "/function/echo/.\\..\\..",
      "/./",
      "//",
    ],
    ...[
      "/shop/..",
      "/shop/%2e%2e",
      "/ui/..",
      "/ui/%2e%2e",
      "/async-function/echo/../..",
      "/;",
      "/\\",
    ],
    ...["http://gateway", "http://echo@gateway", "http://shop.example.com", "HTTP://gateway:8080/"],
    ...[
      "gateway:8080",
      "*",
      "/function/echo#",
      "/function/echo?",
      "/%",
      "/%00",
      "/\t",
      "/function//",
    ],
  ];
  const asked = prefixes.flatMap((prefix) =>
    forgeries.map((row) => row.replace(" /", ` ${prefix}/`)),
  );
  const written = [
    "/SYSTEM/functions",
    "/%73ystem/functions",
    "/system%2ffunctions",
    "/system/functions/",
    "/system/functions;x",
    "/system/functions%00",
    "/system/functions.json",
    "/system/functions?_method=GET",
  ];
  const forged = JSON.stringify({ service: "forged", image: "x", envProcess: "cat" });
  return [...asked, ...written.map((path) => ask("POST", path, "", forged)), ...forgeries];
}
