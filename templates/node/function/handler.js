/**
 * The request: `event.method`, `event.path`, `event.query`, `event.headers`, `event.body` (JSON is parsed already). What is
 * returned is the answer: text, bytes, or what becomes JSON. `context.status(n).headers({...}).succeed(body)` says more. What
 * is thrown is a 500.
 */
export default async function handler(event, context) {
  const name = event.body || event.query.name;
  if (!name) return context.status(400).succeed("Whom shall I greet? Send a name.\n");
  return context
    .headers({ "Content-Type": "text/plain; charset=utf-8" })
    .succeed(`Hello, ${name}! You sent a ${event.method} to ${event.path}.\n`);
}
