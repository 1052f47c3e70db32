/** What is made of the command line. Where that throws, it says why and how the command is used, and exits with 2. */
export function parseOrExit<Options>(usage: string, parse: () => Options): Options {
  try {
    return parse();
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}
