// Markdown in, HTML out. HTML in the Markdown is shown as it is written, and links run no script: who wrote it need not be trusted.
import { text } from "node:stream/consumers";
import markdownIt from "markdown-it";

const html = markdownIt({ html: false }).render(await text(process.stdin));
process.stdout.write(html.endsWith("\n") ? html : `${html}\n`);
