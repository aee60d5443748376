# shellcheck shell=bash
# What the batch scripts share; they source it. Finds the program, starts one rank per task, passes signals on, and lets
# the program's exit code decide whether the job is queued again or ends.
#
# Environment (submit.sh sets it; every value has a default, so that a script also works alone):
#   SYNTHGEN_PROGRAM       synthgen-hpc on a file system all nodes see; default: build/synthgen-hpc of this tree, else PATH
#   SYNTHGEN_LAUNCHER      mpirun or srun; default: mpirun where there is one
#   SYNTHGEN_MPIRUN_OPTIONS  more words for mpirun
#   SYNTHGEN_MAX_RESTARTS  how often a job may be queued again; default 20
#   SYNTHGEN_LOGS          folder of the result files <job name>-<job id>.json; default: where the job was submitted
#   SYNTHGEN_PARTS         number of parts of a generate array; default: its highest task number
set -uo pipefail

# Exit codes of the program that matter here (docs/manual.md has all).
readonly code_usage=64 code_unavailable=69 code_system=71 code_exists=73 code_stopped=75

restarts=${SLURM_RESTART_COUNT:-0}
max_restarts=${SYNTHGEN_MAX_RESTARTS:-20}
job_id=${SLURM_ARRAY_JOB_ID:+${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID}
job_id=${job_id:-${SLURM_JOB_ID:-}}
asked_to= # USR1: stop and queue again; TERM: stop, whoever sent it knows what happens next
ranks_pid= repeater_pid=

say() {
    echo "[$(date +%FT%T)] $*"
}

refuse() {
    echo "$(basename "$0" .sh): $*" >&2
    exit $code_usage
}

# on_signal NAME: remembers it and passes it to the launcher; USR1 again and again, since a launcher that is still starting
# ranks passes nothing on.
on_signal() {
    asked_to=$1
    say "signal $1: stopping"
    [ -n "$ranks_pid" ] || return 0
    kill -"$1" "$ranks_pid" 2>/dev/null
    [ "$1" = USR1 ] && [ -z "$repeater_pid" ] || return 0
    (while sleep 5 && kill -USR1 "$ranks_pid" 2>/dev/null; do :; done) &
    repeater_pid=$!
}

# option_value NAME ARGUMENTS...: the last value of --NAME, as --NAME value or --NAME=value.
option_value() {
    local wanted=--$1 value= take=
    shift
    for word; do
        if [ -n "$take" ]; then
            value=$word take=
        elif [ "$word" = "$wanted" ]; then
            take=yes
        elif [[ $word == "$wanted="* ]]; then
            value=${word#*=}
        fi
    done
    printf '%s' "$value"
}

# has_word WORD ARGUMENTS...
has_word() {
    local wanted=$1 word
    shift
    for word; do
        [ "$word" != "$wanted" ] || return 0
    done
    return 1
}

# without_word WORD ARGUMENTS...: the rest, in the array `words`.
without_word() {
    local unwanted=$1 word
    shift
    words=()
    for word; do
        [ "$word" = "$unwanted" ] || words+=("$word")
    done
}

# Tasks of an array whose arguments hold %a are jobs of their own: each replaces it by its number. In `words`.
number_words() {
    words=("$@")
    [ -n "${SLURM_ARRAY_TASK_ID:-}" ] || return 0
    words=("${@//%a/$SLURM_ARRAY_TASK_ID}")
}

find_program() {
    local built
    built=$(dirname "$(dirname "$here")")/build/synthgen-hpc
    program=${SYNTHGEN_PROGRAM:-}
    [ -n "$program" ] || ! [ -x "$built" ] || program=$built
    [ -n "$program" ] || program=$(command -v synthgen-hpc) || true
    [ -n "$program" ] && [ -x "$program" ] ||
        refuse "no synthgen-hpc ${program:+at $program }on $(hostname): build it, or set SYNTHGEN_PROGRAM"
}

# The words that start one rank per task, in the array `launch`.
find_launcher() {
    local per_node=${SLURM_NTASKS_PER_NODE:-} tasks=${SLURM_NTASKS:-1} kind=${SYNTHGEN_LAUNCHER:-}
    [ -n "$kind" ] || kind=$(command -v mpirun >/dev/null && echo mpirun || echo srun)
    case $kind in
    mpirun)
        launch=(mpirun --bind-to none)
        # A host that falls silent is noticed within a minute and a half instead of ten.
        export OMPI_MCA_oob_tcp_keepalive_time=${OMPI_MCA_oob_tcp_keepalive_time:-60} \
            OMPI_MCA_oob_tcp_keepalive_intvl=${OMPI_MCA_oob_tcp_keepalive_intvl:-10} \
            OMPI_MCA_oob_tcp_keepalive_probes=${OMPI_MCA_oob_tcp_keepalive_probes:-3}
        [ -z "$per_node" ] || tasks=$((SLURM_JOB_NUM_NODES * per_node))
        [ -z "$per_node" ] || launch+=(--map-by "ppr:$per_node:node")
        # shellcheck disable=SC2206
        launch+=(-n "$tasks" ${SYNTHGEN_MPIRUN_OPTIONS:-})
        ;;
    srun)
        launch=(srun --mpi=pmix --kill-on-bad-exit=1 --export=ALL)
        [ -z "${SLURM_CPUS_PER_TASK:-}" ] || launch+=("--cpus-per-task=$SLURM_CPUS_PER_TASK")
        ;;
    *) refuse "SYNTHGEN_LAUNCHER=$kind: there are mpirun and srun" ;;
    esac
}

# An array of jobs on complete folders: each task needs one of its own.
need_own_folder() {
    [ -z "${SLURM_ARRAY_TASK_ID:-}" ] || [[ "${*:2}" == *%a* ]] ||
        refuse "an array of $1 jobs needs %a (the task's number) in the name of the folder"
}

# The private server lives in the job that needs it.
stop_private_server() {
    [ "$(option_value database "$@")" != private ] || "$program" database "$1" stop
}

# After a restart the ranks of the attempt before may still be dying: they hold the folder's lock.
wait_for_folder() {
    local kind=--exclusive
    [ "$restarts" -gt 0 ] && [ -d "$1" ] && command -v flock >/dev/null || return 0
    ! has_word --part "${@:2}" || kind=--shared
    flock $kind --timeout 60 "$1" true || say "$1 is still in use by the attempt before"
}

# run_ranks COMMAND ARGUMENTS...: to the end; the verdict is left in `code`, "lost" when the program gave none.
run_ranks() {
    local result=${SYNTHGEN_LOGS:-.}/${SLURM_JOB_NAME:-synthgen}-$job_id.json status
    [ -z "${SLURM_CPUS_PER_TASK:-}" ] || has_word --threads "$@" || set -- "$@" --threads "$SLURM_CPUS_PER_TASK"
    rm -f "$result"
    code=$code_stopped
    [ -z "$asked_to" ] || return 0
    say "$(basename "$program") $* (restart $restarts, nodes ${SLURM_JOB_NODELIST:-none}): ${launch[*]}"
    "${launch[@]}" "$program" "$@" --result "$result" &
    ranks_pid=$!
    while wait "$ranks_pid"; status=$?; kill -0 "$ranks_pid" 2>/dev/null; do :; done # a trap ends wait early
    [ -z "$repeater_pid" ] || kill "$repeater_pid" 2>/dev/null
    ranks_pid=
    code=$(sed -n 's/^ "code": \([0-9]*\).*/\1/p' "$result" 2>/dev/null)
    if [ -z "$code" ]; then
        code=lost
        [ "$status" -lt $code_usage ] || [ "$status" -gt 78 ] || code=$status
        [ "$asked_to" != TERM ] || code=$code_stopped
    fi
    say "ended: launcher $status, program $code"
}

# continue_or_replace COMMAND OPTION ARGUMENTS...: OPTION (may be empty) makes COMMAND continue what is there. With --overwrite
# the first attempt replaces it; later ones must not drop what this job made, unless it had not come to that.
continue_or_replace() {
    local command=$1 option=$2
    shift 2
    code=$code_exists
    if [ "$restarts" -gt 0 ] || ! has_word --overwrite "$@"; then
        without_word --overwrite "$@"
        run_ranks "$command" ${option:+"$option"} "${words[@]}"
    fi
    [ "$code" != "$code_exists" ] || ! has_word --overwrite "$@" || run_ranks "$command" "$@"
}

# On a node that Slurm has given up, this script may live on beside the attempt that replaces it.
is_current() {
    local now
    now=$(scontrol --oneliner show job "$SLURM_JOB_ID" 2>/dev/null | sed -n '1s/.* Restarts=\([0-9]*\).*/\1/p')
    [ "${now:-$restarts}" = "$restarts" ]
}

# Ends the job as `code` says: queued again after a stop or a loss, over after success and after errors that would repeat.
conclude() {
    local why
    case $code in
    "$code_stopped") why="stopped before the end" ;;
    "$code_unavailable") why="a service was not available" ;;
    "$code_exists") # where this job was before: a lost attempt has not let go yet
        [ "$restarts" -gt 0 ] || exit "$code"
        why="the attempt before is still at work"
        ;;
    lost) why="ranks were lost (a node or process died)" code=$code_system ;;
    *) exit "$code" ;;
    esac
    is_current || exit "$code"
    [ "$asked_to" != TERM ] || exit "$code" # scancel ends a job, pre-emption queues it again by itself
    if [ "$restarts" -ge "$max_restarts" ]; then
        say "$why, and this was restart $restarts of $max_restarts: giving up; submit again to continue"
        exit "$code"
    fi
    say "$why: queueing job $job_id again"
    scontrol requeue "$job_id" || say "this cluster does not queue it again: submit the same job again to continue"
    exit "$code"
}

[ -n "${SLURM_JOB_ID:-}" ] || refuse "this runs inside a Slurm job: sbatch $0, or scripts/slurm/submit.sh"
trap 'on_signal USR1' USR1
trap 'on_signal TERM' TERM
find_program
find_launcher
