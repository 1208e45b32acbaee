// Questions to the server. What has not changed is not handed on, so that nothing on the page moves for nothing.
const told = new Map<string, string>();

/** The answer, or undefined when it is the one that was given last time. */
export async function news<T>(path: string): Promise<T | undefined> {
  const text = await ask(path);
  if (told.get(path) === text) return undefined;
  if (told.size > 50) told.clear();
  told.set(path, text);
  return JSON.parse(text) as T;
}

export async function get<T>(path: string): Promise<T> {
  return JSON.parse(await ask(path)) as T;
}

/** Forget what was told: a page that is made anew wants it again. */
export function forget(): void {
  told.clear();
}

export class MissingError extends Error {}

async function ask(path: string): Promise<string> {
  const answer = await fetch(`api/v1/${path}`);
  if (answer.status === 404) throw new MissingError(path);
  if (!answer.ok) throw new Error(`${answer.status} ${path}`);
  return answer.text();
}
