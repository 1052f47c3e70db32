/** Clients choose how long these are; a log line need not be. */
const LONGEST_PART = 4096;

export function clip(text: string): string {
  return text.length > LONGEST_PART ? `${text.slice(0, LONGEST_PART)}...` : text;
}
