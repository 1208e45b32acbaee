"""What we use of Faust, mode and aiokafka that they do not promise: each private name, each method that we replace.

When one of these fails, a library has changed under us. docs/adr/0004-faust-pitfalls.md says why each is used, and its
last column which test shows that the fault it works around is still there.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import stream_app.service

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = ("faust", "mode", "aiokafka")

OWNERS = {
    "faust.app.base.App": "_create_directories",
    "faust.assignor.partition_assignor.PartitionAssignor":
        "_assignment _get_client_metadata _global_table_standby_assignments _metadata _perform_assignment _table_manager",
    "faust.tables.manager.TableManager": "_update_channels",
    "faust.transport.conductor.Conductor": "_tp_index",
    "faust.transport.consumer.Consumer":
        "_buffered_partitions _clean_unacked_messages _commit _commit_every _committed_offset _get_active_partitions "
        "_getmany _is_changelog_tp _read_offset _unacked_messages _wait_for_ack _waiting_for_ack",
    "faust.transport.drivers.aiokafka.AIOKafkaConsumerThread": "_consumer _create_worker_consumer",
    "faust.transport.drivers.aiokafka.Producer": "_ensure_producer _new_producer _settings_auth _settings_default",
    "faust.transport.consumer.ThreadDelegateConsumer": "_thread",
    "mode.threads.ServiceThread": "_serve",
    "asyncio.Queue": "_queue",
    "aiokafka.admin.AIOKafkaAdminClient": "_send_request",
    "aiokafka.consumer.consumer.AIOKafkaConsumer":
        "_client _coordinator _fetch_max_wait_ms _fetcher _isolation_level _subscription",
    "aiokafka.consumer.fetcher.FetchResult": "_partition_records",
    "aiokafka.consumer.fetcher.Fetcher": "_proc_fetch_request _records _update_fetch_positions",
    "aiokafka.consumer.fetcher.PartitionRecords": "_tp",
    "aiokafka.consumer.group_coordinator.BaseCoordinator": "_cluster _subscription",
    "aiokafka.consumer.group_coordinator.GroupCoordinator": "_group_instance_id _perform_assignment _send_req",
    "aiokafka.producer.message_accumulator.MessageAccumulator": "_batch_size",
    "aiokafka.producer.producer.AIOKafkaProducer": "_max_request_size _message_accumulator _sender _txn_manager",
    "aiokafka.producer.sender.BaseHandler": "_sender",
    "aiokafka.producer.sender.Sender": "_find_coordinator _send_produce_req _txn_manager",
    "aiokafka.producer.sender.TxnOffsetCommitHandler": "_group_id",
}  # fmt: skip
"""Who has the names that our code reaches for."""
NOT_THEIRS = {"os._exit", "out._replace", "fetcher._left_at"}
"""Documented in spite of their names: the process's end, and a named tuple's copy; and a field that we add."""

REPLACED = {
    "aiokafka.consumer.consumer.AIOKafkaConsumer": "commit(offsets)",
    "aiokafka.consumer.fetcher.Fetcher":
        "_proc_fetch_request(assignment,node_id,request) _update_fetch_positions(assignment,node_id,tps)",
    "aiokafka.consumer.group_coordinator.GroupCoordinator":
        "_do_fetch_commit_offsets(partitions) _perform_assignment(response)",
    "aiokafka.producer.sender.Sender":
        "_do_txn_offset_commit(offsets,group_id) _send_produce_req(node_id,batches)",
    "aiokafka.producer.sender.TxnOffsetCommitHandler": "create_request() handle_response(resp)",
    "aiokafka.protocol.api.Request": "build(request_struct_class)",
    "faust.assignor.partition_assignor.PartitionAssignor":
        "_global_table_standby_assignments(assignments,partitions_by_topic) "
        "_perform_assignment(cluster,member_metadata)",
    "faust.stores.base.Store": "set_persisted_offset(tp,offset)",
    "faust.stores.memory.Store":
        "_clear() apply_changelog_batch(batch,to_key,to_value) on_recovery_completed(active_tps,standby_tps) "
        "persisted_offset(tp) reset_state()",
    "faust.tables.base.Collection": "_new_store()",
    "faust.tables.manager.TableManager": "on_start()",
    "faust.transport.consumer.Consumer":
        "_add_gap(tp,offset_from,offset_to) _drain_messages(fetcher) ack(message) commit_and_end_transactions() "
        "force_commit(topics,start_new_transaction) on_partitions_assigned(assigned,generation_id) "
        "on_partitions_revoked(revoked) perform_seek() resume_flow() resume_partitions(tps) track_message(message) "
        "wait_empty()",
    "faust.transport.consumer.ThreadDelegateConsumer": "highwaters(partitions)",
    "faust.transport.drivers.aiokafka.AIOKafkaConsumerThread": "_create_worker_consumer(transport) on_start()",
    "faust.transport.drivers.aiokafka.Consumer": "_new_consumer_thread() verify_event_path(now,tp)",
    "faust.transport.drivers.aiokafka.Producer":
        "_new_producer(transactional_id) _settings_extra() on_start() on_stop()",
    "mode.threads.QueueServiceThread": "call_thread(fun,args,kwargs)",
    "mode.threads.ServiceThread": "_gather_remaining_tasks()",
}  # fmt: skip
"""Methods of theirs that classes of ours replace, with the names of their parameters."""


def _files() -> list[Path]:
    return [*sorted((ROOT / "stream_app" / "service").rglob("*.py")), ROOT / "stream_app" / "app.py"]


def _defined(tree: ast.AST) -> Iterator[str]:
    """Names that the code itself gives to functions, classes and attributes."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name)):
                yield name
            case ast.Assign(targets=targets):
                for one in (inner for target in targets for inner in getattr(target, "elts", [target])):
                    match one:
                        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name):
                            yield name


def _reached_for() -> set[str]:
    """Private names that our code asks of objects which are not its own."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in _files()]
    ours = {name for tree in trees for name in _defined(tree)}
    found = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__"):
            whose = ast.unparse(node.value)
            if not (whose in ("self", "cls") and node.attr in ours) and f"{whose}.{node.attr}" not in NOT_THEIRS:
                found.add(node.attr)
    return found


def _class(path: str) -> type:
    module, name = path.rsplit(".", 1)
    found: type = getattr(importlib.import_module(module), name)
    return found


def _source(made: type) -> str:
    """The code of a class; nothing where it was made without any."""
    try:
        return inspect.getsource(made)
    except (OSError, TypeError):
        return ""


def _replaced() -> dict[str, set[str]]:
    """Methods of the libraries' classes that stand anew in classes of ours."""
    found: dict[str, set[str]] = {}
    for module in pkgutil.walk_packages(stream_app.service.__path__, "stream_app.service."):
        for made in vars(importlib.import_module(module.name)).values():
            if inspect.isclass(made) and made.__module__ == module.name:
                theirs = [base for base in made.__mro__ if base.__module__.split(".")[0] in LIBRARIES]
                ours = [base for base in made.__mro__ if base.__module__.startswith("stream_app.")]
                names = {name for base in ours for name, value in vars(base).items() if inspect.isfunction(value)}
                for name in (name for name in names if not name.startswith("__")):
                    base = next((base for base in theirs if callable(vars(base).get(name))), None)
                    if base is not None:
                        found.setdefault(f"{base.__module__}.{base.__name__}", set()).add(name)
    return found


def test_every_private_name_that_we_reach_for_is_listed() -> None:
    assert _reached_for() <= {name for names in OWNERS.values() for name in names.split()}


@pytest.mark.parametrize("owner", OWNERS)
def test_whom_we_reach_into_still_has_the_names(owner: str) -> None:
    source = "".join(_source(base) for base in _class(owner).__mro__)
    for name in OWNERS[owner].split():
        assert hasattr(_class(owner), name) or re.search(rf"self\.{name}\b[^=\n]*= ", source), name


def test_no_name_is_listed_that_nobody_reaches_for() -> None:
    assert {name for names in OWNERS.values() for name in names.split()} <= _reached_for()


def test_every_method_that_we_replace_is_listed() -> None:
    listed = {owner: {said.split("(")[0] for said in said.split()} for owner, said in REPLACED.items()}
    assert _replaced() == listed


@pytest.mark.parametrize("owner", REPLACED)
def test_what_we_replace_is_called_as_it_was(owner: str) -> None:
    for said in REPLACED[owner].split():
        name = said.split("(")[0]
        _, *parameters = inspect.signature(getattr(_class(owner), name)).parameters
        assert f"{name}({','.join(parameters)})" == said


def test_every_known_fault_of_faust_is_pinned_by_a_test() -> None:
    """The last column of ADR 4 names them."""
    table = (ROOT / "docs" / "adr" / "0004-faust-pitfalls.md").read_text(encoding="utf-8")
    rows = [line for line in table.splitlines() if line.startswith("| ") and line.count(" | ") == 3][1:]
    tests = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))
    }
    assert len(rows) >= 30
    for row in rows:
        pins = re.findall(r"`(test_\w+)`", row.rsplit(" | ", 1)[1])
        assert pins, f"no test: {row[:80]}"
        assert set(pins) <= tests, set(pins) - tests
