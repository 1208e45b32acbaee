// Questions to the server. What has not changed is not handed on, so that nothing on the page moves for nothing.
const told = new Map<string, string>();

/** The answer, or undefined when it is the one that was given last time: the server's tag of it says so. */
export async function news<T>(path: string): Promise<T | undefined> {
  const answer = await ask(path);
  const tag = answer.headers.get("ETag");
  if (tag !== null && told.get(path) === tag) {
    await answer.body?.cancel();
    return undefined;
  }
  const value = (await answer.json()) as T;
  if (told.size > 50) told.clear();
  if (tag !== null) told.set(path, tag);
  return value;
}

export async function get<T>(path: string): Promise<T> {
  return (await ask(path)).json() as Promise<T>;
}

/** Forget what was told: a page that is made anew wants it again. */
export function forget(): void {
  told.clear();
}

export class MissingError extends Error {}

async function ask(path: string): Promise<Response> {
  const answer = await fetch(`api/v1/${path}`);
  if (answer.status === 404) throw new MissingError(path);
  if (!answer.ok) throw new Error(`${answer.status} ${path}`);
  return answer;
}
