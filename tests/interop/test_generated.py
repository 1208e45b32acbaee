"""Code that generators make of the schemas compiles and takes real events through, and AsyncAPI's parser agrees."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts import make_events
from stream_app.core.wire import decode_article
from stream_app.service import registry
from tests.interop.conftest import HERE, ROOT, ran

pytestmark = [pytest.mark.contract, pytest.mark.tools]

TOPICS = [topic for topic in make_events.MODELS if topic != "articles.raw"]
FILES = [ROOT / "schemas" / f"{topic}-1.json" for topic in TOPICS]
NAMES = {topic: "".join(word.title() for word in topic.split(".")) for topic in TOPICS}
NO_FRACTION = re.compile(r"(T\d\d:\d\d:\d\d)\.0+Z")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of JSON lines for each topic: what the flow makes of the seeds."""
    folder = tmp_path_factory.mktemp("published")
    for topic, values in make_events.published().items():
        if topic in TOPICS:
            (folder / f"{NAMES[topic].lower()}.jsonl").write_text("".join(json.dumps(value) + "\n" for value in values))
    return folder


def same(read: Path, written: str) -> None:
    """Whether lines of JSON came through: numbers and times may be written otherwise, fields without a value left out."""
    before, after = (list(map(json.loads, text.splitlines())) for text in (read.read_text(), written))
    assert [plain(value) for value in after] == [plain(value) for value in before]


MAY_GO = "ancestors"
"""A list that may be absent: Go leaves an empty one out, which says the same."""


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items() if inner is not None and (inner or name != MAY_GO)}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, str):
        return NO_FRACTION.sub(r"\1Z", value)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def test_asyncapi_is_valid_by_the_official_parser(node: str) -> None:
    path = ROOT / "schemas" / "asyncapi.yaml"
    told = json.loads(ran(node, HERE / "js" / "asyncapi.mjs", path))
    channels = yaml.safe_load(path.read_text(encoding="utf-8"))["channels"]
    assert told["version"].startswith("3.")
    assert sorted(told["channels"]) == sorted(channel["address"] for channel in channels.values())


THROUGH_CONFLUENT = """
import json, sys
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

client = SchemaRegistryClient.new_client({"url": "mock://"})
for line in sys.stdin:
    topic, schema, event, written = json.loads(line)
    where, text = SerializationContext(topic, MessageField.VALUE), json.dumps(schema)
    if written:
        print(JSONSerializer(text, client)(event, where).hex())
    else:
        number = client.register_schema(f"{topic}-value", Schema(text, "JSON"))
        framed = b"\\0" + number.to_bytes(4, "big") + json.dumps(event).encode()
        print(json.dumps(JSONDeserializer(text, schema_registry_client=client)(framed, where)))
"""


def test_the_serializers_of_a_schema_registry(python: Path) -> None:
    asked = [
        (topic, registry.schema_of(topic), make_events.load(topic)["examples"][0], False) for topic in registry.FRAMED
    ]
    raw = {"id": "a", "text": "Two died."}
    lines = [*map(json.dumps, asked), json.dumps(("articles.raw", registry.schema_of("articles.raw"), raw, True))]
    *read, written = ran(python, "-c", THROUGH_CONFLUENT, stdin="\n".join(lines)).splitlines()
    assert list(map(json.loads, read)) == [event for _, _, event, _ in asked]
    assert decode_article(bytes.fromhex(written)).id == "a"


THROUGH_PYDANTIC = """
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
model = getattr(importlib.import_module(sys.argv[2].lower()), sys.argv[2])
for line in open(sys.argv[3]):
    print(model.model_validate_json(line).model_dump_json(by_alias=True, exclude_unset=True))
"""


@pytest.mark.parametrize("topic", TOPICS)
def test_pydantic_models(python: Path, published: Path, tmp_path: Path, topic: str) -> None:
    name = NAMES[topic]
    target = tmp_path / f"{name.lower()}.py"
    ran(
        python, "-m", "datamodel_code_generator", "--input", ROOT / "schemas" / f"{topic}-1.json", "--output", target,
        "--input-file-type", "jsonschema", "--output-model-type", "pydantic_v2.BaseModel", "--class-name", name,
        "--target-python-version", "3.11", "--disable-timestamp",
    )  # fmt: skip
    read = published / f"{name.lower()}.jsonl"
    same(read, ran(python, "-c", THROUGH_PYDANTIC, tmp_path, name, read))


def test_typescript(node: str, published: Path, tmp_path: Path) -> None:
    ran(node, HERE / "js" / "generate.mjs", "typescript", tmp_path, *FILES)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    lines = [f'import {{ Convert as {name} }} from "./{name.lower()}.js";' for name in NAMES.values()]
    lines += [
        f"const through = {{ {', '.join(f'{n}: (t: string) => {n}.{_lower(n)}ToJson({n}.to{n}(t))' for n in NAMES.values())} }};"
    ]
    lines += [
        "declare const process: { argv: string[] };",
        "// @ts-ignore: the types of Node are not here",
        'import { readFileSync } from "node:fs";',
        'for (const line of readFileSync(process.argv[3], "utf8").split("\\n").filter(Boolean))',
        "  console.log(JSON.stringify(JSON.parse(through[process.argv[2] as keyof typeof through](line))));",
    ]  # fmt: skip
    (tmp_path / "main.ts").write_text("\n".join(lines))
    compiled(node, tmp_path)
    for name in NAMES.values():
        read = published / f"{name.lower()}.jsonl"
        same(read, ran(node, tmp_path / "main.js", name, read))


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]


def test_the_types_of_the_package_compile(node: str, tmp_path: Path) -> None:
    shutil.copy(make_events.PACKAGE / "js" / "events.d.ts", tmp_path)
    use = 'import type { Topics } from "./events";\nexport const low = (t: Topics["incidents.tolls"]) => t.toll.killed?.low;\n'
    (tmp_path / "use.ts").write_text(use)
    compiled(node, tmp_path)


def compiled(node: str, folder: Path) -> None:
    """Run TypeScript's compiler over a folder, as strict as it can be."""
    options = {"strict": True, "target": "es2022", "module": "nodenext", "moduleResolution": "nodenext", "types": []}
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": options}))
    ran(node, HERE / "js" / "node_modules" / "typescript" / "bin" / "tsc", "-p", folder, cwd=folder)


GO_MAIN = """package main

import (
	"bufio"
	"fmt"
	"os"
	{imports}
)

func main() {{
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {{
		var written []byte
		var err error
		switch os.Args[1] {{
{cases}
		}}
		if err != nil {{
			panic(err)
		}}
		fmt.Println(string(written))
	}}
}}
"""
GO_CASE = """		case "{name}":
			found, wrong := {package}.Unmarshal{name}(lines.Bytes())
			if wrong != nil {{
				panic(wrong)
			}}
			written, err = found.Marshal()"""


def test_go(node: str, go: Callable[[Path], Path], published: Path, tmp_path: Path) -> None:
    ran(node, HERE / "js" / "generate.mjs", "go", tmp_path, *FILES)
    (tmp_path / "go.mod").write_text("module generated\n\ngo 1.23\n")
    cases = "\n".join(GO_CASE.format(name=name, package=name.lower()) for name in NAMES.values())
    imports = "\n\t".join(f'"generated/{name.lower()}"' for name in NAMES.values())
    (tmp_path / "main.go").write_text(GO_MAIN.format(imports=imports, cases=cases))
    program = go(tmp_path)
    for name in NAMES.values():
        read = published / f"{name.lower()}.jsonl"
        same(read, ran(program, name, stdin=read.read_text()))


JAVA_MAIN = """
import java.nio.file.*;

public class Main {
  public static void main(String[] args) throws Exception {
    Class<?> converter = Class.forName(args[0].toLowerCase() + ".Converter");
    for (String line : Files.readAllLines(Path.of(args[1]))) {
      Object found = converter.getMethod("fromJsonString", String.class).invoke(null, line);
      System.out.println(converter.getMethod("toJsonString", found.getClass()).invoke(null, found));
    }
  }
}
"""


def test_java(
    node: str, kafka_jars: str, needing: Callable[[Sequence[str]], None], published: Path, tmp_path: Path
) -> None:
    needing(["javac"])
    ran(node, HERE / "js" / "generate.mjs", "java", tmp_path, *FILES)
    (tmp_path / "Main.java").write_text(JAVA_MAIN)
    sources = sorted(tmp_path.rglob("*.java"))
    ran("javac", "-nowarn", "-cp", kafka_jars, "-d", tmp_path / "classes", *sources)
    for name in NAMES.values():
        read = published / f"{name.lower()}.jsonl"
        same(read, ran("java", "-cp", f"{tmp_path / 'classes'}:{kafka_jars}", "Main", name, read))
