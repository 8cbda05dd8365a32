"""The scenario of ../README.md with the client of openapi-python-client."""

import sys

from amplitude_experiment import AuthenticatedClient
from amplitude_experiment.api.experiments import get_experiment, list_experiments, update_experiment
from amplitude_experiment.api.flags import (
    add_flag_variant_users,
    bulk_delete_flag_variant_users,
    create_flag,
    get_flag,
    list_flag_variant_users,
    list_flag_versions,
    list_flags,
    update_flag,
)
from amplitude_experiment.api.holdouts import create_holdout, get_holdout
from amplitude_experiment.api.mutexes import create_mutex, get_mutex, update_mutex_slot
from amplitude_experiment.models import (
    BulkDeleteUsers,
    CreateResult,
    Experiment,
    ExperimentList,
    ExperimentUpdate,
    Flag,
    FlagCreate,
    FlagList,
    FlagUpdate,
    Holdout,
    HoldoutCreate,
    Mutex,
    MutexCreate,
    MutexSlotCreate,
    MutexSlotUpdate,
    UserInclusions,
)
from amplitude_experiment.types import UNSET, Unset

USUAL, STRICT, FUTURE, KEY = sys.argv[1:]
PROJECT = "217854"


def connect(base_url: str) -> AuthenticatedClient:
    return AuthenticatedClient(base_url=base_url, token=KEY)


def pages(client: AuthenticatedClient) -> list[str]:
    keys: list[str] = []
    cursor: str | Unset = UNSET
    while True:
        page = list_flags.sync(client=client, limit=2, cursor=cursor, project_id=PROJECT)
        assert isinstance(page, FlagList), page
        keys += [flag.key for flag in page.flags]
        cursor = page.next_cursor
        if not cursor:
            return keys


def users_of(client: AuthenticatedClient, id: str) -> list[str]:
    users = list_flag_variant_users.sync(id, "on", client=client)
    assert isinstance(users, list), users
    return users


def flag_with_users(client: AuthenticatedClient) -> None:
    made = []
    for n in range(5):
        answer = create_flag.sync(client=client, body=FlagCreate(project_id=PROJECT, key=f"flag-{n}"))
        assert isinstance(answer, CreateResult), answer
        made.append(answer.id)
    assert pages(client) == [f"flag-{n}" for n in (4, 3, 2, 1, 0)] + ["seeded-flag"]

    edit = FlagUpdate(enabled=True, rollout_percentage=50, tags=["made-here"])
    assert update_flag.sync_detailed(made[0], client=client, body=edit).status_code == 200
    flag = get_flag.sync(made[0], client=client)
    assert isinstance(flag, Flag), flag
    assert (flag.enabled, flag.rollout_percentage, flag.tags) == (True, 50, ["made-here"]), flag

    users = [f"user-{n}" for n in range(150)]
    body = UserInclusions(inclusions=users)
    assert add_flag_variant_users.sync_detailed(made[0], "on", client=client, body=body).status_code == 200
    assert len(users_of(client, made[0])) == 150
    for start in range(0, 150, 100):
        some = BulkDeleteUsers(users=users[start : start + 100])
        removed = bulk_delete_flag_variant_users.sync_detailed(made[0], "on", client=client, body=some)
        assert removed.status_code == 200, removed
    assert users_of(client, made[0]) == []

    versions = list_flag_versions.sync(made[0], client=client)
    assert isinstance(versions, list) and len(versions) >= 2, versions
    assert versions[0].flag_config.enabled, versions
    assert (versions[-1].version, versions[-1].flag_config.enabled) == (1, False), versions


def experiment_and_groups(client: AuthenticatedClient) -> None:
    listed = list_experiments.sync(client=client, key="seeded-experiment")
    assert isinstance(listed, ExperimentList), listed
    id = listed.experiments[0].id
    for end, day in (("2030-01-01T00:00:00Z", "2030-01-01"), (None, None)):
        assert update_experiment.sync_detailed(id, client=client, body=ExperimentUpdate(end_date=end)).parsed == "OK"
        read = get_experiment.sync(id, client=client)
        assert isinstance(read, Experiment) and read.end_date == day, read

    experiment = int(id)
    slots = [MutexSlotCreate(percentage=60, individuals=["ada@example.com"]), MutexSlotCreate(percentage=40)]
    group = MutexCreate(project_id=int(PROJECT), name="Onboarding", slots=slots)
    made = create_mutex.sync(client=client, body=group)
    assert isinstance(made, CreateResult), made
    mutex = get_mutex.sync(made.id, client=client)
    assert isinstance(mutex, Mutex), mutex
    edit = MutexSlotUpdate(experiments=[experiment])
    edited = update_mutex_slot.sync_detailed(made.id, mutex.slots[1].index, client=client, body=edit)
    assert edited.status_code == 200, edited
    mutex = get_mutex.sync(made.id, client=client)
    assert isinstance(mutex, Mutex), mutex
    assert [slot.experiments for slot in mutex.slots] == [[], [experiment]], mutex

    holdout = HoldoutCreate(project_id=int(PROJECT), name="Quarter", holdout_percentage=5, experiments=[experiment])
    made = create_holdout.sync(client=client, body=holdout)
    assert isinstance(made, CreateResult), made
    held = get_holdout.sync(made.id, client=client)
    assert isinstance(held, Holdout), held
    assert (held.holdout_percentage, held.experiments) == (5, [experiment]), held


def refused(client: AuthenticatedClient) -> None:
    answers = [list_flags.sync_detailed(client=client) for _ in range(3)]
    refusals = [answer for answer in answers if answer.status_code == 429]
    assert refusals and refusals[0].headers["Retry-After"] == "1", answers


def future(client: AuthenticatedClient) -> str:
    page = list_flags.sync(client=client)
    assert isinstance(page, FlagList), page
    flag = page.flags[0]
    assert flag.evaluation_mode == "from-the-future", flag
    written = flag.to_dict()
    assert "fromTheFuture" in written["targetSegments"][0], written
    return "kept" if "fromTheFuture" in written else "dropped"


flag_with_users(connect(USUAL))
experiment_and_groups(connect(USUAL))
refused(connect(STRICT))
print(f"passed; unknown members of flags are {future(connect(FUTURE))}")
