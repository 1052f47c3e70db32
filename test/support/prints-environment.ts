// Says, as one line of JSON, what environment it was given.
import { readEnvironment } from "../../src/process/environment.ts";

console.log(JSON.stringify(readEnvironment(process.env)));
