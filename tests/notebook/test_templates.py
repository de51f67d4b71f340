"""Templates in values: what is syntax and what is text, what is refused, and what comes of the rest."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.domain.rendering import Rendering
from jupyter_notebook_sched.notebook.parameters.model import Kind, Parameter
from jupyter_notebook_sched.notebook.templates import checking, rendering
from jupyter_notebook_sched.notebook.templates.blocks import Block, TemplateFault, holds_template, pieces
from jupyter_notebook_sched.notebook.templates.expressions import NAMES
from jupyter_notebook_sched.notebook.templates.filters import FILTERS
from jupyter_notebook_sched.notebook.templates.moments import ATTRIBUTES

from .json_values import identical, values

MOMENT = datetime(2026, 3, 29, 5, tzinfo=timezone.utc)
FACTS = Rendering(MOMENT, "Daily report", "Europe/Berlin")


def parameter(type: str = "any", **declared: Any) -> Parameter:
    return Parameter("p", type, **declared)


def refused(value: Any, type: str = "any", **declared: Any) -> str:
    """Why it is refused when it is posted; empty where it is not."""
    errors = checking.check([parameter(type, **declared)], {"p": value}).errors
    assert {error.field for error in errors} <= {"parameters.p"}
    return errors[0].message if errors else ""


def rendered(value: Any, type: str = "any", **declared: Any) -> Any:
    assert refused(value, type, **declared) == ""
    made = rendering.when_made([parameter(type, **declared)], {"p": value}, FACTS, "01run")
    assert made.errors == []
    return made.values["p"]


def failure(value: Any, type: str = "any", **declared: Any) -> str:
    """Why it fails when it is rendered, though nothing is wrong with it before."""
    assert refused(value, type, **declared) == ""
    made = rendering.when_made([parameter(type, **declared)], {"p": value}, FACTS, "01run")
    (error,) = made.errors
    assert (error.field, made.values["p"]) == ("parameters.p", value)
    return error.message


@pytest.mark.parametrize(
    ("written", "gives"),
    [
        ("{{ scheduled_for }}", "2026-03-29T07:00:00+02:00"),
        ("{{ scheduled_for | date }}", "2026-03-29"),
        ("{{ scheduled_for | date(-1) }}", "2026-03-28"),
        ("{{run_id}}", "01run"),
        ("{{ job_name }} of {{ scheduled_for | date }}.", "Daily report of 2026-03-29."),
        ("s3://b/{{ scheduled_for | format('%Y/%m/%d') }}/x", "s3://b/2026/03/29/x"),
        ("{{ '}}' }}", "}}"),
        ("{{ '{{' }} stays {{ \"}}\" }}", "{{ stays }}"),
        ("{{ {'a': {'b': 1}}['a']['b'] }}", 1),
        ("{{ job_name | upper | replace(' ', '_') }}", "DAILY_REPORT"),
        ("{{ 'Mon Tue Wed Thu Fri Sat Sun'[4 * (scheduled_for.weekday - 1):4 * scheduled_for.weekday - 1] }}", "Sun"),
        ("{{ 'weekend' if scheduled_for.weekday > 5 else 'week' }}", "weekend"),
        ("{{ ['a', job_name] | join('-') }}", "a-Daily report"),
        ("{{ 7 // 2 + 0.5 }}", 3.5),
        ("{{ [1, 2.5, true, none] }}", [1, 2.5, True, None]),
        ("{{ scheduled_for.timestamp }}", 1774760400),
        ("{{ scheduled_for | zone('America/New_York') }}", "2026-03-29T01:00:00-04:00"),
        ("{{ '' | default('nothing') }}", "nothing"),
    ],
)
def test_it_renders_expressions(written: str, gives: Any) -> None:
    assert identical(rendered(written), gives)


@pytest.mark.parametrize(
    "text",
    ["{% if 1 %}", "{# no comment #}", "# for x in y", "{ { x } }", "}}", "{%- raw -%}", "$x %s {0} {x}", "a }} b"],
)
def test_everything_else_is_plain_text(text: str) -> None:
    assert not holds_template(text)
    assert rendered(f"{text}{{{{ 1 }}}}{text}") == f"{text}1{text}"


@given(value=values)
def test_values_without_a_template_stay_what_they_are(value: Any) -> None:
    if not holds_template(value):
        assert identical(rendering.when_made([], {"p": value}, FACTS, "01run").values["p"], value)


@given(
    parts=st.lists(st.one_of(st.text(st.characters(exclude_characters="{}")), st.builds(Block, st.just("{{ 'x}}' }}"))))
)
def test_a_text_is_cut_without_losing_a_character(parts: list[str | Block]) -> None:
    text = "".join(part if isinstance(part, str) else part.text for part in parts)
    found = pieces(text)
    assert "".join(part if isinstance(part, str) else part.text for part in found) == text
    assert [part for part in found if isinstance(part, Block)] == [part for part in parts if isinstance(part, Block)]


@pytest.mark.parametrize(
    ("written", "because"),
    [
        ("{{", "not closed"),
        ("{{ run_id", "not closed"),
        ("{{ 'x }}", "quote"),
        ("{{ (run_id }}", "brackets"),
        ("{{ }}", "empty"),
        ("{{ run_id job_name }}", "left over"),
        ("{{ if }}", "no if; there are"),
        ("{{ runid }}", "did you mean run_id?"),
        ("{{ scheduled_for | dates }}", "did you mean date?"),
        ("{{ scheduled_for | date(day=1) }}", "filter date cannot be used so"),
        ("{{ scheduled_for | date(1, 2) }}", "filter date cannot be used so"),
        ("{{ scheduled_for.yeer }}", "did you mean year?"),
        ("{{ scheduled_for.strftime('%Y') }}", "strftime"),
        ("{{ secrets.x }}", "There is no secrets"),
        ("{{ 1 is divided }}", "There is no test"),
        ("{{ secret }}", "secret('NAME')"),
        ("{{ secret(run_id) }}", "written out"),
        ("{{ secret('A', 'B') }}", "written out"),
        ("{{ secret(name='A') }}", "written out"),
        ("{{ secret('no name') }}", "letters"),
        ("{{ secret('X')('Y') }}", "can be called"),
        ("{{ 2 ** 3 }}", "**"),
        ("{{ " + " + ".join(["1"] * 600) + " }}", "longer than 2000"),
        ("{{ " + "(" * 900 + "1" + ")" * 900 + " }}", "cannot be read"),
        ("{{ " + "-" * 100 + "1 }}", "too deeply"),
        ("{{ 1 }}" * 101, "at most 100"),
    ],
)
def test_it_refuses_what_cannot_be_read_and_names_that_it_does_not_know(written: str, because: str) -> None:
    assert because.lower() in refused(written).lower()
    assert because.lower() in refused(["deep", {"in": written}], "array").lower()


@pytest.mark.parametrize(
    "written",
    [
        "{{ ''.__class__ }}",
        "{{ ''['__class__'] }}",
        "{{ scheduled_for['__class__'] }}",
        "{{ scheduled_for['at'] }}",
        "{{ scheduled_for.__init__ }}",
        "{{ [].append(1) }}",
        "{{ ''.join(['a']) }}",
        "{{ '{0.__class__}'.format(1) }}",
        "{{ ['%s'] | map('upper') | list }}",
        "{{ 1 | attr('__class__') }}",
        "{{ run_id | attr('__class__') }}",
        "{{ self }}",
        "{{ self._TemplateReference__context }}",
        "{{ cycler }}",
        "{{ lipsum() }}",
        "{{ range(9) }}",
        "{{ dict() }}",
        "{{ namespace() }}",
        "{{ environment }}",
        "{{ context }}",
        "{{ caller() }}",
        "{{ secret.__globals__ }}",
        "{{ secret['known'] }}",
        "{{ _ }}",
        "{{ __import__('os') }}",
        "{{ job_name | safe }}",
        "{{ scheduled_for | format(*['%Y']) }}",
    ],
)
def test_it_gives_no_way_out_of_the_sandbox(written: str) -> None:
    if refused(written) == "":
        assert "cannot be rendered" in failure(written)


@pytest.mark.parametrize(
    "written",
    [
        "{{ 'x' * 1000000000 }}",
        "{{ [1] * 1000000000 }}",
        "{{ 9 * 9 * " + "9" * 1500 + " * " + "9" * 400 + " * (" + "9" * 40 + " * " + "9" * 30 + ") }}" + "{{ 1 }}",
        "{{ " + "9" * 990 + " * " + "9" * 990 + " // 1 * " + "9" * 1 + " }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 'aaaaaaaaaa' | replace('a', 'b' | replace('b', '"
        + "c" * 900
        + "') | replace('c', '"
        + "d" * 900
        + "')) }}",
        "{{ scheduled_for | format('%" + "9" * 100 + "Y') }}",
        "{{ scheduled_for | date(10 * 1000000000) }}",
        "{{ scheduled_for | date(years=100000) }}",
        "{{ scheduled_for | shift(hours=999999999999) }}",
        "{{ 1.5 | round(1000000000) }}",
        "{{ 1 // 0 }}",
        "{{ 'x' - 1 }}",
        "{{ 'x' | int }}",
        "{{ scheduled_for - 1 }}",
        "{{ job_name | date }}",
        "{{ job_name.year }}",
        "{{ [1][7] }}",
        "{{ scheduled_for | zone('Berlin') }}",
        "{{ scheduled_for | date | format('%H') }}",
    ],
)
def test_what_would_cost_too_much_or_fails_says_so_at_once(written: str) -> None:
    made = rendering.when_made([parameter()], {"p": written}, FACTS, "01run")
    result = made.values["p"]
    assert made.errors or len(str(result)) < 5000, "numbers within bounds may be multiplied"
    if made.errors:
        assert made.errors[0].message.startswith("The template {{ ")


def test_a_value_is_no_larger_for_being_rendered() -> None:
    large = "{{ 'a' | replace('a', '" + "b" * 1000 + "') | replace('b', '" + "c" * 260 + "') }}"
    assert len(rendered(large)) == 260_000
    assert "larger than 256 KiB" in failure(f"{large}{large}")


@pytest.mark.parametrize(
    ("written", "type", "gives"),
    [
        ("{{ 3 * 2 }}", "integer", 6),
        ("{{ '12' }}", "integer", 12),
        ("{{ 4 / 2 }}", "integer", 2),
        ("{{ 3 * 2 }}", "string", "6"),
        ("{{ 3 * 2 }}", "number", 6),
        ("{{ '1.5' }}", "number", 1.5),
        ("{{ 'NaN' }}", "number", "NaN"),
        ("{{ 1 < 2 }}", "boolean", True),
        ("{{ 'False' }}", "boolean", False),
        ("{{ scheduled_for }}", "date", "2026-03-29"),
        ("{{ scheduled_for | date }}", "date", "2026-03-29"),
        ("{{ scheduled_for | date }}", "datetime", "2026-03-29T00:00:00"),
        ("{{ scheduled_for }}", "datetime", "2026-03-29T07:00:00+02:00"),
        ("{{ scheduled_for.year }}-01-01", "date", "2026-01-01"),
        ("{{ [1, 2] }}", "array", [1, 2]),
        ("{{ '[1, 2]' }}", "array", [1, 2]),
        ("{{ {'a': run_id} }}", "object", {"a": "01run"}),
        ({"a": ["{{ 1 }}", "{{ scheduled_for | date }}", "n{{ 1 }}", 2]}, "object", {"a": [1, "2026-03-29", "n1", 2]}),
        (["{{ 3 * 2 }}", "{{ scheduled_for.year }}"], "array", [6, 2026]),
    ],
)
def test_a_value_that_is_one_template_takes_the_declared_type(written: Any, type: str, gives: Any) -> None:
    assert identical(rendered(written, type), gives)


def test_items_take_the_type_that_is_declared_for_them() -> None:
    assert rendered(["{{ 3 * 2 }}"], "array", items="string") == ["6"]
    assert rendered(["{{ '6' }}"], "array", items="integer") == [6]
    assert "must be" in failure(["{{ job_name }}"], "array", items="integer")


def test_members_and_places_take_the_types_that_are_declared_for_them() -> None:
    texts, whole = Kind(type="string"), Kind(type="integer")
    assert rendered({"a": "{{ 1 }}", "b": "{{ 1 }}"}, "object", members=texts) == {"a": "1", "b": "1"}
    assert rendered({"a": "{{ 1 }}", "b": "{{ 1 }}"}, "object", named={"a": texts, "b": whole}) == {"a": "1", "b": 1}
    assert rendered(["{{ 1 }}", "{{ 1 }}"], "array", places=(texts, whole)) == ["1", 1]
    assert rendered([["{{ 1 }}"]], "array", elements=Kind(type="array", items="string")) == [["1"]]


@pytest.mark.parametrize("type", ["integer", "number", "boolean", "array", "object"])
def test_a_template_with_text_around_it_is_for_texts_only(type: str) -> None:
    assert "which a parameter of type" in refused("1{{ attempt }}", type)
    assert refused("1{{ attempt }}", "string") == ""


def test_a_list_with_templates_is_refused_where_no_list_belongs() -> None:
    assert refused(["{{ run_id }}"], "integer") != ""
    assert refused({"a": "{{ run_id }}"}, "array") != ""
    assert refused(["{{ run_id }}"], "any") == ""


@pytest.mark.parametrize(
    ("written", "type", "declared"),
    [
        ("{{ job_name }}", "integer", {}),
        ("{{ scheduled_for }}", "boolean", {}),
        ("{{ 1.5 }}", "integer", {}),
        ("{{ 11 }}", "integer", {"maximum": 10}),
        ("{{ run_id }}", "string", {"choices": ("us", "fr")}),
        ("{{ none }}", "string", {}),
        ("{{ job_name }}", "date", {}),
    ],
)
def test_what_does_not_fit_once_it_is_rendered_fails_with_the_reason(
    written: str, type: str, declared: dict[str, Any]
) -> None:
    assert failure(written, type, **declared).startswith("What its template gives does not fit. ")


def test_what_waits_for_an_attempt_stands_as_written() -> None:
    checked = checking.check([parameter()], {"p": "{{ attempt }} {{ secret('B') ~ secret('A') }}"})
    assert (checked.late, checked.secrets) == (["p"], {"p": ["A", "B"]})
    mixed = "{{ run_id }}/{{ attempt }}/{{ scheduled_for | date }}"
    assert rendered(mixed) == "01run/{{ attempt }}/2026-03-29"


def attempted(value: Any, type: str = "any", **secrets: str) -> rendering.AtAttempt:
    facts = {"run_id": "01run", "attempt": 2, "run_dir": "/archive/2"}
    return rendering.at_attempt([parameter(type)], {"p": value}, FACTS, facts, secrets)


def test_at_an_attempt_everything_is_rendered_from_what_was_sent() -> None:
    made = attempted("{{ run_id }}/{{ attempt }}/{{ scheduled_for | date }}/{{ run_dir }}")
    assert made.values == made.shown == {"p": "01run/2/2026-03-29//archive/2"}
    assert attempted("{{ attempt }}", "integer").values == {"p": 2}
    assert attempted("{{ attempt }}", "string").values == {"p": "2"}


def test_secrets_are_values_to_the_kernel_and_calls_to_everybody_else() -> None:
    made = attempted("Bearer {{ secret('X') }} {{ attempt }}", X="hush")
    assert (made.values["p"], made.shown["p"]) == ("Bearer hush 2", "Bearer {{ secret('X') }} 2")
    assert attempted("{{ secret('PORT') }}", "integer", PORT="5432").values == {"p": 5432}
    assert attempted({"a": ["{{ secret('X') }}"]}, "object", X="hush").shown == {"p": {"a": ["{{ secret('X') }}"]}}


def test_what_was_made_of_a_secret_is_known_as_such() -> None:
    assert attempted("{{ secret('X') | upper }}", X="hush").derived == ["HUSH"]


@pytest.mark.parametrize(
    ("written", "type", "derived"),
    [
        ("{{ [secret('X') | upper] }}", "any", ['HU"SH']),
        ("{{ {secret('X') | upper: 1} }}", "string", ['HU"SH', 'HU\\"SH', '{"HU\\"SH": 1}']),
        ("a {{ [secret('X')] }}", "string", ['hu"sh', 'hu\\"sh', '["hu\\"sh"]']),
        ("{{ 'production' if secret('X') else 'staging' }}", "any", []),
        ("{{ job_name if secret('X') else run_id }}", "any", []),
        ("{{ {'user': 'admin', 'password': secret('X')} }}", "any", ['hu"sh']),
        ("{{ scheduled_for | date if secret('X') }}", "any", []),
        ("{{ secret('X') | length }}", "integer", []),
        ("{{ secret('X') == 'hush' }}", "any", []),
        ("{{ secret('N') }}", "integer", ["0054321", "54321"]),
        ("{{ secret('J') }}", "object", ['{"word": "open sesame"}', "open sesame"]),
    ],
)
def test_only_what_holds_some_of_a_secret_is_made_of_it(written: str, type: str, derived: list[str]) -> None:
    """Words that stand in the template are no secrets: to mask those would spoil what a notebook shows."""
    made = attempted(written, type, X='hu"sh', N="0054321", J='{"word": "open sesame"}')
    assert (made.errors, made.derived) == ([], derived)


def test_texts_are_written_as_they_are_in_a_text() -> None:
    assert rendered("{{ {'a': ['é', '日本'], '\"': 1} }}", "string") == '{"a": ["é", "日本"], "\\"": 1}'


def test_a_secret_that_is_gone_is_named_and_one_that_does_not_fit_is_not_quoted() -> None:
    assert "no secret X" in attempted("{{ secret('X') }}").errors[0].message
    wrong = attempted("{{ secret('X') | int }}", X="hush-hush").errors[0].message
    assert "hush-hush" not in wrong
    assert "hush-hush" not in attempted("{{ secret('X') }}", "integer", X="hush-hush").errors[0].message


@pytest.mark.parametrize("hostile", ["{{ secret('X') }}", "{{ attempt }}", "}} {{ run_dir }}"])
def test_text_that_came_out_of_a_rendering_is_no_template(hostile: str) -> None:
    facts = Rendering(MOMENT, hostile, "UTC")
    early = rendering.when_made([parameter()], {"p": "{{ job_name }}|{{ attempt }}"}, facts, "01run").values["p"]
    assert early == f"{hostile}|{{{{ attempt }}}}"
    late = rendering.at_attempt(
        [parameter()], {"p": "{{ job_name }}|{{ attempt }}"}, facts, {"run_id": "r", "attempt": 1, "run_dir": "d"}, {}
    )
    assert late.values == late.shown == {"p": f"{hostile}|1"}


def test_a_preview_shows_what_a_first_attempt_would_have() -> None:
    sent = {"p": "{{ scheduled_for | date }} {{ attempt }} {{ run_id }} {{ secret('X') }}"}
    assert rendering.preview([parameter()], sent, FACTS).values == {"p": "2026-03-29 1 {{ run_id }} {{ secret('X') }}"}


def test_a_fault_names_the_template() -> None:
    with pytest.raises(TemplateFault, match=r"\{\{ oops"):
        pieces("before {{ oops")


def test_the_documentation_names_all_that_there_is() -> None:
    told = Path(__file__).parents[2].joinpath("docs", "templates.md").read_text()
    offered = {*FILTERS, *ATTRIBUTES, *NAMES} - {"secret"}
    assert sorted(name for name in offered if f"`{name}`" not in told) == []
    for written in re.findall(r"\{\{ (?!secret|…|'\{\{' \}\})[^}]+ \}\}", told):
        assert refused(written) == "", written
