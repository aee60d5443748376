"""What a result says of the machine and the programs it was measured with."""
import datetime
import os
import pathlib
import platform
import subprocess


def first_line(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
        return (done.stdout or done.stderr).strip().splitlines()[0]
    except (OSError, IndexError, subprocess.SubprocessError):
        return "not installed"


def cpu_field(field):
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.partition(":")[0].strip() == field:
            return line.partition(":")[2].strip()
    return "unknown"


def best_isa(flags):
    wide = [name for name in ("avx512f", "avx2", "asimd") if name in flags.split()]
    return wide[0] if wide else "none"


def facts(build):
    memory_kib = int(pathlib.Path("/proc/meminfo").read_text().split()[1])
    isa = best_isa(cpu_field("flags"))
    found = {"processor": cpu_field("model name"), "cores": len(os.sched_getaffinity(0)), "vector": isa,
             "memory_gib": round(memory_kib / 2**20, 1), "kernel": platform.release(),
             "load_before": os.getloadavg()[0], "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
             "synthgen": first_line(str(build / "synthgen-hpc"), "--version"), "mpi": first_line("mpirun", "--version"),
             "zstd": first_line("zstd", "--version"), "compiler": first_line("cc", "--version")}
    found["summary"] = (f"{found['cores']} cores of {found['processor']} ({isa}), {found['memory_gib']} GiB, "
                        f"load {found['load_before']:.1f} before")
    return found
