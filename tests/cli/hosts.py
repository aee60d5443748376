"""Several hosts on this machine: network namespaces on one bridge, each with its own address, host name and processes, and
one file system for all, as on a cluster with shared storage.

Everything lives below one PID namespace whose first process is a shell that reads commands from us. When its input ends
(leave(), or our death by any means) the kernel ends all processes in it, and with them the networks.
"""
import os
import pathlib
import shlex
import shutil
import subprocess
import tempfile
import time

import support

PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"

# Ends when its input does; its own children are all that the namespace holds. Shared memory is its own, too: jobs are numbered
# by process ids, which begin anew in a namespace, and what an earlier world's killed ranks left behind must not be met again.
INIT = 'while read -r line; do eval "$line"; done'

# What mpirun uses in place of ssh: agent HOST COMMAND...
AGENT = """\
#!/bin/sh
host=$1
shift
exec nsenter --target "$(cat {base}/$host.pid)" --net --uts --pid --mount sh -c "$*"
"""


class Hosts:
    """h1, h2, ... after the constructor; leave() ends them."""

    def __init__(self, count):
        self.base = pathlib.Path(tempfile.mkdtemp(prefix="synthgen-hosts-"))
        self.names = [f"h{number}" for number in range(1, count + 1)]
        self.address = {name: f"10.77.0.{number}" for number, name in enumerate(self.names, 1)}
        self.running = set()
        (self.base / "tmp").mkdir()
        (self.base / "hosts").write_text("127.0.0.1 localhost\n" +
                                         "".join(f"{address} {name}\n" for name, address in self.address.items()))
        agent = self.base / "agent"
        agent.write_text(AGENT.format(base=self.base))
        agent.chmod(0o755)
        self.init = subprocess.Popen(["unshare", "--net", "--pid", "--mount-proc", "--fork", "--kill-child", "bash", "-c", INIT],
                                     stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, bufsize=1, cwd=self.base,
                                     env=support.environment(PATH=PATH))
        try:
            self.tell(f"mount --bind {self.base}/hosts /etc/hosts; mount -t tmpfs tmpfs /dev/shm; ip link add br0 type bridge; ip link set br0 up")
            for name in self.names:
                self.start(name)
        except BaseException:
            self.leave()
            raise

    def tell(self, command):
        self.init.stdin.write(command + "\n")

    def start(self, name):
        """Switches a host on: its first process is a shell that waits for orphans."""
        for old in (f"{name}.pid", f"{name}.up"):
            (self.base / old).unlink(missing_ok=True)
        up = "ip link set lo up; ip addr add {0}/24 dev eth0; ip link set eth0 up".format(self.address[name])
        inside = (f"hostname {name}; mount -t tmpfs tmpfs /dev/shm; until ip link show eth0; do :; done; {up}; "
                  f"touch {self.base}/{name}.up; exec bash -c 'sleep infinity & while :; do wait; done'")
        self.tell(f"unshare --net --uts --pid --mount-proc --fork --kill-child sh -c {shlex.quote(inside)} >/dev/null 2>&1 & "
                  f"outer=$!; until child=$(cat /proc/$outer/task/$outer/children) && [ -n \"$child\" ]; do :; done; "
                  f"child=${{child% }}; until [ \"$(readlink /proc/$child/ns/net)\" != \"$(readlink /proc/self/ns/net)\" ]; "
                  f"do :; done; while ip link show {name} >/dev/null 2>&1; do :; done; ip link add {name} type veth peer name eth0 netns $child; "
                  f"ip link set {name} master br0 up; echo $child >{self.base}/{name}.pid")
        self.wait(lambda: (self.base / f"{name}.up").exists() and (self.base / f"{name}.pid").exists(), f"host {name}")
        self.running.add(name)
        self.greet(name)

    def cut_off(self, name):
        """Unplugs the cable: the host lives on and hears nothing."""
        self.tell(f"ip link set {name} down")

    def plug_in(self, name):
        self.tell(f"ip link set {name} up")
        self.greet(name)

    def greet(self, name):
        """Waits until a host and all others reach each other: "refused" is the answer of a host that was reached, and a name
        that could not be resolved a moment ago stays unreachable for seconds."""
        for other in self.running - {name}:
            for source, target in ((name, other), (other, name)):
                self.wait(lambda: "refused" in self.knock(source, target), f"{target} to be heard on {source}")

    def knock(self, source, target):
        command = f"exec nsenter --target $(cat {self.base}/{source}.pid) --net bash -c 'exec 3<>/dev/tcp/{self.address[target]}/9'"
        return subprocess.run(["nsenter", "--target", self.init_pid(), "--pid", "--mount", "sh", "-c", command], text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=90).stderr

    def switch_off(self, name):
        """No process of the host does anything any more, at once."""
        self.running.discard(name)
        self.tell(f"kill -9 $(cat {self.base}/{name}.pid)")

    def mpirun(self, ranks_by_host, *arguments, **env):
        """Starts synthgen-hpc on hosts; mpirun itself is on the first. The running process."""
        first = next(iter(ranks_by_host))
        where = ",".join(f"{name}:{ranks}" for name, ranks in ranks_by_host.items())
        network = "10.77.0.0/24"
        mca = {"plm_rsh_agent": self.base / "agent", "orte_tmpdir_base": self.base / "tmp", "oob_tcp_if_include": network, "btl_tcp_if_include": network,
               "oob_tcp_keepalive_time": 2, "oob_tcp_keepalive_intvl": 1, "oob_tcp_keepalive_probes": 3}
        words = ["mpirun", "--host", where, "-n", sum(ranks_by_host.values()), "--bind-to", "none"]
        for name, value in mca.items():
            words += ["--mca", name, value]
        for name in env:
            words += ["-x", name]
        # Network and name of the first host, but processes of the outer namespace: the agent enters the other hosts from there.
        command = (f"exec nsenter --target $(cat {self.base}/{first}.pid) --net --uts " +
                   shlex.join(map(str, [*words, support.SYNTHGEN, *arguments])))
        return subprocess.Popen(["nsenter", "--target", self.init_pid(), "--pid", "--mount", "sh", "-c", command], env=support.environment(PATH=PATH, **env), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")

    def init_pid(self):
        """Our view of the namespace's first process."""
        return self.wait(lambda: pathlib.Path(f"/proc/{self.init.pid}/task/{self.init.pid}/children").read_text().strip(),
                         "the namespace")

    def wait(self, condition, what, seconds=90):
        end = time.monotonic() + seconds
        while not (value := condition()):
            if time.monotonic() > end:
                raise AssertionError(f"waited {seconds} s for {what}")
            time.sleep(0.05)
        return value

    def leave(self):
        self.init.stdin.close()
        try:
            self.init.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.init.kill()
            self.init.wait()
        shutil.rmtree(self.base, ignore_errors=True)
