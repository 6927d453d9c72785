"""The words of each file, to be searched: FTS5 on SQLite, a GIN index on PostgreSQL.

Both get words that are folded already and are searched with terms that are folded alike
(`scheduler/domain/library/search`), so both find the same. A file is its number in `search_entry`.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Integer,
    SelectBase,
    String,
    bindparam,
    column,
    delete,
    literal,
    or_,
    select,
    table,
    text,
    union,
)
from sqlalchemy.orm import Session

from scheduler.db.tables.search import OWN_WORDS
from scheduler.domain.library.search import Term

MOST_LEXEME_BYTES = 900_000
"""PostgreSQL keeps at most a megabyte of distinct words and pairs of a file. Words beyond it are
not found."""
_UNPAIRED = " "
"""The lexeme of a file whose pairs do not fit, or were not stored yet."""
_TEXTS = ("about", "said")
_SQLITE = table(OWN_WORDS, column("rowid", Integer), *(column(one, String) for one in _TEXTS))
_POSTGRES = table(OWN_WORDS, column("number", Integer), *(column(one, String) for one in _TEXTS))


class SearchWords(Protocol):
    """The words of every file."""

    def create(self, session: Session) -> None:
        """Make the table where it is missing."""

    def put(self, session: Session, number: int, about: str, said: str) -> None:
        """Store the folded words of a file: those written about it, and those of its captions."""

    def drop(self, session: Session, numbers: Iterable[int]) -> None:
        """Remove the words of files."""

    def having(self, terms: Sequence[Term]) -> SelectBase:
        """Return the question for the numbers of the files that have every one of the terms."""

    def by_index(self, session: Session) -> AbstractContextManager[None]:
        """Let questions for words be answered from the index meanwhile."""


def search_words(dialect: str) -> SearchWords:
    """Return the adapter for a dialect of SQLAlchemy."""
    return SqliteWords() if dialect == "sqlite" else PostgresWords()


class SqliteWords:
    """FTS5. The tokenizer only parts words at spaces, since they are folded already."""

    def create(self, session: Session) -> None:
        """Make the table where it is missing."""
        session.execute(
            text(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS {OWN_WORDS} USING fts5"
                "(about, said, prefix='2 3', tokenize='ascii')"
            )
        )

    def put(self, session: Session, number: int, about: str, said: str) -> None:
        """Store the folded words of a file."""
        session.execute(_SQLITE_PUT, {"number": number, "about": about, "said": said})

    def drop(self, session: Session, numbers: Iterable[int]) -> None:
        """Remove the words of files."""
        session.execute(delete(_SQLITE).where(_SQLITE.c.rowid.in_(list(numbers))))

    def having(self, terms: Sequence[Term]) -> SelectBase:
        """Return the question for the numbers of the files that have every one of the terms."""
        # A folded word holds letters and digits alone: nothing in it can end the quotation.
        asked = " AND ".join(f'"{" ".join(one.words)}"{"" if one.whole else "*"}' for one in terms)
        found = text(f"{OWN_WORDS} MATCH :words").bindparams(bindparam("words", asked, unique=True))
        return select(_SQLITE.c.rowid).where(found)

    def by_index(self, session: Session) -> AbstractContextManager[None]:
        """Do nothing: SQLite reads the index anyway."""
        del session
        return nullcontext()


class PostgresWords:
    """A `tsvector` of the distinct words, and of each two that follow one another, under a GIN
    index. Of a phrase of more than two words the text itself decides.

    A `tsvector` counts positions only to 16,383, and a council speaks twice as many words. To look
    for a phrase in the texts of five thousand meetings took a second. A pair begins with a space,
    so that no search for the beginning of a word reads pairs. Where the pairs of a file do not fit,
    it has _UNPAIRED instead, and its text decides:

    text                      stored                       asked                   index asks for
    approve the budget now    approve budget now the       "the budget"            ' the budget'
                              ' approve the'               "approve the budget"    both pairs, then
                              ' the budget' ' budget now'                          the text
    """

    def create(self, session: Session) -> None:
        """Make the table where it is missing."""
        session.execute(
            text(
                f"CREATE TABLE IF NOT EXISTS {OWN_WORDS} (number integer PRIMARY KEY,"
                " about text NOT NULL, said text NOT NULL, words tsvector NOT NULL)"
            )
        )
        index = f"CREATE INDEX IF NOT EXISTS ix_{OWN_WORDS} ON {OWN_WORDS} USING gin (words)"
        session.execute(text(index))

    def put(self, session: Session, number: int, about: str, said: str) -> None:
        """Store the folded words of a file."""
        words = _lexemes([about.split(), said.split()])
        values = {"number": number, "about": f" {about} ", "said": f" {said} ", "words": words}
        session.execute(_POSTGRES_PUT, values)

    def drop(self, session: Session, numbers: Iterable[int]) -> None:
        """Remove the words of files."""
        session.execute(delete(_POSTGRES).where(_POSTGRES.c.number.in_(list(numbers))))

    def having(self, terms: Sequence[Term]) -> SelectBase:
        """Return the question for the numbers of the files that have every one of the terms.

        The index alone answers it for files whose pairs are stored: `or` in one condition would
        read the words of each.
        """
        each = [f"'{word}'{'' if one.whole else ':*'}" for one in terms for word in one.words]
        phrases = [one.words for one in terms if len(one.words) > 1]
        pairs = [f"'{pair}'" for phrase in phrases for pair in _pairs(phrase)]
        long = [_is_written(phrase) for phrase in phrases if len(phrase) > 2]
        paired = select(_POSTGRES.c.number).where(_has([*each, *pairs]), *long)
        if not phrases:
            return paired
        unpaired = select(_POSTGRES.c.number).where(
            _has([*each, f"'{_UNPAIRED}'"]), *map(_is_written, phrases)
        )
        return union(paired, unpaired)

    @contextmanager
    def by_index(self, session: Session) -> Iterator[None]:
        """Answer a question for words from the index. PostgreSQL takes a row to be cheap to read,
        and the words of a meeting are a hundred pages away from it.
        """
        ways = ("enable_seqscan", "enable_indexscan")  # by every row, or by the number of each
        for way in ways:
            session.execute(text(f"SET LOCAL {way} = off"))
        yield
        for way in ways:
            session.execute(text(f"SET LOCAL {way} = on"))


def _has(lexemes: Iterable[str]) -> ColumnElement[bool]:
    asked: Any = text("words @@ CAST(:words AS tsquery)")
    words = bindparam("words", " & ".join(lexemes), String, unique=True)
    found: ColumnElement[bool] = asked.bindparams(words)
    return found


def _is_written(phrase: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition of a file whose text has these words, one after another."""
    like = literal(f"% {' '.join(phrase)} %")
    return or_(_POSTGRES.c.about.like(like), _POSTGRES.c.said.like(like))


def _pairs(words: Sequence[str]) -> list[str]:
    """Return each two words that follow one another as they are stored."""
    return [f" {one} {next}" for one, next in zip(words, words[1:], strict=False)]


def _lexemes(texts: Iterable[Sequence[str]]) -> list[str]:
    """Return each word and each pair of these texts once, as PostgreSQL keeps them of one file."""
    read = list(texts)
    words, left = _fitting((word for one in read for word in one), MOST_LEXEME_BYTES)
    pairs = list(dict.fromkeys(pair for one in read for pair in _pairs(one)))
    fitting, _ = _fitting(pairs, left)
    return [*words, *(pairs if len(fitting) == len(pairs) else [_UNPAIRED])]


def _fitting(words: Iterable[str], room: int) -> tuple[list[str], int]:
    """Return each word once, as many as fit into `room` bytes, and the bytes that are left."""
    kept = []
    for word in dict.fromkeys(words):
        size = len(word.encode()) + 8
        if size > room:
            break
        room -= size
        kept.append(word)
    return kept, room


_SQLITE_PUT = text(
    f"INSERT OR REPLACE INTO {OWN_WORDS} (rowid, about, said) VALUES (:number, :about, :said)"
)
_POSTGRES_PUT = text(
    f"INSERT INTO {OWN_WORDS} (number, about, said, words)"
    " VALUES (:number, :about, :said, array_to_tsvector(CAST(:words AS text[])))"
    " ON CONFLICT (number) DO UPDATE"
    " SET about = excluded.about, said = excluded.said, words = excluded.words"
)
