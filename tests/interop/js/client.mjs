// kafkajs: `produce|commit|abort BROKERS TOPIC CODEC` or `consume BROKERS TOPIC COUNT`.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CompressionTypes, Kafka, logLevel } from 'kafkajs';

const [how, brokers, topic, last] = process.argv.slice(2);
const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.ERROR });
const raw = (text) => (text === null ? null : Buffer.from(text, 'base64'));
const shown = (value) => (value === null || value === undefined ? null : Buffer.from(value).toString('base64'));

async function produce() {
  const messages = readFileSync(0, 'utf8').split('\n').filter(Boolean).map((line) => {
    const record = JSON.parse(line);
    const headers = Object.fromEntries(record.headers.map(([name, value]) => [name, raw(value)]));
    const timestamp = record.timestamp === null ? undefined : String(record.timestamp);
    return { key: raw(record.key), value: raw(record.value), headers, timestamp };
  });
  const transactional = how === 'produce' ? {} : { transactionalId: randomUUID(), maxInFlightRequests: 1, idempotent: true };
  const producer = kafka.producer({ allowAutoTopicCreation: false, ...transactional });
  await producer.connect();
  const compression = last === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None;
  if (how === 'produce') await producer.send({ topic, compression, messages });
  else {
    const transaction = await producer.transaction();
    await transaction.send({ topic, compression, messages });
    await (how === 'commit' ? transaction.commit() : transaction.abort());
  }
  await producer.disconnect();
}

async function consume() {
  let left = Number(last);
  const consumer = kafka.consumer({ groupId: randomUUID(), readUncommitted: false });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise((done) => consumer.run({
    eachMessage: async ({ message }) => {
      if (left <= 0) return;
      const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, shown(value)]);
      console.log(JSON.stringify({ key: shown(message.key), value: shown(message.value), headers }));
      left -= 1;
      if (left === 0) done();
    },
  }));
  setTimeout(() => process.exit(0), 200);
}

await (how === 'consume' ? consume() : produce());
