// The scenario of ../README.md with the typescript-fetch client of openapi-generator.

import {
  Configuration,
  ExperimentsApi,
  FlagsApi,
  HoldoutsApi,
  MutexesApi,
  ResponseError,
} from "./client";

const [usual, strict, future, key] = process.argv.slice(2);
const project = "217854";
const at = (basePath: string) => new Configuration({ basePath, accessToken: key });

function expect(isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`expected ${what}`);
}

async function pages(flags: FlagsApi): Promise<string[]> {
  const keys: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await flags.listFlags({ limit: 2, cursor: cursor ?? undefined, projectId: project });
    keys.push(...page.flags.map((flag) => flag.key));
    cursor = page.nextCursor;
  } while (cursor);
  return keys;
}

async function flagWithUsers(flags: FlagsApi): Promise<void> {
  const made: string[] = [];
  for (let n = 0; n < 5; n += 1) {
    made.push((await flags.createFlag({ flagCreate: { projectId: project, key: `flag-${n}` } })).id);
  }
  const keys = await pages(flags);
  expect(keys.join() === "flag-4,flag-3,flag-2,flag-1,flag-0,seeded-flag", "each flag once, newest first");

  const id = made[0];
  await flags.updateFlag({ id, flagUpdate: { enabled: true, rolloutPercentage: 50, tags: ["made-here"] } });
  const flag = await flags.getFlag({ id });
  expect(flag.enabled && flag.rolloutPercentage === 50 && flag.tags?.[0] === "made-here", "the edit");

  const users = Array.from({ length: 150 }, (_, n) => `user-${n}`);
  await flags.addFlagVariantUsers({ id, variantKey: "on", userInclusions: { inclusions: users } });
  expect((await flags.listFlagVariantUsers({ id, variantKey: "on" })).length === 150, "150 users");
  for (let start = 0; start < users.length; start += 100) {
    const bulkDeleteUsers = { users: users.slice(start, start + 100) };
    await flags.bulkDeleteFlagVariantUsers({ id, variantKey: "on", bulkDeleteUsers });
  }
  expect((await flags.listFlagVariantUsers({ id, variantKey: "on" })).length === 0, "nobody");

  const versions = await flags.listFlagVersions({ id });
  expect(versions.length >= 2 && versions[0].flagConfig.enabled, "the edit as the newest version");
  const first = versions[versions.length - 1];
  expect(first.version === 1 && !first.flagConfig.enabled, "version 1 as the oldest");
}

async function experimentAndGroups(configuration: Configuration): Promise<void> {
  const experiments = new ExperimentsApi(configuration);
  const [{ id: experimentId }] = (await experiments.listExperiments({ key: "seeded-experiment" })).experiments;
  for (const endDate of ["2030-01-01T00:00:00Z", null]) {
    await experiments.updateExperiment({ id: experimentId, experimentUpdate: { endDate } });
    const read = await experiments.getExperiment({ id: experimentId });
    expect(read.endDate === (endDate && "2030-01-01"), `the end ${endDate}`);
  }

  const experiment = Number(experimentId);
  const mutexes = new MutexesApi(configuration);
  const slots = [{ percentage: 60, individuals: ["ada@example.com"] }, { percentage: 40 }];
  const { id } = await mutexes.createMutex({ mutexCreate: { projectId: Number(project), name: "Onboarding", slots } });
  const slotIndex = (await mutexes.getMutex({ id })).slots[1].index;
  await mutexes.updateMutexSlot({ id, slotIndex, mutexSlotUpdate: { experiments: [experiment] } });
  const mutex = await mutexes.getMutex({ id });
  expect(JSON.stringify(mutex.slots.map((slot) => slot.experiments)) === `[[],[${experiment}]]`, "it in slot 2");

  const holdouts = new HoldoutsApi(configuration);
  const holdoutCreate = {
    projectId: Number(project),
    name: "Quarter",
    holdoutPercentage: 5,
    experiments: [experiment],
  };
  const held = await holdouts.getHoldout({ id: (await holdouts.createHoldout({ holdoutCreate })).id });
  expect(held.holdoutPercentage === 5 && held.experiments?.[0] === experiment, "the holdout group");
}

async function refused(flags: FlagsApi): Promise<void> {
  for (let n = 0; n < 3; n += 1) {
    try {
      await flags.listFlags();
    } catch (error) {
      if (!(error instanceof ResponseError)) throw error;
      expect(error.response.status === 429 && error.response.headers.get("retry-after") === "1", "429");
      return;
    }
  }
  throw new Error("429 was expected");
}

async function unknown(flags: FlagsApi): Promise<string> {
  const [flag] = (await flags.listFlags()).flags;
  expect(flag.evaluationMode === "from-the-future", "a value that nobody knows, as text");
  expect("fromTheFuture" in flag.targetSegments[0], "segments that keep what nobody knows");
  return "fromTheFuture" in flag ? "kept" : "dropped";
}

async function main(): Promise<void> {
  await flagWithUsers(new FlagsApi(at(usual)));
  await experimentAndGroups(at(usual));
  await refused(new FlagsApi(at(strict)));
  console.log(`passed; unknown members of flags are ${await unknown(new FlagsApi(at(future)))}`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
