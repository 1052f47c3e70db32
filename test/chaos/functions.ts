/** What chaos is made with in a mode: the function's variables, and what clients can tell a cut answer in. */
export function chaosIn(mode: string, program: string) {
  const variables = { fprocess: program, ...(mode === "classic" ? {} : { mode }) };
  return { variables, versions: mode === "streaming" ? ["1.1"] : ["1.0", "1.1", "1.1", "1.1"] };
}
