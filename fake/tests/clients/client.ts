// A client as people write it by hand in TypeScript: `fetch` and nothing else.
//
// Usage: client.js BASE_URL KEY. It ends with 1 and says what was wrong if the server is not what it expects.

declare const process: { argv: string[]; exit(code: number): never };

interface Condition {
  type: string;
  prop: string;
  op: string;
  values: string[];
}

interface Segment {
  name: string;
  conditions: Condition[];
  percentage: number;
  rolloutWeights: Record<string, number>;
  bucketingKey?: string;
}

interface Experiment {
  id: string;
  key: string;
  enabled: boolean;
  state?: string;
  targetSegments: Segment[];
}

interface Page {
  experiments: Experiment[];
  nextCursor?: string | null;
}

const [base, key] = process.argv.slice(2);
const project = "217854";

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(base + path, {
    method,
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await send(method, path, body);
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === "OK" ? text : JSON.parse(text)) as T;
}

function expect(isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`expected ${what}`);
}

async function* experiments(limit: number): AsyncGenerator<Experiment> {
  let cursor: string | null | undefined;
  do {
    const query = new URLSearchParams({ limit: String(limit), projectId: project });
    if (cursor) query.set("cursor", cursor);
    const page = await call<Page>("GET", `/experiments?${query}`);
    yield* page.experiments;
    cursor = page.nextCursor;
  } while (cursor);
}

async function find(name: string): Promise<Experiment | undefined> {
  const query = new URLSearchParams({ key: name, projectId: project });
  return (await call<Page>("GET", `/experiments?${query}`)).experiments[0];
}

async function ensure(name: string): Promise<Experiment> {
  const found = await find(name);
  if (found) return found;
  const made = await call<{ id: string; url: string }>("POST", "/experiments", { projectId: project, key: name });
  await call("PATCH", `/experiments/${made.id}`, { enabled: true, endDate: "2030-01-01T00:00:00Z" });
  return call("GET", `/experiments/${made.id}`);
}

async function allow(experiment: Experiment, email: string): Promise<Experiment> {
  const others = experiment.targetSegments.filter((segment) => segment.name !== "allowed");
  const mine = experiment.targetSegments.find((segment) => segment.name === "allowed");
  const values = [...(mine?.conditions[0]?.values ?? []), email];
  const segment: Segment = {
    name: "allowed",
    conditions: [{ type: "property", prop: "gp:email", op: "is", values }],
    percentage: 100,
    rolloutWeights: { control: 1, treatment: 1 },
  };
  await call("PATCH", `/experiments/${experiment.id}`, { targetSegments: [...others, segment] });
  return call("GET", `/experiments/${experiment.id}`);
}

async function main(): Promise<void> {
  const made: Experiment[] = [];
  for (let number = 0; number < 5; number += 1) made.push(await ensure(`typescript-${number}`));
  expect((await ensure("typescript-2")).id === made[2].id, "no second experiment of the same key");
  const listed: string[] = [];
  for await (const one of experiments(2)) if (one.key.startsWith("typescript-")) listed.push(one.id);
  expect(listed.join() === made.map((one) => one.id).reverse().join(), "each once, newest first");
  expect(made[0].enabled && made[0].state === "running", "an experiment that runs");

  let changed = await allow(made[0], "ada@example.com");
  changed = await allow(changed, "bob@example.com");
  expect(changed.targetSegments[0].conditions[0].values.length === 2, "both people in the segment");

  const variant = `/experiments/${made[0].id}/variants/treatment`;
  const everybody = Array.from({ length: 130 }, (_, number) => `user-${number}`);
  await call("POST", `${variant}/users`, { inclusions: everybody });
  for (let start = 0; start < everybody.length; start += 100) {
    await call("DELETE", `${variant}/bulk-delete-users`, { users: everybody.slice(start, start + 100) });
  }
  expect((await call<string[]>("GET", `${variant}/users`)).length === 0, "nobody left");

  const refused = await send("POST", "/experiments", { projectId: project });
  const problem = (await refused.json()) as { error: string };
  expect(refused.status === 400 && problem.error === "key: is required", "the missing key to be named");
  console.log(`client.ts: ${made.length} experiments made, listed, changed`);
}

main().catch((error: Error) => {
  console.error(`client.ts: ${error.message}`);
  process.exit(1);
});
