// The scenario of ../README.md with the types of openapi-typescript and the client openapi-fetch.

import createClient, { type Client } from "openapi-fetch";
import type { paths } from "./client";

const [usual, strict, future, key] = process.argv.slice(2);
const project = "217854";
const at = (baseUrl: string) => createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });

function expect(isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`expected ${what}`);
}

/** The data of an answer that is no error. */
function told<T>(answer: { data?: T; response: Response }): T {
  if (!answer.response.ok || answer.data === undefined) throw new Error(`${answer.response.status}`);
  return answer.data;
}

async function pages(client: Client<paths>): Promise<string[]> {
  const keys: string[] = [];
  let cursor: string | null | undefined;
  do {
    const query = { limit: 2, cursor: cursor ?? undefined, projectId: project };
    const page = told(await client.GET("/flags", { params: { query } }));
    keys.push(...page.flags.map((flag) => flag.key));
    cursor = page.nextCursor;
  } while (cursor);
  return keys;
}

async function flagWithUsers(client: Client<paths>): Promise<void> {
  const made: string[] = [];
  for (let n = 0; n < 5; n += 1) {
    made.push(told(await client.POST("/flags", { body: { projectId: project, key: `flag-${n}` } })).id);
  }
  const keys = await pages(client);
  expect(keys.join() === "flag-4,flag-3,flag-2,flag-1,flag-0,seeded-flag", "each flag once, newest first");

  const path = { id: made[0] };
  const body = { enabled: true, rolloutPercentage: 50, tags: ["made-here"] };
  told(await client.PATCH("/flags/{id}", { params: { path }, body, parseAs: "text" }));
  const flag = told(await client.GET("/flags/{id}", { params: { path } }));
  expect(flag.enabled && flag.rolloutPercentage === 50 && flag.tags?.[0] === "made-here", "the edit");

  const params = { path: { id: made[0], variantKey: "on" } };
  const list = async () => told(await client.GET("/flags/{id}/variants/{variantKey}/users", { params }));
  const users = Array.from({ length: 150 }, (_, n) => `user-${n}`);
  const inclusions = { params, body: { inclusions: users }, parseAs: "text" } as const;
  told(await client.POST("/flags/{id}/variants/{variantKey}/users", inclusions));
  expect((await list()).length === 150, "150 users");
  for (let start = 0; start < users.length; start += 100) {
    const some = { params, body: { users: users.slice(start, start + 100) }, parseAs: "text" } as const;
    told(await client.DELETE("/flags/{id}/variants/{variantKey}/bulk-delete-users", some));
  }
  expect((await list()).length === 0, "nobody");

  const versions = told(await client.GET("/flags/{id}/versions", { params: { path } }));
  expect(versions.length >= 2 && versions[0].flagConfig.enabled, "the edit as the newest version");
  const first = versions[versions.length - 1];
  expect(first.version === 1 && !first.flagConfig.enabled, "version 1 as the oldest");
}

async function experimentAndGroups(client: Client<paths>): Promise<void> {
  const query = { key: "seeded-experiment" };
  const { id: experimentId } = told(await client.GET("/experiments", { params: { query } })).experiments[0];
  const path = { id: experimentId };
  for (const endDate of ["2030-01-01T00:00:00Z", null]) {
    told(await client.PATCH("/experiments/{id}", { params: { path }, body: { endDate }, parseAs: "text" }));
    const read = told(await client.GET("/experiments/{id}", { params: { path } }));
    expect(read.endDate === (endDate && "2030-01-01"), `the end ${endDate}`);
  }

  const experiment = Number(experimentId);
  const slots = [{ percentage: 60, individuals: ["ada@example.com"] }, { percentage: 40 }];
  const group = { projectId: Number(project), name: "Onboarding", slots };
  const { id } = told(await client.POST("/mutexes", { body: group }));
  const params = { path: { id } };
  const before = told(await client.GET("/mutexes/{id}", { params }));
  told(
    await client.PATCH("/mutexes/{id}/slots/{slotIndex}", {
      params: { path: { id, slotIndex: before.slots[1].index } },
      body: { experiments: [experiment] },
      parseAs: "text",
    }),
  );
  const after = told(await client.GET("/mutexes/{id}", { params }));
  const held = JSON.stringify(after.slots.map((slot) => slot.experiments));
  expect(held === `[[],[${experiment}]]`, "the experiment in slot 2");

  const body = { projectId: Number(project), name: "Quarter", holdoutPercentage: 5, experiments: [experiment] };
  const made = told(await client.POST("/holdouts", { body }));
  const holdout = told(await client.GET("/holdouts/{id}", { params: { path: { id: made.id } } }));
  expect(holdout.holdoutPercentage === 5 && holdout.experiments?.[0] === experiment, "the holdout group");
}

async function refused(client: Client<paths>): Promise<void> {
  for (let n = 0; n < 3; n += 1) {
    const { error, response } = await client.GET("/flags");
    if (error !== undefined) {
      expect(response.status === 429 && response.headers.get("retry-after") === "1", "429");
      return;
    }
  }
  throw new Error("429 was expected");
}

async function unknown(client: Client<paths>): Promise<string> {
  const [flag] = told(await client.GET("/flags")).flags;
  expect(flag.evaluationMode === "from-the-future", "a value that nobody knows, as text");
  expect("fromTheFuture" in flag.targetSegments[0], "segments that keep what nobody knows");
  return "fromTheFuture" in flag ? "kept" : "dropped";
}

async function main(): Promise<void> {
  await flagWithUsers(at(usual));
  await experimentAndGroups(at(usual));
  await refused(at(strict));
  console.log(`passed; unknown members of flags are ${await unknown(at(future))}`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
