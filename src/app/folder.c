/* Rank 0 looks and decides; the others learn the decision. */
#include "app/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "datasets/registry.h"
#include "io/files.h"
#include "io/shared_file.h"

static const char *const run_files[] = {"manifest.json",    "run.json",     "manifest.json.tmp",
                                        "run.json.tmp",     "report.html",  "report.html.tmp",
                                        "stats.h5",         "stats.h5.tmp", "summary.json",
                                        "summary.json.tmp", "rates.json",   "rates.json.tmp"};

void sg_folder_identity(const struct sg_options *options, struct sg_manifest *identity) {
    memset(identity, 0, sizeof *identity);
    identity->dataset = options->dataset;
    identity->run = options->run;
    snprintf(identity->version, sizeof identity->version, "%s", SG_VERSION);
    snprintf(identity->format, sizeof identity->format, "%s", options->format);
    identity->compression = options->compression;
    identity->partial = options->run.only_unit || options->tables[0];
    snprintf(identity->tables_option, sizeof identity->tables_option, "%s", options->tables);
}

/* A run.json that was killed before it had its name. */
static bool is_mark_in_hand(const char *name) {
    return strncmp(name, "run.json", 8) == 0 && sg_is_temporary(name + 8);
}

static bool nothing_inside(const char *path) {
    DIR *folder = opendir(path);
    if (!folder) return false;
    bool empty = true;
    for (struct dirent *entry; empty && (entry = readdir(folder));)
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
                strcmp(entry->d_name, "lost+found") == 0 || is_mark_in_hand(entry->d_name) ||
                strcmp(entry->d_name, "postgresql") == 0; /* the private cluster is made before the run */
    closedir(folder);
    return empty;
}

/* Is the run found in the folder the one asked for? Without --as-of its date counts as asked for. */
static bool same_run(struct sg_options *options, const struct sg_manifest *there, const char **why) {
    struct sg_manifest asked;
    sg_folder_identity(options, &asked);
    if (!options->as_of_given) asked.run.as_of_day = there->run.as_of_day;
    if (!sg_manifest_same_run(&asked, there, why)) return false;
    *why = "version";
    if (strcmp(asked.version, there->version) != 0) return false;
    *why = "compress";
    if (asked.compression.how != there->compression.how) return false;
    *why = "level";
    if (asked.compression.level != there->compression.level) return false;
    options->run.as_of_day = asked.run.as_of_day;
    return true;
}

static enum sg_code refuse(const struct sg_options *options, const char *reason, const char *way,
                           enum sg_folder *found, struct sg_error *err) {
    *found = SG_FOLDER_OVERWRITE;
    if (options->overwrite) return SG_OK;
    return sg_fail(err, SG_EXISTS, "%s %s: %s", options->out, reason, way);
}

#define OTHER_WAY "choose another --out, or replace it with --overwrite"

static enum sg_code refuse_other(const struct sg_options *options, const char *kind, const char *why,
                                 enum sg_folder *found, struct sg_error *err) {
    char reason[128];
    snprintf(reason, sizeof reason, "holds %s run (%s differs)", kind, why);
    return refuse(options, reason, OTHER_WAY, found, err);
}

static enum sg_code judge_incomplete(struct sg_options *options, const struct sg_manifest *there,
                                     enum sg_folder *found, struct sg_error *err) {
    const char *why = "";
    if (!same_run(options, there, &why))
        return refuse_other(options, "an incomplete, different", why, found, err);
    if (!options->resume && !options->parts)
        return refuse(options, "holds an incomplete run",
                      "continue it with --resume, or start again with --overwrite", found, err);
    *found = SG_FOLDER_RESUME;
    return SG_OK;
}

static enum sg_code judge_complete(struct sg_options *options, const struct sg_manifest *there,
                                   enum sg_folder *found, struct sg_error *err) {
    const char *why = "";
    if (!same_run(options, there, &why)) return refuse_other(options, "another", why, found, err);
    *found = options->overwrite ? SG_FOLDER_OVERWRITE : SG_FOLDER_COMPLETE;
    return SG_OK;
}

/* No manifest: a marked run, an empty folder or somebody else's files. */
static enum sg_code judge_unfinished(struct sg_options *options, enum sg_folder *found,
                                     struct sg_error *err) {
    struct sg_manifest there = {0};
    struct sg_error unread = {0};
    enum sg_code code = sg_run_mark_read(&there, options->out, sg_dataset_find, &unread);
    if (code == SG_OK)
        code = judge_incomplete(options, &there, found, err);
    else if (code != SG_NO_INPUT)
        code = refuse(options, "holds a run.json that does not read", OTHER_WAY, found, err);
    else if (!nothing_inside(options->out))
        code = refuse(options, "is not empty and holds no run of this program", OTHER_WAY, found, err);
    else
        code = SG_OK;
    sg_manifest_free(&there);
    return code;
}

static enum sg_code judge(struct sg_options *options, enum sg_folder *found, struct sg_error *err) {
    *found = SG_FOLDER_FRESH;
    struct stat status;
    if (stat(options->out, &status) != 0) {
        if (errno == ENOENT) return SG_OK;
        return sg_fail_errno(err, SG_IO, errno, "cannot look at %s", options->out);
    }
    if (!S_ISDIR(status.st_mode))
        return sg_fail(err, SG_EXISTS, "%s is not a folder: choose another --out", options->out);
    if (access(options->out, R_OK | X_OK) != 0)
        return sg_fail_errno(err, SG_IO, errno, "cannot read folder %s", options->out);
    struct sg_manifest there = {0};
    struct sg_error unread = {0};
    enum sg_code code = sg_manifest_read(&there, options->out, sg_dataset_find, &unread);
    if (code == SG_OK)
        code = judge_complete(options, &there, found, err);
    else if (code == SG_NO_INPUT)
        code = judge_unfinished(options, found, err);
    else
        code = refuse(options, "holds a manifest that does not read", OTHER_WAY, found, err);
    sg_manifest_free(&there);
    return code;
}

enum sg_code sg_folder_inspect(const struct sg_comm *comm, struct sg_options *options, enum sg_folder *found,
                               struct sg_error *err) {
    enum sg_code code = SG_OK;
    *found = SG_FOLDER_FRESH;
    if (comm->rank == 0) code = judge(options, found, err);
    SG_TRY(sg_comm_agree(comm, code, err));
    sg_comm_broadcast(comm, found, sizeof *found, 0);
    sg_comm_broadcast(comm, &options->run.as_of_day, sizeof options->run.as_of_day, 0);
    return SG_OK;
}

/* Is what follows a table's name and number the suffix, with or without that of a file in the making? */
static bool ends(const char *rest, const char *suffix) {
    size_t size = strlen(suffix);
    return strncmp(rest, suffix, size) == 0 && (!rest[size] || sg_is_temporary(rest + size));
}

/* <table>-<digits>.<suffix of a format>, <table>.<suffix> of a format with a file a table, or one of
 * them in the making. */
static bool is_shard_name(const void *of, const char *name) {
    const char *table = of;
    size_t length = strlen(table);
    if (strncmp(name, table, length) != 0) return false;
    size_t digits = name[length] == '-' ? strspn(name + length + 1, "0123456789") : 0;
    const char *rest = name + length + (digits ? digits + 1 : 0);
    if (*rest != '.') return false;
    for (const struct sg_format_info *format = sg_formats(); format->name; format++)
        if ((format->together ? digits == 0 : digits >= 5) && ends(rest + 1, format->suffix)) return true;
    return false;
}

static enum sg_code remove_shards(const char *out, const char *table, struct sg_error *err) {
    char path[SG_PATH_BYTES];
    SG_TRY(sg_path_join(path, out, table, err));
    SG_TRY(sg_remove_files(path, is_shard_name, table, err));
    rmdir(path); /* stays when something foreign is inside */
    return SG_OK;
}

/* A shard in the making that this run, or this part of it, makes itself. */
struct in_the_making {
    const struct sg_plan *plan;
    uint16_t table;
};

static bool is_in_the_making(const void *context, const char *name) {
    const struct in_the_making *of = context;
    const char *table = of->plan->dataset->tables[of->table]->name, *dot = strchr(name, '.');
    if (!is_shard_name(table, name) || !sg_is_temporary(dot)) return false;
    unsigned long number = strtoul(name + strlen(table) + 1, NULL, 10);
    for (size_t i = 0; i < of->plan->shard_count; i++)
        if (of->plan->shards[i].table == of->table && of->plan->shards[i].number == number) return true;
    return false;
}

/* Removes what killed processes of this run had in hand. Other parts of the run may be at work: theirs stay.
 */
static enum sg_code sweep(const struct sg_job *job, struct sg_error *err) {
    char path[SG_PATH_BYTES];
    const struct sg_plan *plan = &job->plan;
    for (uint16_t table = 0; table < plan->dataset->table_count; table++) {
        const struct in_the_making of = {plan, table};
        SG_TRY(sg_path_join(path, job->out, plan->dataset->tables[table]->name, err));
        SG_TRY(sg_remove_files(path, is_in_the_making, &of, err));
    }
    return SG_OK;
}

/* The documents of a dataset, and the folders that are empty then. */
static enum sg_code remove_documents(const char *out, const struct sg_dataset *dataset,
                                     struct sg_error *err) {
    for (int i = 0; i < dataset->document_count; i++) {
        char path[SG_PATH_BYTES];
        SG_TRY(sg_remove_file(out, dataset->documents[i].path, err));
        SG_TRY(sg_shared_file_sweep(out, dataset->documents[i].path, err));
        SG_TRY(sg_path_join(path, out, dataset->documents[i].path, err));
        char *slash = strrchr(path, '/');
        if (!strchr(dataset->documents[i].path, '/')) continue;
        *slash = '\0';
        rmdir(path);
    }
    return SG_OK;
}

/* Removes what runs of any known dataset left. The manifest goes first: a half-cleared folder is nobody's. */
static enum sg_code clear_folder(const char *out, struct sg_error *err) {
    for (size_t i = 0; i < sizeof run_files / sizeof *run_files; i++)
        SG_TRY(sg_remove_file(out, run_files[i], err));
    for (const struct sg_dataset *const *dataset = sg_datasets(); *dataset; dataset++) {
        for (int i = 0; i < (*dataset)->table_count; i++)
            SG_TRY(remove_shards(out, (*dataset)->tables[i]->name, err));
        SG_TRY(remove_documents(out, *dataset, err));
    }
    return SG_OK;
}

static enum sg_code make_folder(const char *out, struct sg_error *err) {
    char below[SG_PATH_BYTES];
    SG_TRY(sg_path_join(below, out, "run.json", err));
    return sg_make_parents(below, err);
}

/* Keeps a second run out for as long as this process lives; parts of one run share the folder. File systems
 * that cannot lock are trusted. */
static enum sg_code lock_folder(struct sg_job *job, struct sg_error *err) {
    int lock = open(job->out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0) return sg_fail_errno(err, SG_IO, errno, "cannot open folder %s", job->out);
    int kind = job->options->parts ? LOCK_SH : LOCK_EX;
    bool taken = flock(lock, kind | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (taken) {
        close(lock);
        return sg_fail(err, SG_EXISTS,
                       "another synthgen-hpc is working in %s: wait for it, or choose another --out",
                       job->out);
    }
    job->folder_lock = lock;
    return SG_OK;
}

enum sg_code sg_folder_claim(struct sg_job *job, struct sg_error *err) {
    SG_TRY(make_folder(job->out, err));
    return lock_folder(job, err);
}

/* Marks a folder as this run's. Of parts that start at once one writes the mark, and the others compare. */
static enum sg_code mark_folder(const struct sg_job *job, struct sg_error *err) {
    if (!job->options->parts) return sg_run_mark_write(&job->manifest, job->out, err);
    bool made;
    SG_TRY(sg_run_mark_claim(&job->manifest, job->out, &made, err));
    if (made) return SG_OK;
    struct sg_manifest there = {0};
    const char *why = "";
    enum sg_code code = sg_run_mark_read(&there, job->out, sg_dataset_find, err);
    if (code == SG_OK && !sg_manifest_same_run(&job->manifest, &there, &why))
        code = sg_fail(err, SG_EXISTS,
                       "%s was taken by another run at the same time (%s differs): choose another --out",
                       job->out, why);
    sg_manifest_free(&there);
    return code;
}

enum sg_code sg_folder_prepare(struct sg_job *job, enum sg_folder found, struct sg_error *err) {
    enum sg_code code = SG_OK;
    if (job->comm->rank == 0) {
        code = sg_folder_claim(job, err);
        if (code == SG_OK && found == SG_FOLDER_OVERWRITE) code = clear_folder(job->out, err);
        if (code == SG_OK) code = sweep(job, err);
        if (code == SG_OK && found != SG_FOLDER_RESUME) code = mark_folder(job, err);
    }
    SG_TRY(sg_comm_agree(job->comm, code, err));
    char mark[SG_PATH_BYTES];
    code = sg_path_join(mark, job->out, "run.json", err);
    if (code == SG_OK && access(mark, R_OK) != 0)
        code = sg_fail(err, SG_CONFIG,
                       "%s is not visible here: it must be on a file system that all hosts share", job->out);
    return sg_comm_agree(job->comm, code, err);
}

/* What is wrong with a folder without a manifest, and what to do. */
static enum sg_code fail_without_manifest(const char *out, struct sg_error *err) {
    char mark[SG_PATH_BYTES];
    SG_TRY(sg_path_join(mark, out, "run.json", err));
    if (access(mark, F_OK) == 0)
        return sg_fail(
            err, SG_NO_INPUT,
            "%s holds a run that is not complete: give the command that made it again, with --resume", out);
    const char *what = access(out, F_OK) == 0 ? "holds no run" : "is not there";
    return sg_fail(err, SG_NO_INPUT, "%s %s: make one with run --out %s, or name the folder of one", out,
                   what, out);
}

enum sg_code sg_folder_manifest(struct sg_manifest *manifest, const char *out, struct sg_error *err) {
    struct sg_error unread = {0};
    enum sg_code code = sg_manifest_read(manifest, out, sg_dataset_find, &unread);
    if (code == SG_NO_INPUT) return fail_without_manifest(out, err);
    return code == SG_OK ? SG_OK : sg_fail(err, code, "%s", unread.text);
}

enum sg_code sg_folder_read(struct sg_job *job, struct sg_error *err) {
    enum sg_code code = sg_folder_manifest(&job->manifest, job->out, err);
    SG_TRY(sg_comm_agree(job->comm, code, err));
    return sg_comm_same(job->comm, &job->manifest.root, sizeof job->manifest.root, "the manifest", err);
}

/* The longest start of a text that fits and does not end within a character. */
static void copy_cut(char *out, size_t size, const char *text) {
    size_t length = strlen(text);
    if (length >= size) {
        length = size - 1;
        while (length && ((unsigned char)text[length] & 0xC0) == 0x80)
            length--;
    }
    memcpy(out, text, length);
    out[length] = '\0';
}

enum sg_code sg_folder_note_verdict(struct sg_job *job, enum sg_code verdict, struct sg_error *err) {
    struct sg_manifest *manifest = &job->manifest;
    bool invalid = verdict == SG_INVALID, was = manifest->status == SG_RUN_INVALID;
    char fault[sizeof manifest->fault] = "";
    if (invalid) copy_cut(fault, sizeof fault, err->text);
    if ((!invalid && verdict != SG_OK) || (invalid == was && strcmp(fault, manifest->fault) == 0))
        return verdict;
    struct sg_error own = {0};
    manifest->status = invalid ? SG_RUN_INVALID : SG_RUN_COMPLETE;
    memcpy(manifest->fault, fault, sizeof fault);
    if (sg_manifest_write(manifest, job->out, &own) == SG_OK) {
        sg_say(job,
               invalid ? "\n%s is marked INVALID in its manifest\n" : "\n%s is no longer marked INVALID\n",
               job->out);
        return verdict;
    }
    if (!invalid) return sg_fail(err, own.code, "the mark INVALID cannot be taken off: %s", own.text);
    sg_append(err->text, sizeof err->text, " (and the run cannot be marked INVALID: %s)", own.text);
    return verdict;
}

enum sg_code sg_folder_demand_valid(const struct sg_job *job, struct sg_error *err) {
    enum sg_code code = SG_OK;
    if (job->manifest.status == SG_RUN_INVALID && !job->options->accept_invalid)
        code = sg_fail(err, SG_INVALID,
                       "%s is marked INVALID, because its verification failed: %s; verify it again, make it "
                       "again with --overwrite, or load it as it is with --accept-invalid",
                       job->out, job->manifest.fault);
    return sg_comm_agree(job->comm, code, err);
}
