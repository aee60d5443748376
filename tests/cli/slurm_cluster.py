"""A real Slurm cluster on this machine for tests: munge, slurmctld and one slurmd per node, all private to one folder.

Everything runs in a PID namespace whose first process is a shell that reads commands from us. When its input ends (leave()
or our death by any means) the kernel kills whatever is left in the namespace: no daemon, step or rank outlives a test.
Every slurmd has a host name of its own, as on a cluster.
"""
import os
import pathlib
import re
import shlex
import shutil
import socket
import subprocess
import tempfile
import time

import support

NODES = ["n1", "n2", "n3", "n4"]
CPUS, MEMORY_MB = 4, 2000
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"  # where the daemons are

CONFIGURATION = """\
ClusterName=synthgen
SlurmctldHost=login(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={base}/munge/socket,cred_expire=5
StateSaveLocation={base}/state
SlurmdSpoolDir={base}/%n
TmpFS={base}/%n
SlurmctldPidFile={base}/slurmctld.pid
SlurmdPidFile={base}/%n.slurmd.pid
SlurmctldLogFile={base}/slurmctld.log
SlurmdLogFile={base}/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,bf_interval=1
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
JobRequeue=1
OverTimeLimit=0
KillWait=5
SlurmdTimeout=10
MessageTimeout=5
ReturnToService=2
MinJobAge=3600
JobCompType=jobcomp/none
"""


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Failed(AssertionError):
    pass


class Cluster:
    """Running after the constructor; leave() ends it and removes its folder."""

    def __init__(self):
        self.base = pathlib.Path(tempfile.mkdtemp(prefix="synthgen-slurm-"))
        self.base.chmod(0o755)
        self.init = None
        try:
            self.start()
        except BaseException:
            self.leave()
            raise

    def start(self):
        for name in ["munge", "state", *NODES]:
            (self.base / name).mkdir(mode=0o755)
        ports = free_ports(1 + len(NODES))
        lines = [CONFIGURATION.format(base=self.base, port=ports[0])]
        lines += [f"NodeName={node} NodeHostname={node} NodeAddr=127.0.0.1 Port={port} CPUs={CPUS} RealMemory={MEMORY_MB}\n"
                  for node, port in zip(NODES, ports[1:])]
        lines += [f"PartitionName=batch Nodes=ALL Default=YES MaxTime=60 PriorityTier=1 PreemptMode=REQUEUE\n",
                  f"PartitionName=urgent Nodes=ALL PriorityTier=10 PreemptMode=OFF\n"]
        (self.base / "slurm.conf").write_text("".join(lines))
        self.init = subprocess.Popen(
            ["unshare", "--pid", "--mount-proc", "--uts", "--fork", "--kill-child", "bash", "-c",
             "hostname login; while read -r line; do eval \"$line\"; done"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True, bufsize=1,
            env=self.environment(PATH=PATH), cwd=self.base)
        subprocess.run(["mungekey", "--create", f"--keyfile={self.base}/munge/key"], check=True,
                       env=self.environment(PATH=PATH))
        munge = self.base / "munge"
        self.daemon("munged", "munged", "--foreground", "--force", f"--key-file={munge}/key", f"--socket={munge}/socket",
                    f"--pid-file={munge}/pid", f"--log-file={munge}/log", f"--seed-file={munge}/seed")
        self.wait(lambda: (munge / "socket").exists(), "munged")
        self.daemon("slurmctld", "slurmctld", "-D")
        for node in NODES:
            self.start_node(node)
        self.wait(lambda: self.node_states() == {node: "idle" for node in NODES}, "the nodes to be idle")

    def environment(self, **more):
        return support.environment(SLURM_CONF=self.base / "slurm.conf", **more)

    def tell(self, command):
        self.init.stdin.write(command + "\n")

    def daemon(self, name, *words):
        self.tell(f"{shlex.join(words)} >{self.base}/{name}.out 2>&1 & echo $! >{self.base}/{name}.pid")

    def start_node(self, node):
        self.daemon(f"{node}.daemon", "unshare", "--uts", "sh", "-c", f"hostname {node} && exec slurmd -D -N {node}")

    def kill_node(self, node):
        """SIGKILL to the slurmd of a node; steps and ranks are left to themselves."""
        self.tell(f"kill -9 $(cat {self.base}/{node}.daemon.pid)")

    def leave(self):
        if self.init:
            self.init.stdin.close()
            try:
                self.init.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.init.kill()
                self.init.wait()
        shutil.rmtree(self.base, ignore_errors=True)

    def wait(self, condition, what, seconds=60):
        """Until something observable holds. The deadline only ends a test that would hang."""
        end = time.monotonic() + seconds
        while True:
            value = condition()
            if value:
                return value
            if time.monotonic() > end:
                raise Failed(f"waited {seconds} s for {what}\n{self.describe()}")
            time.sleep(0.1)

    def call(self, *words, check=True, cwd=None, **env):
        result = subprocess.run(list(map(str, words)), env=self.environment(**env), cwd=cwd, stdin=subprocess.DEVNULL,
                                capture_output=True, text=True, errors="replace", timeout=60)
        if check and result.returncode:
            raise Failed(f"{shlex.join(map(str, words))}: {result.returncode}\n{result.stdout}{result.stderr}")
        return result

    def node_states(self):
        result = self.call("sinfo", "-h", "-N", "-p", "batch", "-o", "%n %t", check=False)
        return dict(line.split() for line in result.stdout.splitlines())

    def job(self, job):
        """All that Slurm knows of a job (or array task 7_2), as text by key."""
        text = self.call("scontrol", "--oneliner", "show", "job", job).stdout
        return dict(re.findall(r"(\S+?)=(\S*)", text.splitlines()[0]))

    def state(self, job):
        return self.job(job)["JobState"]

    def processes(self, *words):
        """Command lines on this machine that hold all the words."""
        found = []
        for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = path.read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            if all(str(word) in line for word in words):
                found.append(line)
        return found

    def job_count(self):
        """Jobs and array tasks so far."""
        return len(self.call("squeue", "--noheader", "--array", "--states=all", "--all").stdout.splitlines())

    def describe(self):
        parts = [self.call("squeue", "-a", "--states=all", check=False).stdout, self.call("sinfo", "-R", check=False).stdout]
        for log in sorted(self.base.glob("*.log")):
            parts.append(f"--- {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-6:]))
        return "\n".join(parts)
