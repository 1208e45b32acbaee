// The tolls of all incidents as they stand, kept in a JSON file.
//
//   npm install
//   node tolls.mjs BROKERS tolls.json [TOPIC]
//
// The file holds the rows and the offsets, and is replaced in one step, so the program may be killed at any moment.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Kafka, logLevel } from 'kafkajs';

const [brokers, path, topic = 'incidents.tolls'] = process.argv.slice(2);

/** @typedef {import('stream-app-events').IncidentToll} IncidentToll */
/** @type {{ rows: Record<string, {toll: IncidentToll, closed: boolean}>, merged: Record<string, string>, offsets: Record<string, string> }} */
const state = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { rows: {}, merged: {}, offsets: {} };

/** Write, close or delete the row of one record. */
export function apply({ key, value, headers }) {
  const id = key.toString();
  const header = (name) => headers?.[name]?.toString();
  if (value !== null) {
    state.rows[id] = { toll: JSON.parse(value.toString()), closed: false };
    delete state.merged[id];
  } else if (header('tombstone') === 'merged' || header('tombstone') === 'withdrawn') {
    delete state.rows[id];
    if (header('merged-into')) state.merged[id] = header('merged-into');
  } else if (state.rows[id]) {
    state.rows[id].closed = true; // expired: what it says stays true
  }
}

function save() {
  writeFileSync(`${path}.new`, JSON.stringify(state));
  renameSync(`${path}.new`, path);
}

const kafka = new Kafka({ clientId: 'tolls', brokers: brokers.split(','), logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: `tolls-${process.pid}`, readUncommitted: false });
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({
  autoCommit: false, // our offsets are in the file
  eachBatch: async ({ batch }) => {
    const next = BigInt(state.offsets[batch.partition] ?? 0);
    for (const message of batch.messages) {
      if (BigInt(message.offset) >= next) apply(message); // the file may know them already
    }
    state.offsets[batch.partition] = String(BigInt(batch.lastOffset()) + 1n);
    save();
  },
});
const admin = kafka.admin();
await admin.connect();
for (const { partition } of await admin.fetchTopicOffsets(topic)) {
  consumer.seek({ topic, partition, offset: state.offsets[partition] ?? '0' });
}
await admin.disconnect();
