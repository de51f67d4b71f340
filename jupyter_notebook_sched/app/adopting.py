"""Kept kernels among the server's own: sessions, execution, interrupt, restart and shutdown go through Jupyter's
ordinary ways, and the end of the server leaves them as they are."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import Executor, Future, wait
from contextlib import suppress
from typing import Any
from weakref import WeakValueDictionary

from ..api.debugging import CannotAdopt
from ..domain.secrets import without_secrets
from ..errors import Conflict, SchedError
from ..host.kept_kernels import KeptKernel
from ..host.kept_process import KeptProcess
from ..notebook.kept.managing import Incompatible, take_kept
from ..service import kept_kernels
from ..service.context import Context
from .adopted import OF_SESSION, Adopted, left
from .kernel_map import KernelMap
from .threads import Threads

LOOK_SECONDS = 0.5
ARRIVING_SECONDS = 60.0
"""For how long after its adoption it is held, so that a browser has the time to connect."""
ANSWER_SECONDS = 3.0
LEFT_SECONDS = 1.0
"""For how long the server's start waits for kernels that an earlier one had adopted."""
LEFT_AT_ONCE = 8
EXECUTE_SECONDS = 60.0
Connected = tuple[KeptKernel, KeptProcess]


class Adopting:
    """``serverapp``: the Jupyter server. All of it belongs to the server's loop."""

    def __init__(self, serverapp: Any, context: Context, threads: Executor, log: Any) -> None:
        self.context = context
        self.threads = threads
        self.log = log
        self.kernels = KernelMap(serverapp.kernel_manager)
        self._sessions = serverapp.session_manager
        self._adopted: dict[str, Adopted] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._late: set[asyncio.Task[None]] = set()
        self._some = asyncio.Event()
        self._leaving = False

    async def adopt(self, kept: KeptKernel) -> str:
        """The id of the kernel, which is the same in every server. CannotAdopt says why it cannot be had."""
        kernel_id = kept_kernels.begun_by(kept)
        async with self._turn(kernel_id):
            if (known := self._adopted.get(kernel_id)) is not None and self._has(kernel_id, known):
                known.held_until = self._now() + ARRIVING_SECONDS
                return kernel_id
            if self._leaving:
                raise CannotAdopt("This server is just stopping.")
            if kernel_id in self.kernels:
                raise CannotAdopt("This server has another kernel of that name; shut it down first.")
            try:
                await self._put(kernel_id, kept, await self._in_thread(kept.connect))
            except Exception as error:
                if not isinstance(error, Incompatible | OSError):
                    self.log.exception("the kernel of run %s could not be adopted", kept.run_id)
                raise CannotAdopt(f"The kernel of this run is kept, but cannot be had here: {error}.") from None
        return kernel_id

    async def end(self, kept: KeptKernel) -> bool:
        """Shuts it down as JupyterLab does; False where this server has not adopted it."""
        kernel_id = kept_kernels.begun_by(kept)
        known = self._adopted.get(kernel_id)
        if known is None or not self._has(kernel_id, known):
            return False
        await self.kernels.shut_down(kernel_id)
        return True

    def has_new_one(self, run_id: str) -> bool:
        """Whether somebody has restarted its kernel here."""
        known = self._adopted.get(run_id)
        return run_id in self.kernels and (known is None or not self._has(run_id, known))

    async def execute(self, kernel_id: str, source: str) -> None:
        """Silently, so that nothing of it is seen or remembered."""
        manager = self.kernels.manager(kernel_id)
        if manager is None:
            raise Conflict("there is no such kernel on this server; start one first", "no_kernel")
        client = manager.client()
        client.start_channels(shell=True, iopub=False, stdin=False, hb=False, control=False)
        try:
            asked = client.execute(source, silent=True, store_history=False, allow_stdin=False)
            reply = await asyncio.wait_for(_reply(client, asked), EXECUTE_SECONDS)
        except (asyncio.TimeoutError, TimeoutError):
            raise Conflict("the kernel is busy; interrupt it, or wait until it is idle", "kernel_busy") from None
        finally:
            client.stop_channels()
        if reply.get("status") != "ok":
            # What it says may quote a secret.
            raise Conflict(
                f"the kernel refuses the values of the run: {reply.get('ename', 'aborted')}", "replay_failed"
            )

    async def adopt_left(self) -> None:
        """Takes up what an earlier server had adopted. Without a pause of the loop, if it is called before the first
        request: an open browser must not see a server that does not know its kernel. Those whose supervisors do not
        answer within LEFT_SECONDS come later."""
        kernels = kept_kernels.all_kept(self.context)
        found = left(kernels)
        threads = Threads(min(len(found), LEFT_AT_ONCE), "notebook-sched-left")
        asked = {threads.submit(each.connected, kernels): each for each in found}
        threads.shutdown(wait=False)
        done, late = wait(asked, LEFT_SECONDS)
        for answer in done:
            await self._adopt_again(answer, asked[answer].sessions)
        self._late |= {asyncio.create_task(self._adopt_late(answer, asked[answer].sessions)) for answer in late}

    async def keep(self) -> None:
        """Until cancelled: looks after what is adopted."""
        while True:
            await self._some.wait()
            for kernel_id, known in list(self._adopted.items()):
                try:
                    await self._look_after(kernel_id, known)
                except Exception:
                    self.log.exception("looking after the kernel of run %s", known.kept.run_id)
            if not self._adopted:
                self._some.clear()
            await asyncio.sleep(LOOK_SECONDS)

    def detach(self) -> None:
        """The server ends: its adopted kernels stay as they are, and the next one adopts them again."""
        self._leaving = True
        for task in self._late:
            task.cancel()
        for kernel_id, known in self._adopted.items():
            try:
                if self._has(kernel_id, known):
                    self.kernels.take_out(kernel_id, known.manager)
                    known.provisioner.detach()
            except Exception:  # the others are to be left in peace all the same
                self.log.exception("the kernel of run %s", known.kept.run_id)
        self._adopted.clear()

    async def _adopt_again(self, answer: Future[Connected | None], sessions: list[dict[str, Any]]) -> None:
        try:
            if (connected := answer.result()) is None:
                return
            kept, process = connected
            kernel_id = kept_kernels.begun_by(kept)
            async with self._turn(kernel_id):
                if kernel_id in self.kernels:
                    process.close()
                else:
                    await self._put(kernel_id, kept, process, sessions)
                    await self._open_again(kernel_id, sessions)
        except Exception:  # it is kept all the same
            self.log.exception("a kernel could not be adopted again")

    async def _adopt_late(self, answer: Future[Connected | None], sessions: list[dict[str, Any]]) -> None:
        await asyncio.gather(asyncio.wrap_future(answer), return_exceptions=True)
        await self._adopt_again(answer, sessions)

    def _turn(self, kernel_id: str) -> asyncio.Lock:
        """One that does not answer keeps only those waiting who want that one."""
        return self._turns.setdefault(kernel_id, asyncio.Lock())

    async def _put(
        self, kernel_id: str, kept: KeptKernel, process: KeptProcess, sessions: list[dict[str, Any]] | None = None
    ) -> None:
        """``sessions``: what an earlier server had open on it; they are in the note at once, for this server may end at
        once. Then somebody is connected to it already, and it is not asked whether it answers."""
        from .kept_restarter import KeptKernelRestarter

        manager = None
        try:
            self.kernels.check()
            manager = self.kernels.new_manager(kernel_id, kept.kernel_name)
            manager.restarter_class = KeptKernelRestarter
            provisioner = take_kept(manager, kept, process, kernel_id, without_secrets(os.environ) | kept.environment)
            process.hold()
            if sessions is None:
                await _beats(manager)
            if self._leaving:
                raise Incompatible("this server is just stopping")
            manager.start_restarter()
            known = self._adopted[kernel_id] = Adopted(kept, manager, provisioner, self._now() + ARRIVING_SECONDS)
            await self.kernels.put(kernel_id, manager)
        except BaseException:
            self._adopted.pop(kernel_id, None)
            if manager is not None:
                self.kernels.take_out(kernel_id, manager)
            process.close()
            raise
        known.sessions = sessions or []
        known.note()
        self._some.set()

    async def _look_after(self, kernel_id: str, known: Adopted) -> None:
        if not self._has(kernel_id, known):
            self._adopted.pop(kernel_id, None)
            await self._forget(known)
            return
        known.hold(self.kernels.connections(kernel_id) > 0 or self._now() < known.held_until)
        sessions = [session for session in await self._sessions.list_sessions() if session["kernel"]["id"] == kernel_id]
        told = [{name: session[name] for name in OF_SESSION} for session in sessions]
        if told != known.sessions:
            known.sessions = told
            await self._in_thread(known.note)

    async def _forget(self, known: Adopted) -> None:
        """It has ended, or is another one by now."""
        known.provisioner.detach()
        self.kernels.cull_as_others(known.manager)
        with suppress(SchedError):
            await self._in_thread(kept_kernels.forget_ended, self.context)

    async def _open_again(self, kernel_id: str, sessions: list[dict[str, Any]]) -> None:
        """Under their own ids, by which an open browser knows them."""
        for session in sessions:
            path = session["path"]
            file = self.context.settings.workspace / path.removeprefix("RTC:")
            is_there = session["type"] != "notebook" or file.is_file()
            if is_there and not await self._sessions.session_exists(path=path):
                name, kind = session["name"], session["type"]
                await self._sessions.save_session(session["id"], path=path, name=name, type=kind, kernel_id=kernel_id)

    def _has(self, kernel_id: str, known: Adopted) -> bool:
        return self.kernels.manager(kernel_id) is known.manager and known.is_kept

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def _in_thread(self, call: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.threads, call, *arguments)


async def _beats(manager: Any) -> None:
    """TimeoutError where it does not answer: it may be stopped, or its sockets gone."""
    answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    stream = manager.connect_hb()
    try:
        stream.on_recv(lambda parts: None if answered.done() else answered.set_result(parts))
        stream.send(b"ping")
        await asyncio.wait_for(answered, ANSWER_SECONDS)
    except (asyncio.TimeoutError, TimeoutError):
        raise TimeoutError("it does not answer") from None
    finally:
        stream.close(linger=0)


async def _reply(client: Any, asked: str) -> dict[str, Any]:
    while True:
        message = await client.get_shell_msg()
        if message["parent_header"].get("msg_id") == asked:
            content: dict[str, Any] = message["content"]
            return content
