// The scenario of ../README.md with the client of hey-api.

import { createClient, type Client } from "./client/client";
import {
  addFlagVariantUsers,
  bulkDeleteFlagVariantUsers,
  createFlag,
  createHoldout,
  createMutex,
  getExperiment,
  getFlag,
  getHoldout,
  getMutex,
  listExperiments,
  listFlagVariantUsers,
  listFlagVersions,
  listFlags,
  updateExperiment,
  updateFlag,
  updateMutexSlot,
} from "./client";

const [usual, strict, future, key] = process.argv.slice(2);
const project = "217854";
const at = (baseUrl: string) => createClient({ baseUrl, auth: () => key, throwOnError: true });

function expect(isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`expected ${what}`);
}

async function pages(client: Client): Promise<string[]> {
  const keys: string[] = [];
  let cursor: string | null | undefined;
  do {
    const query = { limit: 2, projectId: project, ...(cursor ? { cursor } : {}) };
    const { data } = await listFlags({ client, query, throwOnError: true });
    keys.push(...data.flags.map((flag) => flag.key));
    cursor = data.nextCursor;
  } while (cursor);
  return keys;
}

async function flagWithUsers(client: Client): Promise<void> {
  const made: string[] = [];
  for (let n = 0; n < 5; n += 1) {
    const { data } = await createFlag({ client, body: { projectId: project, key: `flag-${n}` }, throwOnError: true });
    made.push(data.id);
  }
  const keys = await pages(client);
  expect(keys.join() === "flag-4,flag-3,flag-2,flag-1,flag-0,seeded-flag", "each flag once, newest first");

  const path = { id: made[0] };
  const body = { enabled: true, rolloutPercentage: 50, tags: ["made-here"] };
  await updateFlag({ client, path, body, throwOnError: true });
  const { data: flag } = await getFlag({ client, path, throwOnError: true });
  expect(flag.enabled && flag.rolloutPercentage === 50 && flag.tags?.[0] === "made-here", "the edit");

  const variant = { id: made[0], variantKey: "on" };
  const users = Array.from({ length: 150 }, (_, n) => `user-${n}`);
  await addFlagVariantUsers({ client, path: variant, body: { inclusions: users }, throwOnError: true });
  const included = await listFlagVariantUsers({ client, path: variant, throwOnError: true });
  expect(included.data.length === 150, "150 users");
  for (let start = 0; start < users.length; start += 100) {
    const some = { users: users.slice(start, start + 100) };
    await bulkDeleteFlagVariantUsers({ client, path: variant, body: some, throwOnError: true });
  }
  const left = await listFlagVariantUsers({ client, path: variant, throwOnError: true });
  expect(left.data.length === 0, "nobody");

  const { data: versions } = await listFlagVersions({ client, path, throwOnError: true });
  expect(versions.length >= 2 && versions[0].flagConfig.enabled, "the edit as the newest version");
  const first = versions[versions.length - 1];
  expect(Number(first.version) === 1 && !first.flagConfig.enabled, "version 1 as the oldest");
}

async function experimentAndGroups(client: Client): Promise<void> {
  const listed = await listExperiments({ client, query: { key: "seeded-experiment" }, throwOnError: true });
  const { id } = listed.data.experiments[0];
  for (const endDate of ["2030-01-01T00:00:00Z", null]) {
    await updateExperiment({ client, path: { id }, body: { endDate }, throwOnError: true });
    const { data } = await getExperiment({ client, path: { id }, throwOnError: true });
    expect(data.endDate === (endDate && "2030-01-01"), `the end ${endDate}`);
  }

  const experiment = Number(id);
  const slots = [{ percentage: 60, individuals: ["ada@example.com"] }, { percentage: 40 }];
  const group = { projectId: Number(project), name: "Onboarding", slots };
  const { data: made } = await createMutex({ client, body: group, throwOnError: true });
  const path = { id: made.id };
  const before = await getMutex({ client, path, throwOnError: true });
  const slot = { ...path, slotIndex: before.data.slots[1].index };
  await updateMutexSlot({ client, path: slot, body: { experiments: [experiment] }, throwOnError: true });
  const after = await getMutex({ client, path, throwOnError: true });
  const held = JSON.stringify(after.data.slots.map((slot) => slot.experiments));
  expect(held === `[[],[${experiment}]]`, "the experiment in slot 2");

  const body = { projectId: Number(project), name: "Quarter", holdoutPercentage: 5, experiments: [experiment] };
  const { data: created } = await createHoldout({ client, body, throwOnError: true });
  const { data: holdout } = await getHoldout({ client, path: { id: created.id }, throwOnError: true });
  expect(holdout.holdoutPercentage === 5 && holdout.experiments?.[0] === experiment, "the holdout group");
}

async function refused(client: Client): Promise<void> {
  for (let n = 0; n < 3; n += 1) {
    const { response, error } = await listFlags({ client, throwOnError: false });
    if (error !== undefined) {
      expect(response?.status === 429 && response.headers.get("retry-after") === "1", "429");
      return;
    }
  }
  throw new Error("429 was expected");
}

async function unknown(client: Client): Promise<string> {
  const { data } = await listFlags({ client, throwOnError: true });
  const [flag] = data.flags;
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

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
