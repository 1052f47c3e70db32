const NAME = /^[\w!#$%&'*+\-.^`|~]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** A token (RFC 9110, 5.6.2). */
export const isHeaderName = (text: string): boolean => NAME.test(text);

/** Latin1 without control characters but the tab (RFC 9110, 5.5). */
export const isHeaderValue = (text: string): boolean => VALUE.test(text);

/** Before it there may be others (1xx), which are not a program's to send. */
export const isFinalStatus = (status: unknown): status is number =>
  Number.isInteger(status) && (status as number) >= 200 && (status as number) <= 599;

/** An answer of this status has no body, whatever its head says of one (RFC 9110, 6.4.1). */
export const isBodiless = (status: number): boolean => status === 204 || status === 304;
