#!/usr/bin/env python3
"""Times Duet beside a PyTorch program at ViT-B/16 size, one thread each, and prints the ratios.

usage: peer.py DUET [PEER [PYTHON]]

PEER is a Python script with the arguments of `duet bench` that prints the same JSON line; PYTHON is an
interpreter with PyTorch. Process CPU seconds are compared, which hold on a busy machine; the two
programs take turns. Without PEER only Duet's seconds and memory are told.
"""
import json
import subprocess
import sys

# work, classes, batch, steps, Duet's own flags, how many times as fast it should be
WORKS = [
    ("clip_image", 1, 4, 3, [], 0.8),
    ("clip_text", 100, 1, 2, [], 8),
    ("coop", 100, 32, 1, ["--cached-features"], 20),
    ("coop", 100, 32, 1, [], 1.9),
    ("cocoop", 50, 1, 2, [], 7),
    ("cocoop", 100, 1, 2, [], 9),
    ("ivlp", 50, 4, 2, [], 1),
    ("maple", 50, 4, 2, [], 2.8),
    ("maple", 100, 4, 1, [], 4.5),
    ("bmip", 50, 4, 2, [], 2.8),
    ("bmip", 100, 4, 1, [], 4.5),
    ("promptsrc", 50, 4, 2, [], 1),
]

# work, classes, batch, the most memory that a step may hold, in MB; PyTorch needs tens of GB for most
BOUNDS = [
    ("maple", 100, 4, 1600),
    ("maple", 1000, 4, 6000),
    ("cocoop", 1000, 4, 4000),
    ("ctp", 1000, 4, 4000),
]


def measured(command, work, classes, batch, steps, flags):
    line = [*command, work, "--classes", str(classes), "--batch", str(batch), "--steps", str(steps), "--threads", "1"]
    done = subprocess.run(line + flags, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(line + flags)} failed\n{done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def compare(duet, peer):
    print(f"{'work':<24}{'classes':>8}{'batch':>6}{'duet s':>9}{'peer s':>9}{'ratio':>8}{'at least':>9}{'duet MB':>9}{'peer MB':>9}")
    theirs = {}
    for work, classes, batch, steps, flags, least in WORKS:
        ours = measured(duet, work, classes, batch, steps, flags)
        case = (work, classes, batch, steps)
        if case not in theirs:
            theirs[case] = measured(peer, *case, [])
        other = theirs[case]
        ratio = other["cpu_step_s"] / ours["cpu_step_s"]
        name = work + (", cached" if flags else "")
        print(f"{name:<24}{classes:>8}{batch:>6}{ours['cpu_step_s']:>9.3f}{other['cpu_step_s']:>9.2f}{ratio:>8.1f}{least:>9}{ours['peak_rss_mb']:>9.0f}{other['peak_rss_mb']:>9.0f}", flush=True)
    print(f"process CPU seconds a step, one thread, {ours['core']} kernels, torch {other.get('torch', '')}")


def bound(duet):
    print(f"{'work':<24}{'classes':>8}{'batch':>6}{'duet s':>9}{'duet MB':>9}{'at most':>9}")
    for work, classes, batch, most in BOUNDS:
        ours = measured(duet, work, classes, batch, 1, [])
        print(f"{work:<24}{classes:>8}{batch:>6}{ours['cpu_step_s']:>9.3f}{ours['peak_rss_mb']:>9.0f}{most:>9}", flush=True)


def main():
    if len(sys.argv) not in (2, 3, 4):
        sys.exit(__doc__)
    duet = [sys.argv[1], "bench"]
    if len(sys.argv) > 2:
        compare(duet, [*(sys.argv[3:] or ["python3"]), sys.argv[2]])
        print()
    bound(duet)


if __name__ == "__main__":
    main()
