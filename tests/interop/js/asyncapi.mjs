// Says whether a document is valid AsyncAPI, by the official parser: `node asyncapi.mjs FILE`.

import { Parser, fromFile } from '@asyncapi/parser';

const { document, diagnostics } = await fromFile(new Parser(), process.argv[2]).parse();
const wrong = diagnostics.filter(({ severity }) => severity === 0);
for (const { path, message } of wrong) console.error(path.join('.'), message);
if (document === undefined || wrong.length > 0) process.exit(1);
console.log(JSON.stringify({
  version: document.version(),
  channels: document.channels().all().map((channel) => channel.address()),
  messages: document.messages().all().length,
}));
