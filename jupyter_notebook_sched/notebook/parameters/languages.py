"""The names under which kernels tell their language, and the one that we know it by.

Kernelspecs (``language``) and ``kernel_info`` replies (``language_info.name``) spell it as they like: IRkernel says
``R``, .NET Interactive ``C#`` and ``PowerShell`` (its older notebooks ``.net-powershell``), Deno and tslab
``typescript``, Calysto ``bash``, zsh-jupyter-kernel ``zsh``.
"""

from __future__ import annotations

_ALIASES = {
    "bash": ("sh", "shell", "shellscript", "zsh", "ksh", "calysto_bash"),
    "csharp": ("c#", "cs", ".net-csharp"),
    "fsharp": ("f#", "fs", ".net-fsharp"),
    "javascript": ("js", "ecmascript", "node", "nodejs", "node.js", "jslab"),
    "julia": ("ijulia",),
    "powershell": ("pwsh", "ps1", ".net-pwsh", ".net-powershell", ".net powershell"),
    "python": ("python3", "python2", "ipython", "ipython3", "pyspark", "pysparkkernel"),
    "r": ("ir", "irkernel", "sparkr", "sparkrkernel"),
    "scala": ("almond", "spark", "sparkkernel", "toree"),
    "typescript": ("ts", "tslab", "deno"),
}
_KNOWN_AS = {alias: language for language, aliases in _ALIASES.items() for alias in aliases}


def known_as(name: str) -> str:
    """The language's name here, such as ``r`` for ``IR``; one that we do not know stays as it is, in lower case."""
    name = name.strip().lower()
    return _KNOWN_AS.get(name, name)
