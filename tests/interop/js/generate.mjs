// Code for the schemas of topics, by quicktype: `node generate.mjs LANGUAGE FOLDER FILE...` writes one file a schema.

import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FetchingJSONSchemaStore, InputData, JSONSchemaInput, quicktype, quicktypeMultiFile } from 'quicktype-core';

const [lang, folder, ...files] = process.argv.slice(2);
for (const file of files) {
  const name = basename(file, '-1.json').split('.').map((word) => word[0].toUpperCase() + word.slice(1)).join('');
  const schema = JSON.parse(readFileSync(file, 'utf8'));
  delete schema.examples;
  // Times stay strings but in Go: Java would want Jackson's module for them, and JavaScript has no day without an hour.
  const given = JSON.stringify(schema, (key, value) => (lang !== 'go' && key === 'format' ? undefined : value));
  const input = new JSONSchemaInput(new FetchingJSONSchemaStore());
  await input.addSource({ name, schema: given });
  const inputData = new InputData();
  inputData.addInput(input);
  const packed = name.toLowerCase();
  const rendererOptions = { go: { package: packed }, java: { package: packed }, typescript: { 'runtime-typecheck-ignore-unknown-properties': 'true' } }[lang];
  if (lang === 'java') {
    const found = await quicktypeMultiFile({ inputData, lang, rendererOptions });
    mkdirSync(join(folder, packed), { recursive: true });
    for (const [path, { lines }] of found) writeFileSync(join(folder, packed, path), lines.join('\n'));
  } else {
    const { lines } = await quicktype({ inputData, lang, rendererOptions });
    const ending = lang === 'go' ? 'go' : 'ts';
    const path = lang === 'go' ? join(folder, packed) : folder;
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, `${packed}.${ending}`), lines.join('\n'));
  }
  console.log(`${packed} ${name}`);
}
