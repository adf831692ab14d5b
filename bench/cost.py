"""What one run of a program takes: wall seconds, and peak resident megabytes (10^6 bytes).

`measure` puts a small process of its own between: the peak that Linux tells of a program includes what the process that
started it held at the time, which would be ours, with pandas in it.
"""

import os
import platform
import subprocess
import sys
import time


def measure(words):
    command = [sys.executable, "-IS", __file__, *map(str, words)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command[3:])} failed ({done.returncode})")
    return tuple(float(number) for number in done.stdout.split())


def main():
    quiet = os.open(os.devnull, os.O_WRONLY)
    silence = [(os.POSIX_SPAWN_DUP2, quiet, 1), (os.POSIX_SPAWN_DUP2, quiet, 2)]
    start = time.perf_counter()
    child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=silence)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        sys.exit(1)
    unit = 1 if platform.system() == "Darwin" else 1024
    print(seconds, usage.ru_maxrss * unit / 1e6)


if __name__ == "__main__":
    main()
