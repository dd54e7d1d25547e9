#!/usr/bin/env python3
"""How fast Duet's interpreter is, beside CPython.

Runs each pair `language/NAME.duet`, `language/NAME.py` as whole processes, in turn, after one run of
each that is not counted and whose printed results must be equal. Prints the seconds of processor
time (user and system), the smallest and the median, and how many times as long CPython takes: a
ratio of 1 or more means that Duet is not slower. Exits with 1 if a ratio of the smallest is below 1.

    Tests/Benchmarks/language.py [--runs 7] [--duet .build/release/duet] [NAME …]
"""

import argparse
import pathlib
import platform
import resource
import statistics
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent / "language"
ROOT = FOLDER.parents[2]


def run(command):
    """Runs a command and returns its processor seconds and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return seconds, result.stdout


def compare(name, duet, runs):
    """The processor seconds of both programs, a list each."""
    commands = [[duet, "run", f"{FOLDER / name}.duet"], [sys.executable, f"{FOLDER / name}.py"]]
    outputs = [run(command)[1] for command in commands]
    if outputs[0] != outputs[1]:
        sys.exit(f"{name}: duet printed {outputs[0]!r}, Python {outputs[1]!r}")
    times = [[], []]
    for _ in range(runs):
        for command, seconds in zip(commands, times):
            seconds.append(run(command)[0])
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--duet", default=str(ROOT / ".build/release/duet"))
    arguments = parser.parse_args()
    known = sorted(path.stem for path in FOLDER.glob("*.duet"))
    names = arguments.names or known
    for name in names:
        if name not in known:
            parser.error(f"there is no benchmark {name}; there are {', '.join(known)}")
    print(f"processor seconds of whole processes, {arguments.runs} runs in turn")
    print(f"Python is {platform.python_implementation()} {platform.python_version()}\n")
    print(f"{'':10}{'Duet':>8}{'median':>8}{'Python':>10}{'median':>8}{'ratio':>8}{'median':>8}")
    slower = False
    for name in names:
        duet, python = compare(name, arguments.duet, arguments.runs)
        least = min(python) / min(duet)
        middle = statistics.median(python) / statistics.median(duet)
        print(f"{name:10}{min(duet):8.3f}{statistics.median(duet):8.3f}"
              f"{min(python):10.3f}{statistics.median(python):8.3f}{least:8.2f}{middle:8.2f}")
        slower = slower or least < 1
    sys.exit(1 if slower else 0)


main()
