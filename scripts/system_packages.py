"""The system packages that the tests use: installed by apt where this runs as root, else told at the end.

--install   what is missing, if that can be done here
--remind    the command to type for what is still missing, whose tests were skipped
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# Command or file that shows that a package is there → Debian's name of it.
WANTED = {
    "chromium": "chromium",
    "Rscript": "r-base-core",
    "/usr/lib/R/site-library/IRkernel": "r-cran-irkernel",
    "git": "git",
    "mcs": "mono-mcs",
    "/usr/lib/mono/4.5/System.Numerics.dll": "libmono-system-numerics4.0-cil",
    "scala": "scala",
}


def missing() -> list[str]:
    """Debian package names, in order."""
    return [name for sign, name in WANTED.items() if not (Path(sign).exists() if "/" in sign else shutil.which(sign))]


def install(packages: list[str]) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=environment)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def main() -> int:
    packages = missing()
    if not packages:
        return 0
    command = f"sudo apt-get install -y --no-install-recommends {' '.join(packages)}"
    if "--install" in sys.argv and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"installing {', '.join(packages)}")
        install(packages)
    elif "--remind" in sys.argv:
        print(f"\nSome tests were skipped: they need {', '.join(packages)}. To run them too:\n")
        print(f"    {command}\n    make test\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
