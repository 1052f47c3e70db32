/** A value of the environment, where one character is one byte, as the text that it is. */
export function fromLatin1(value: string): string {
  return Buffer.from(value, "latin1").toString();
}
