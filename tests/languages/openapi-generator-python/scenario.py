"""The scenario of ../README.md with the client of openapi-generator."""

import sys

from amplitude_experiment import (
    ApiClient,
    ApiException,
    BulkDeleteUsers,
    Configuration,
    ExperimentsApi,
    ExperimentUpdate,
    FlagCreate,
    FlagsApi,
    FlagUpdate,
    HoldoutCreate,
    HoldoutsApi,
    MutexCreate,
    MutexesApi,
    MutexSlotCreate,
    MutexSlotUpdate,
    UserInclusions,
)

USUAL, STRICT, FUTURE, KEY = sys.argv[1:]
PROJECT = "217854"


def connect(base_url: str, retries: int | None = None) -> ApiClient:
    return ApiClient(Configuration(host=base_url, access_token=KEY, retries=retries))


def pages(flags: FlagsApi) -> list[str]:
    keys: list[str] = []
    cursor = None
    while True:
        page = flags.list_flags(limit=2, cursor=cursor, project_id=PROJECT)
        keys += [flag.key for flag in page.flags]
        cursor = page.next_cursor
        if not cursor:
            return keys


def flag_with_users(flags: FlagsApi) -> None:
    made = [flags.create_flag(FlagCreate(projectId=PROJECT, key=f"flag-{n}")).id for n in range(5)]
    assert pages(flags) == [f"flag-{n}" for n in (4, 3, 2, 1, 0)] + ["seeded-flag"]

    flags.update_flag(made[0], FlagUpdate(enabled=True, rolloutPercentage=50, tags=["made-here"]))
    flag = flags.get_flag(made[0])
    assert (flag.enabled, flag.rollout_percentage, flag.tags) == (True, 50, ["made-here"]), flag

    users = [f"user-{n}" for n in range(150)]
    flags.add_flag_variant_users(made[0], "on", UserInclusions(inclusions=users))
    assert len(flags.list_flag_variant_users(made[0], "on")) == 150
    for start in range(0, 150, 100):
        flags.bulk_delete_flag_variant_users(made[0], "on", BulkDeleteUsers(users=users[start : start + 100]))
    assert flags.list_flag_variant_users(made[0], "on") == []

    versions = flags.list_flag_versions(made[0])
    assert len(versions) >= 2 and versions[0].flag_config.enabled, versions
    assert (versions[-1].version, versions[-1].flag_config.enabled) == (1, False), versions


def experiment_and_groups(client: ApiClient) -> None:
    experiments = ExperimentsApi(client)
    id = experiments.list_experiments(key="seeded-experiment").experiments[0].id
    for end, day in (("2030-01-01T00:00:00Z", "2030-01-01"), (None, None)):
        experiments.update_experiment(id, ExperimentUpdate(endDate=end))
        assert experiments.get_experiment(id).end_date == day

    experiment = int(id)
    mutexes = MutexesApi(client)
    slots = [MutexSlotCreate(percentage=60, individuals=["ada@example.com"]), MutexSlotCreate(percentage=40)]
    made = mutexes.create_mutex(MutexCreate(projectId=int(PROJECT), name="Onboarding", slots=slots))
    second = mutexes.get_mutex(made.id).slots[1]
    mutexes.update_mutex_slot(made.id, second.index, MutexSlotUpdate(experiments=[experiment]))
    mutex = mutexes.get_mutex(made.id)
    assert [slot.experiments for slot in mutex.slots] == [[], [experiment]], mutex

    holdouts = HoldoutsApi(client)
    holdout = HoldoutCreate(projectId=int(PROJECT), name="Quarter", holdoutPercentage=5, experiments=[experiment])
    held = holdouts.get_holdout(holdouts.create_holdout(holdout).id)
    assert (held.holdout_percentage, held.experiments) == (5, [experiment]), held


def refused(flags: FlagsApi) -> None:
    try:
        for _ in range(3):
            flags.list_flags()
    except ApiException as error:
        assert error.status == 429 and error.headers and error.headers["Retry-After"] == "1", error
    else:
        raise AssertionError("429 was expected")


def future(flags: FlagsApi) -> str:
    flag = flags.list_flags().flags[0]
    assert flag.evaluation_mode == "from-the-future", flag
    written = flag.to_dict()
    assert "fromTheFuture" in written["targetSegments"][0], written
    return "kept" if "fromTheFuture" in written else "dropped"


flag_with_users(FlagsApi(connect(USUAL)))
experiment_and_groups(connect(USUAL))
# As it comes, urllib3 waits as long as `Retry-After` says and asks again.
refused(FlagsApi(connect(STRICT, retries=0)))
print(f"passed; unknown members of flags are {future(FlagsApi(connect(FUTURE)))}")
