// What dragging the map costs, by the browser's own trace.

/** Drag it to and fro four times: tasks and script of the page's main thread, in milliseconds of processor time. */
export async function pan(page) {
  const client = await page.context().newCDPSession(page);
  const events = [];
  client.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  const ended = new Promise((resolve) => client.once("Tracing.tracingComplete", resolve));
  await client.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["toplevel", "devtools.timeline", "blink.user_timing"] } });
  const box = await page.locator(".world").boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  for (let pass = 0; pass < 4; pass += 1) {
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let step = 1; step <= 30; step += 1) await page.mouse.move(x + step * 6 * (pass % 2 ? -1 : 1), y + step * 2);
    await page.mouse.up();
    await page.waitForTimeout(300);
  }
  await client.send("Tracing.end");
  await ended;
  const main = events.find((event) => event.name === "FunctionCall")?.tid;
  const tasks = events.filter((event) => event.tid === main && event.name.endsWith("RunTask") && event.dur).map((event) => (event.tdur ?? event.dur) / 1000); // what the processor spent, where the trace says it
  const calls = events.filter((event) => event.tid === main && ["FunctionCall", "FireAnimationFrame"].includes(event.name) && event.dur);
  const outer = calls.filter((one) => !calls.some((other) => other !== one && other.ts <= one.ts && other.ts + other.dur >= one.ts + one.dur));
  const frames = new Map();
  for (const call of outer) frames.set(Math.floor(call.ts / 16_667), (frames.get(Math.floor(call.ts / 16_667)) ?? 0) + (call.tdur ?? call.dur) / 1000);
  const scripts = [...frames.values()].sort((a, b) => a - b);
  return {
    by: calls.some((call) => call.tdur !== undefined) ? "processor" : "clock", tasks: tasks.length, longest_task_ms: Math.max(...tasks), tasks_over_50_ms: tasks.filter((task) => task > 50).length,
    frames_with_script: scripts.length, script_ms_a_frame_median: scripts[Math.floor(scripts.length / 2)], script_ms_a_frame_p95: scripts[Math.floor(scripts.length * 0.95)],
    script_ms_a_frame_most: scripts.at(-1),
  };
}
