"""What the server must know of a statement before the engine sees it: whether its rows follow on the wire, and where it ends.

Only a tokenizer: the engine parses. A `FORMAT` at the end is the client's business on the native protocol, so it is cut off.
"""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|\#[!\ ][^\n]*|/\*.*?\*/)
      | (?P<heredoc>\$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
      | (?P<string>'(?:[^'\\]|\\.|'')*')
      | (?P<quoted>`(?:[^`\\]|\\.|``)*`|"(?:[^"\\]|\\.|"")*")
      | (?P<word>\w+)
      | (?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)|``|\"\"", re.DOTALL)
_QUERIES = frozenset({"SELECT", "WITH", "FROM", "("})


class UnsupportedStatementError(ValueError):
    """A statement that only a real server can run."""


@dataclass(frozen=True, slots=True)
class Query:
    """A statement for the engine; `answers` when it is a select, whose columns are told even if no row comes."""

    sql: str
    answers: bool


@dataclass(frozen=True, slots=True)
class WireInsert:
    """An INSERT whose rows follow on the wire: no `columns` means all.

    `sql` ends before SETTINGS, VALUES and FORMAT; `settings` is the SETTINGS clause, if there is one.
    """

    sql: str
    settings: str
    target: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    depth: int

    def names_a_table(self) -> bool:
        """Whether it may be a part of `database.table`."""
        return self.says(".") or (self.kind in {"word", "quoted"} and not self.says("SETTINGS"))

    def says(self, *words: str) -> bool:
        """Whether it is one of these words or marks, outside all parentheses."""
        return not self.depth and self.kind in {"word", "mark"} and self.text.upper() in words


def rewrite(sql: str, *, external_tables: bool = False) -> Query | WireInsert:
    """Tell what a statement is; `external_tables` says that tables came with it. Raises UnsupportedStatementError."""
    if external_tables:
        raise UnsupportedStatementError("external tables are not served here: create a temporary table and fill it")
    tokens = _tokens(sql)
    while tokens and tokens[-1].says(";"):
        sql = sql[: tokens.pop().start]
    if not tokens:
        return Query(sql, answers=False)
    if tokens[0].says("INSERT"):
        return _insert(sql, tokens) or Query(sql, answers=False)
    for index, token in enumerate(tokens[:-1]):
        if token.says("INTO") and tokens[index + 1].says("OUTFILE"):
            message = "INTO OUTFILE is a feature of ClickHouse's own client: read the rows and write the file where you are"
            raise UnsupportedStatementError(message)
    return Query(_without_format(sql, tokens), answers=tokens[0].text.upper() in _QUERIES)


def literal(value: str) -> str:
    """A string as ClickHouse writes it in SQL."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _tokens(sql: str) -> list[_Token]:
    tokens, depth = [], 0
    for match in _TOKEN.finditer(sql):
        kind = match.lastgroup or ""
        if kind == "space":
            continue
        text = match.group()
        depth -= kind == "mark" and text == ")"
        tokens.append(_Token(kind, text, match.start(), depth))
        depth += kind == "mark" and text == "("
    return tokens


def _without_format(sql: str, tokens: list[_Token]) -> str:
    for index in range(len(tokens) - 2, 0, -1):
        after = index + 2
        if tokens[index].says("FORMAT") and tokens[index + 1].kind == "word":
            if after == len(tokens):
                return sql[: tokens[index].start]
            if tokens[after].says("SETTINGS"):
                return sql[: tokens[index].start] + sql[tokens[after].start :]
    return sql


def _insert(sql: str, tokens: list[_Token]) -> WireInsert | None:
    """The insert, if its rows come on the wire; None if its text holds them or selects them."""
    first = 1
    while tokens[first : first + 1] and tokens[first].says("INTO", "TABLE"):
        first += 1
    if tokens[first : first + 1] and tokens[first].says("FUNCTION"):
        return None
    end = len(tokens)
    if tokens[-1].says("VALUES"):
        end -= 1
    elif tokens[-2].says("FORMAT"):
        end -= 2
    if any(token.says("SELECT", "WITH", "VALUES", "FORMAT", "INFILE", "WATCH") for token in tokens[first:end]):
        return None
    starts = [token.start for token in tokens] + [len(sql)]
    after = next((i for i in range(first, end) if not tokens[i].names_a_table()), end)
    columns: tuple[str, ...] = ()
    if after < end and tokens[after].says("("):
        inside = [token for token in tokens[after + 1 : end] if token.depth]
        if inside and inside[0].text.upper() in _QUERIES:
            return None
        columns = _columns(inside)
    settings = next((i for i in range(after, end) if tokens[i].says("SETTINGS")), end)
    return WireInsert(sql[: starts[settings]], sql[starts[settings] : starts[end]], sql[starts[first] : starts[after]], columns)


def _columns(tokens: list[_Token]) -> tuple[str, ...]:
    names = [""]
    for token in tokens:
        if token.text == "," and token.kind == "mark":
            names.append("")
        elif token.kind == "quoted":
            names[-1] += _ESCAPED.sub(lambda match: match.group(1) or match.group()[0], token.text[1:-1])
        elif token.kind == "word" or token.text == ".":
            names[-1] += token.text
        else:
            message = "an INSERT with rows on the wire names its columns one by one here"
            raise UnsupportedStatementError(message)
    return tuple(names)
