#!/usr/bin/env bash
# Submits a whole pipeline to Slurm: generate, load and verify as jobs that wait for each other, and prints their ids.
# scripts/slurm/README.md tells the story; --help the options.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

usage() {
    cat <<'HELP'
usage: scripts/slurm/submit.sh [OPTION...] [OPTION OF synthgen-hpc run...]

  e.g. scripts/slurm/submit.sh --env production --nodes 4 --ranks-per-node 16 --database postgresql://user@host/db

What to make is said in the program's own words (--dataset, --env, --seed, --as-of, --out, --tables, --format ...; see
synthgen-hpc help run). The rest says where:

  --nodes N|MIN-MAX      nodes to generate on; with a range as many as are free. Default: 1
  --ranks-per-node N     ranks on each node. Default: the cores of a node of the partition / threads
  --threads N            OpenMP threads of each rank. Default: 1, or the cores of a node / ranks
  --memory SIZE          memory of each node, as sbatch --mem. Default: 192 MB and 64 MB for each thread, a rank
  --time LIMIT           time limit of each job, as sbatch --time. Default: the partition's
  --partition NAME       Default: the cluster's
  --scratch DIR          folder that all nodes share. Default: $SCRATCH, else the current folder
  --out DIR              output folder. Default: a name made of data set and size, in the scratch folder
  --parts N              generate as an array of N independent jobs, each a part of the shards, and a job that completes them
  --database URL         load into this PostgreSQL and verify there (default: DATABASE_URL; without one, only the shards are
                         verified). Without password: that belongs into PGPASSFILE or a service file. private: a server of its
                         own under the output folder, while the jobs run
  --connections N        database connections, as in synthgen-hpc help load
  --overwrite            replace what output folder and database hold
  --launcher NAME        mpirun or srun (--mpi=pmix). Default: mpirun where there is one
  --stop-before SECONDS  how long before its time limit a job stops and queues itself again. Default: 120
  --max-restarts N       how often a job may be queued again. Default: 20
  --program FILE         synthgen-hpc, on a shared folder. Default: build/synthgen-hpc of this tree, else that of PATH
  --sbatch OPTION        one more option of sbatch for every job, e.g. --sbatch --account=physics; may be repeated
  --dry-run              check everything and print the sbatch commands instead

Prints one line for each job: its step and its id. Exit code 64: an option is wrong; nothing was submitted.
HELP
}

readonly code_usage=64 code_unavailable=69 code_no_input=66 code_denied=77
fail() {
    local code=$1
    shift
    echo "submit.sh: $*" >&2
    exit "$code"
}

# --- options -----------------------------------------------------------------------------------------------------------

nodes=1 ranks= threads= memory= time= partition= scratch=${SCRATCH:-$PWD} out= parts= database=${DATABASE_URL:-} connections=
overwrite= launcher= stop_before=120 max_restarts=20 program= dry_run= extra=() run=()
declare -A variable=([--nodes]=nodes [--ranks-per-node]=ranks [--threads]=threads [--memory]=memory [--time]=time
    [--partition]=partition [--scratch]=scratch [--out]=out [--parts]=parts [--database]=database
    [--connections]=connections [--launcher]=launcher [--stop-before]=stop_before [--max-restarts]=max_restarts
    [--program]=program)
declare -A refused=([--load]="the pipeline loads: give --database URL" [--no-load]="leave --database away"
    [--resume]="the jobs always continue what is there" [--part]="give --parts N" [--ranks]="give --nodes and --ranks-per-node"
    [--json]="each job writes its result as JSON beside its log" [--result]="each job writes one beside its log"
    [--quiet]="progress goes to the job's log")

while [ $# -gt 0 ]; do
    name=${1%%=*}
    if [ "$name" = --help ] || [ "$name" = -h ]; then
        usage
        exit 0
    elif [ "$1" = --overwrite ]; then
        overwrite=--overwrite
    elif [ "$1" = --dry-run ]; then
        dry_run=yes
    elif [ -n "${variable[$name]:-}" ] || [ "$name" = --sbatch ]; then
        value=${1#*=}
        if [ "$1" = "$name" ]; then
            [ $# -gt 1 ] || fail $code_usage "$name needs a value: see --help"
            value=$2
            shift
        fi
        if [ "$name" = --sbatch ]; then
            extra+=("$value")
        else
            [ -n "$value" ] || fail $code_usage "$name needs a value: see --help"
            printf -v "${variable[$name]}" '%s' "$value"
        fi
    elif [ -n "${refused[$name]:-}" ]; then
        fail $code_usage "$name does not belong here: ${refused[$name]}"
    else
        run+=("$1") # for the program, which judges it below
    fi
    shift
done

# check_number OPTION VALUE LOW HIGH
check_number() {
    [ -n "$2" ] || return 0
    [[ $2 =~ ^[0-9]{1,7}$ ]] && [ "$2" -ge "$3" ] && [ "$2" -le "$4" ] ||
        fail $code_usage "$1 '$2' is not a number from $3 to $4"
}
check_number --ranks-per-node "$ranks" 1 1024
check_number --threads "$threads" 1 1024
check_number --parts "$parts" 1 10000
check_number --connections "$connections" 1 64
check_number --stop-before "$stop_before" 1 65535
check_number --max-restarts "$max_restarts" 0 10000
[[ $nodes =~ ^[1-9][0-9]{0,5}(-[1-9][0-9]{0,5})?$ ]] && [ "${nodes%-*}" -le "${nodes#*-}" ] ||
    fail $code_usage "--nodes '$nodes' is not a number or a range such as 2-4"
[[ $memory =~ ^([0-9]+[KMGT]?)?$ ]] || fail $code_usage "--memory '$memory' is not a size such as 8G"
[ -z "$parts" ] || [ -z "$overwrite" ] ||
    fail $code_usage "--overwrite does not go with --parts: remove the output folder, or choose another --out"

# --- the program and what it would make -----------------------------------------------------------------------------------

[ -n "$program" ] || ! [ -x "$here/../../build/synthgen-hpc" ] || program=$(realpath "$here/../../build/synthgen-hpc")
[ -n "$program" ] || program=$(command -v synthgen-hpc) ||
    fail $code_no_input "no synthgen-hpc: build it (scripts/build build), or name it with --program"
[ -x "$program" ] || fail $code_no_input "--program $program cannot be run"
program=$(realpath "$program")

plan_options=()
for word in "${run[@]}"; do
    [ "$word" = --cognito-all ] || plan_options+=("$word")
done
plan=$("$program" plan "${plan_options[@]}") || exit # the program has said what is wrong
read -r dataset units < <(sed -n '1s/^\([a-z_]*\): \([0-9]*\) .*/\1 \2/p' <<<"$plan")
as_of=$(sed -n '1s/.* as of \([0-9-]*\),.*/\1/p' <<<"$plan")
total=$(awk '$1 == "total" { print $2 " rows, " $3 " " $4 " of text in " $5 " shards"; exit }' <<<"$plan")

# The size in the name of the output folder: that of --env, else the number.
size_name() {
    local word name=
    for word in "${run[@]}"; do
        [ "$name" != next ] || name=${word,,}
        [ "$word" != --env ] || name=next
        [[ $word != --env=* ]] || { name=${word#*=} && name=${name,,}; }
    done
    echo "${name:-$units}"
}

# --- the cluster ----------------------------------------------------------------------------------------------------------

for tool in sbatch sinfo scontrol; do
    command -v $tool >/dev/null || fail $code_unavailable "no $tool here: run this on a login node of a Slurm cluster"
done
# cpus, nodes of the partition: the smallest node counts
cluster=$(sinfo --noheader ${partition:+--partition="$partition"} --format '%P %c %D') ||
    fail $code_unavailable "Slurm does not answer: $cluster"
[ -n "$partition" ] || cluster=$(grep '^[^ ]*\* ' <<<"$cluster" || true)
if [ -z "$cluster" ]; then
    problem="no partition '$partition' here"
    [ -n "$partition" ] || problem="this cluster has no default partition: give --partition"
    fail $code_usage "$problem; there are: $(sinfo --noheader --format %R | sort -u | paste -sd ' ')"
fi
read -r cores node_count < <(awk '{ sub("[+]", "", $2); if (!c || $2 < c) c = $2; n += $3 } END { print c, n }' <<<"$cluster")

[ -n "$threads" ] || threads=$((ranks ? cores / ranks : 1))
[ "$threads" -ge 1 ] || threads=1
[ -n "$ranks" ] || ranks=$((cores / threads))
[ "$ranks" -ge 1 ] && [ $((ranks * threads)) -le "$cores" ] || fail $code_usage \
    "--ranks-per-node ${ranks:-?} with $threads threads each needs more than the $cores cores of a node"
[ "${nodes%-*}" -le "$node_count" ] || fail $code_usage "--nodes $nodes: the partition has $node_count"
[ -n "$memory" ] || memory=$((ranks * (192 + 64 * threads)))M

case $launcher in
"" | mpirun) [ -z "$launcher" ] || command -v mpirun >/dev/null || fail $code_usage "--launcher mpirun: there is none here" ;;
srun)
    srun --mpi=list 2>&1 | grep -qw pmix || fail $code_usage "--launcher srun: this Slurm has no PMIx (srun --mpi=list)"
    ! command -v ompi_info >/dev/null || ompi_info --parsable 2>/dev/null | grep -q '^mca:pmix:' ||
        fail $code_usage "--launcher srun: this Open MPI was built without PMIx (ompi_info)"
    ;;
*) fail $code_usage "--launcher '$launcher': there are mpirun and srun" ;;
esac

# --- folders and database -------------------------------------------------------------------------------------------------

[ -d "$scratch" ] || fail $code_no_input "--scratch $scratch is not a folder"
if [ -z "$out" ]; then
    out=$scratch/synthgen-$dataset-$(size_name)
elif [[ $out != /* ]]; then
    out=$PWD/$out
fi
logs=$out.slurm
readonly in_authority='://[^/@]*:[^/@]*@' in_words='(^|[[:space:]?&])password[[:space:]]*='
if [[ $database =~ $in_authority || ${database,,} =~ $in_words ]]; then
    fail $code_usage "the database URL holds a password, which every user of the cluster could see: put it into $HOME/.pgpass" \
        "(or PGPASSFILE), or into a service file, and leave it out of the URL"
fi
if [ -n "${PGPASSFILE:-}" ]; then
    [ -r "$PGPASSFILE" ] || fail $code_no_input "PGPASSFILE=$PGPASSFILE cannot be read"
    [ -z "$(find -L "$PGPASSFILE" -perm /077)" ] || fail $code_denied "PGPASSFILE=$PGPASSFILE is open to others: chmod 600"
fi
[ -z "$connections" ] || [ -n "$database" ] || fail $code_usage "--connections without --database"

# --- the jobs -------------------------------------------------------------------------------------------------------------

load_nodes=1 load_ranks=$ranks
[ -z "$connections" ] || [ "$connections" -ge "$ranks" ] || load_ranks=$connections
limit=(${time:+--time="$time"} ${partition:+--partition="$partition"} --signal="B:USR1@$stop_before" "${extra[@]}")
place() { # NODES RANKS: the options of sbatch for this many
    printf '%s\n' --nodes="$1" --ntasks-per-node="$2" --cpus-per-task="$threads" --mem="$memory"
}
mapfile -t wide < <(place "$nodes" "$ranks")
mapfile -t narrow < <(place "$load_nodes" "$load_ranks")

if [ -z "$dry_run" ]; then
    mkdir -p "$logs" 2>/dev/null && [ -w "$logs" ] || fail $code_denied "cannot make $logs: choose another --out or --scratch"
fi
export SYNTHGEN_SLURM=$here SYNTHGEN_PROGRAM=$program SYNTHGEN_LAUNCHER=$launcher SYNTHGEN_MAX_RESTARTS=$max_restarts \
    SYNTHGEN_LOGS=$logs SYNTHGEN_PARTS=${parts:-}
[ -n "$launcher" ] || unset SYNTHGEN_LAUNCHER
[ -n "$parts" ] || unset SYNTHGEN_PARTS

ids=() before=()
# submit STEP OPTION... -- SCRIPT ARGUMENT...: prints step and id; the id is left in `id`.
submit() {
    local step=$1 options=()
    shift
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    local command=(sbatch --parsable --export=ALL --kill-on-invalid-dep=yes --job-name="synthgen-$step" "${limit[@]}"
        "${options[@]}" "$here/$2" "${@:3}")
    if [ -n "$dry_run" ]; then
        printf '%q ' "${command[@]}"
        echo
        id=ID-OF-${step^^}
        return
    fi
    if ! id=$("${command[@]}"); then
        [ ${#ids[@]} -eq 0 ] || scancel "${ids[@]}"
        fail $code_usage "Slurm refused the job of step $step${ids[0]:+; the jobs before it were cancelled}"
    fi
    id=${id%%;*}
    ids+=("$id")
    echo "$step $id"
}

echo "$dataset: $total, on $nodes nodes of $ranks ranks with $threads threads, into $out" >&2
generate=("${run[@]}" --out "$out" --threads "$threads")
if [ -n "$parts" ]; then
    # Tasks may start on different days.
    [ -e "$out/run.json" ] || [[ " ${run[*]} " == *" --as-of"* ]] || generate+=(--as-of "$as_of")
    submit parts --array="1-$parts" "${wide[@]}" --output="$logs/%x-%A_%a.out" -- generate.sbatch "${generate[@]}"
    before=(--dependency="afterok:$id")
fi
submit generate "${wide[@]}" "${before[@]}" --output="$logs/%x-%j.out" -- generate.sbatch "${generate[@]}" ${overwrite:+"$overwrite"}
last=("$out" --threads "$threads")
if [ -n "$database" ]; then
    last+=(--database "$database" ${connections:+--connections "$connections"})
    submit load "${narrow[@]}" --dependency="afterok:$id" --output="$logs/%x-%j.out" -- load.sbatch "${last[@]}" \
        ${overwrite:+"$overwrite"}
    wide=("${narrow[@]}")
fi
submit verify "${wide[@]}" --dependency="afterok:$id" --output="$logs/%x-%j.out" -- verify.sbatch "${last[@]}"
[ -n "$dry_run" ] || echo "logs and results in $logs; watch with: squeue --jobs=$(IFS=, && echo "${ids[*]}")" >&2
