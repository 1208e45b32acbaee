// Elements from data: everything that comes from articles is text, never markup.
type Child = Node | string | null | undefined;

/** An element; `text` of unknown direction is put in with `bdi` or dir="auto" by whoever calls. */
export function el(name: string, attributes: Record<string, string> = {}, ...children: Child[]): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child): child is Node | string => child !== null && child !== undefined));
  return made;
}

export function svg(name: string, attributes: Record<string, string | number> = {}, ...children: Child[]): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children.filter((child): child is Node | string => child !== null && child !== undefined));
  return made;
}

/** A text of unknown direction, isolated from what stands around it. */
export function foreign(text: string): HTMLElement {
  return el("bdi", {}, text);
}

/** Names of unknown direction in a row, each isolated, so that none moves among the others. */
export function foreigners(names: string[]): Node[] {
  return names.flatMap((name, at) => (at ? [document.createTextNode(", "), foreign(name)] : [foreign(name)]));
}

/** A link that only leads to the web; anything else stands as text. */
export function outward(url: string | null, label: string): Node {
  if (url !== null && /^https?:\/\//i.test(url)) return el("a", { href: url, rel: "noopener noreferrer nofollow", target: "_blank" }, foreign(label));
  return foreign(label);
}
