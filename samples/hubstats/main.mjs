// Asks the Docker Hub how many repositories a user or an organisation has. The one sample that needs the network.
import { text } from "node:stream/consumers";

/** Another address has the same API: a mirror, or a test. */
const { hub_url: hub = "https://hub.docker.com" } = process.env;
const PATIENCE_MS = 5_000;

const [line = ""] = (await text(process.stdin)).split("\n");
const name = line.trim();
if (name === "") fail("The body's first line must be a user or an organisation of the Docker Hub.");
const answer = await ask(new URL(`/v2/repositories/${encodeURIComponent(name)}/`, hub));
if (answer.status === 404) fail(`The Docker Hub knows no user or organisation ${name}.`);
if (!answer.ok) fail(`${hub} answered ${answer.status}.`);
const { count } = await answer.json();
console.log(`The organisation or user ${name} has ${count} repositories on the Docker hub.`);

async function ask(url) {
  try {
    return await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    const reason = error.cause?.code ?? error.message;
    return fail(`This function needs the network: ${hub} cannot be reached (${reason}).`);
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
