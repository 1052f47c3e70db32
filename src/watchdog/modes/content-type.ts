/** What of-watchdog's fork modes say their answers are, where nothing else is configured. */
export const OF_CONTENT_TYPE = "application/octet-stream";
