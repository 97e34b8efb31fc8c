package dev.berth.bench;

import java.nio.file.Path;
import java.time.Duration;

/// What a suite is told. `deploy/bench` has made all of it, and removes it afterwards.
///
/// @param launcher `deploy/bin/berth`
/// @param stamp the program that is run in containers
/// @param example `manifests/digits`
/// @param baseImage Debian's files with python3 and numpy as a tar, for those suites that build
/// @param work empty directory of this suite alone, on the disk that is measured
/// @param run where this suite keeps what needs no disk: not there yet, with a short name
/// @param group the control group, below `berth`, in which all of this run is: its name is also
///   what keeps runs apart
/// @param rounds that count
/// @param turn how long one turn of a load takes
/// @param idle how long an idle Berth is looked at
record Bench(
    Path launcher,
    Path stamp,
    Path example,
    Path baseImage,
    Path work,
    Path run,
    String group,
    int rounds,
    Duration turn,
    Duration idle) {}
