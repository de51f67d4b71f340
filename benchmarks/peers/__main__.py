"""``python -m benchmarks.peers``: installs them, where they are not there yet."""

from .environment import python, versions

if __name__ == "__main__":
    print(f"compared with: {versions()} ({python()})")
