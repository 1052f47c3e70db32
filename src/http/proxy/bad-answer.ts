/** What an upstream sends is no answer: nothing behind it can be trusted. */
export class BadAnswer extends Error {}
