"""One SQLite file for a workspace: how it is opened, read and written.

Reading a store that was never written reads an empty one in memory: looking leaves no trace in the workspace.
"""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlite_utils import Database

from ..errors import Unavailable
from . import damage, migrations

BUSY_SECONDS = 10.0
CACHE_KIB = 2 * 1024  # a connection, of which a server has several; the operating system caches the file
# STRICT tables came with 3.37, RETURNING with 3.35 (https://www.sqlite.org/changes.html).
OLDEST_SQLITE = (3, 37)


def nobody_lives(identity: str, beat: int) -> bool:
    return False


class Store:
    """The store at ``path``; safe to use from several threads, each with a connection of its own.

    ``network``: the file system is shared by hosts, where SQLite's WAL corrupts (its index is shared memory).
    ``lives``: whether a worker of another version lives; as long as one does, the schema stays as it is.
    ``patience``: seconds that a transaction waits for the lock (None: BUSY_SECONDS).
    """

    def __init__(
        self, path: Path, network: bool, lives: migrations.Lives = nobody_lives, patience: float | None = None
    ) -> None:
        self.path = path
        self.network = network
        self.lives = lives
        self._patience = patience
        self._own = threading.local()

    @property
    def patience(self) -> float:
        return BUSY_SECONDS if self._patience is None else self._patience

    @property
    def journal_mode(self) -> str:
        return "truncate" if self.network else "wal"

    def exists(self) -> bool:
        return self.path.exists()

    @contextmanager
    def read(self) -> Iterator[Database]:
        """A database to read from; several reads in one block see one moment.

        Raises Unavailable (503) where the file cannot be read.
        """
        if not self.exists():
            damage.refuse_lost(self.path)
            yield self._empty()
            return
        damage.refuse_damaged(self.path)
        db = self._database()
        with _told_plainly(self.path):
            db.execute("begin")
            try:
                yield db
            finally:
                db.execute("rollback")

    @contextmanager
    def write(self) -> Iterator[Database]:
        """One transaction that holds the write lock from its start, committed at the end of the block.

        Raises Unavailable (503) where the lock, the disk or the file itself does not let it happen; nothing is
        written then.
        """
        self.make()
        damage.refuse_damaged(self.path)
        db = self._database()
        with _told_plainly(self.path):
            _take_turn(db, self.patience)
            try:
                yield db
                db.execute("commit")
            except BaseException:
                if db.conn.in_transaction:
                    db.execute("rollback")
                raise

    def make(self) -> None:
        """Makes the state directory and the empty store, unless they are there. Unavailable where what is there
        cannot be used."""
        if not self.exists():
            damage.refuse_lost(self.path)
            with _told_plainly(self.path):
                make_state_directory(self.path.parent)
                # Closing a file that somebody uses here would drop its locks (https://www.sqlite.org/howtocorrupt.html).
                with suppress(FileExistsError):
                    os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        self._database()

    def close(self) -> None:
        """Closes this thread's connection."""
        db = getattr(self._own, "db", None)
        if db is not None:
            db.close()
            self._own.db = None

    def _database(self) -> Database:
        db = getattr(self._own, "db", None)
        with _told_plainly(self.path):
            inode = self.path.stat().st_ino
            if db is None or self._own.inode != inode:
                db = self._open()
                self._own.db, self._own.inode = db, inode
        return db

    def _open(self) -> Database:
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise Unavailable(
                f"SQLite {sqlite3.sqlite_version} is too old; {OLDEST_SQLITE[0]}.{OLDEST_SQLITE[1]} is needed"
            )
        for ours in (self.path.parent, self.path):
            refuse_of_others(ours)
        damage.refuse_damaged(self.path)
        # Half of the patience is SQLite's own: it must wait for readers, too, when it commits.
        connection = sqlite3.connect(
            self.path, isolation_level=None, timeout=self.patience / 2, check_same_thread=False, cached_statements=512
        )
        db = Database(connection, execute_plugins=False)
        try:
            # NORMAL loses acknowledged rows in a power cut (https://www.sqlite.org/pragma.html#pragma_synchronous).
            connection.execute("pragma synchronous = full")
            connection.execute(f"pragma cache_size = -{CACHE_KIB}")
            # The journals that undo one statement with its triggers: in a file they cost more than the statement.
            connection.execute("pragma temp_store = memory")
            _insist(db, f"pragma journal_mode = {self.journal_mode}", self.patience)
            migrations.bring_up_to_date(db, self.path, self.lives)
        except BaseException:
            connection.close()
            raise
        return db

    def _empty(self) -> Database:
        db = getattr(self._own, "empty", None)
        if db is None:
            connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            db = self._own.empty = Database(connection, execute_plugins=False)
            migrations.bring_up_to_date(db, None)
        return db


@contextmanager
def apart(db: Database) -> Iterator[None]:
    """A part of a transaction that is undone alone where it fails."""
    db.execute("savepoint apart")
    try:
        yield
    except BaseException:
        db.execute("rollback to apart")
        db.execute("release apart")
        raise
    db.execute("release apart")


def is_trouble_of_all(error: Exception) -> bool:
    """Whether it is the disk, the lock or the file itself, where no other row would fare better."""
    return isinstance(error, (Unavailable, OSError, sqlite3.OperationalError)) or type(error) is sqlite3.DatabaseError


def make_state_directory(directory: Path) -> None:
    """The state directory, 0700, ignored by git; refused where it belongs to somebody else."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    refuse_of_others(directory)
    if directory.stat().st_mode & 0o077:
        directory.chmod(0o700)
    ignore = directory / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")


def refuse_of_others(path: Path) -> None:
    """Whoever owns the state directory, or the store in it, decides what is run here."""
    if path.stat().st_uid != os.getuid():
        raise Unavailable(f"{path} belongs to another user; set NotebookSched.state_dir to a directory of your own")


def _take_turn(db: Database, patience: float) -> None:
    """The write lock. SQLite's own busy handler, which sleeps for up to 100 ms, would come last under many writers; it
    is left to the commit, which waits for readers."""
    db.execute("pragma busy_timeout = 0")
    try:
        _insist(db, "begin immediate", patience)
    finally:
        db.execute(f"pragma busy_timeout = {round(patience * 500)}")


def _insist(db: Database, statement: str, patience: float) -> None:
    """Short tries with jitter, up to ``patience`` seconds; also where SQLite does not ask its busy handler (changes of
    the journal mode)."""
    until = time.monotonic() + patience
    while True:
        try:
            db.execute(statement)
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(random.uniform(0.0005, 0.003))


@contextmanager
def _told_plainly(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            raise Unavailable("the store is busy; try again in a moment", "busy") from error
        if "full" in text:
            raise Unavailable(
                f"the disk that holds {path.parent} is full; free some space and try again", "disk_full"
            ) from error
        if "readonly" in text or "unable to open" in text or "I/O" in text:
            raise Unavailable(f"the store {path} cannot be used: {text}") from error
        raise
    except FileNotFoundError as error:
        raise Unavailable(f"the store {path} was removed just now; try again") from error
    except OSError as error:
        if (told := Unavailable.of_disk(error)) is None:
            raise
        raise told from error
    except sqlite3.DatabaseError as error:
        # The class itself: SQLITE_CORRUPT and SQLITE_NOTADB. Its subclasses tell of constraints and of faults of ours.
        if type(error) is not sqlite3.DatabaseError:
            raise
        raise damage.quarantine(path, str(error)) from error
