// Commands of the service for as long as a test runs.
import { spawn } from "node:child_process";
import { createServer } from "node:net";

/** A port that is free now. */
export const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** Start a command that stays, and wait until it says something: the process, and what was found in its words. */
export function start(app, words, said, cwd = undefined) {
  const child = spawn(app, words, { stdio: ["ignore", "pipe", "pipe"], cwd });
  let heard = "";
  const found = new Promise((resolve, reject) => {
    const hear = (data) => {
      heard += data;
      const match = said.exec(heard);
      if (match) resolve(match);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", () => reject(new Error(`${words[0]} ended: ${heard}`)));
  });
  return { child, found };
}
