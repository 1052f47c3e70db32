const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
const TIME = String.raw`\d\d:\d\d:\d\d`;

/** The three forms of RFC 9110, 5.6.7: the one to send, and two that old senders use. */
const FORMS = [
  String.raw`${DAY}, \d\d ${MONTH} \d{4} ${TIME} GMT`,
  String.raw`(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d\d-${MONTH}-\d\d ${TIME} GMT`,
  String.raw`${DAY} ${MONTH} [ \d]\d ${TIME} \d{4}`,
].map((form) => new RegExp(`^${form}$`));

/** Seconds since 1970, or `undefined` where it is no date: it is then as if the header were not there. */
export function parseHttpDate(text: string): number | undefined {
  if (!FORMS.some((form) => form.test(text))) return undefined;
  // The oldest form does not say that it is GMT.
  const milliseconds = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

export function formatHttpDate(seconds: number): string {
  return new Date(seconds * 1000).toUTCString();
}
