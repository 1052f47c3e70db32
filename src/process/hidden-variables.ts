/** What Node, its libraries and libc would take for theirs: as `launcher/node-environment.c` has it. */
const FOR_NODE =
  /^(?:NODE_|UV_|SSL_CERT_|OPENSSL_|LD_|MALLOC_|(?:ICU_DATA|GLIBC_TUNABLES|GCONV_PATH|LOCPATH)$)/;
const PREFIX = "BREEZE_FUNCTION_";

/**
 * A function's variables for the environment of its watchdog, where no launcher keeps them from the watchdog's own Node: those
 * that would configure it have names that nobody knows, until `reveal`.
 */
export function hideFromNode(
  variables: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) =>
      FOR_NODE.test(name) ? [PREFIX + name, value] : [name, value],
    ),
  );
}

/** `NAME=value` as it was before it was hidden, if it was. */
export function reveal(text: string): string {
  if (!text.startsWith(PREFIX)) return text;
  const own = text.slice(PREFIX.length);
  return FOR_NODE.test(own.slice(0, own.indexOf("="))) ? own : text;
}
