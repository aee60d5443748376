/* Help for people, from the tables of commands, options and exit codes: on the terminal or as Markdown. */
#include <stdio.h>
#include <string.h>

#include "app/option_table.h"

enum { WIDTH = 100, INDENT = 26 };

/* Prints text wrapped at WIDTH, continuing at column `indent`; the cursor is at `column`. */
static void print_wrapped(const char *text, int indent, int column) {
    while (*text) {
        int word = (int)strcspn(text, " ");
        if (column + 1 + word > WIDTH && column > indent) {
            printf("\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            putchar(' ');
            column++;
        }
        printf("%.*s", word, text);
        column += word;
        text += word + (text[word] == ' ');
    }
    putchar('\n');
}

/* A usage and what it means, side by side where there is room. */
static void print_entry(const char *usage, const char *meaning, int indent) {
    printf("  %-*s", indent - 2, usage);
    if (strlen(usage) + 3 > (size_t)indent) printf("\n%*s", indent, "");
    print_wrapped(meaning, indent, indent);
}

static void option_usage(const struct sg_option_info *option, char out[64]) {
    if (option->argument == SG_ARGUMENT_NONE)
        snprintf(out, 64, "--%s", option->name);
    else
        snprintf(out, 64, option->argument == SG_ARGUMENT_NEEDED ? "--%s %s" : "--%s[=%s]", option->name,
                 option->value);
}

static bool has_options(const struct sg_command_info *command) {
    for (const struct sg_option_info *option = sg_option_table(); option->name; option++)
        if (option->commands & 1u << command->command) return true;
    return false;
}

static void print_options(const struct sg_command_info *command) {
    for (const struct sg_option_info *option = sg_option_table(); option->name; option++) {
        if (!(option->commands & 1u << command->command)) continue;
        char usage[64];
        option_usage(option, usage);
        print_entry(usage, option->help, INDENT);
    }
}

static void print_command(const struct sg_command_info *command) {
    printf("usage: synthgen-hpc %s%s%s%s\n\n", command->name, command->arguments[0] ? " " : "",
           command->arguments, has_options(command) ? " [options]" : "");
    print_wrapped(command->help, 0, 0);
    if (!has_options(command)) return;
    printf("\noptions:\n");
    print_options(command);
}

static void print_overview(void) {
    printf("synthgen-hpc " SG_VERSION ": synthetic datasets with exact counts, on many cores and nodes\n\n"
           "usage: synthgen-hpc [command] [options]\n"
           "       mpirun -n RANKS synthgen-hpc [command] [options]\n\ncommands:\n");
    for (const struct sg_command_info *command = sg_command_table(); command->name; command++) {
        char usage[64];
        snprintf(usage, sizeof usage, "%s %s", command->name, command->arguments);
        print_entry(usage, command->title, INDENT + 4);
    }
    printf("\noptions of run:\n");
    print_options(sg_command_info(SG_COMMAND_RUN));
    printf("\nsynthgen-hpc help COMMAND shows a command; exit codes are in docs/manual.md.\n");
}

static void markdown_options(const struct sg_command_info *command) {
    if (!has_options(command)) return;
    printf("| option | meaning |\n|---|---|\n");
    for (const struct sg_option_info *option = sg_option_table(); option->name; option++) {
        if (!(option->commands & 1u << command->command)) continue;
        char usage[64];
        option_usage(option, usage);
        printf("| `");
        for (const char *c = usage; *c; c++)
            printf(*c == '|' ? "\\|" : "%c", *c);
        printf("` | %s |\n", option->help);
    }
    putchar('\n');
}

static void print_markdown(void) {
    printf("# synthgen-hpc: reference\n\n"
           "Printed by `synthgen-hpc help --markdown` from the program's own tables; a test keeps this copy "
           "current.\n\n"
           "    synthgen-hpc [command] [options]\n"
           "    mpirun -n RANKS synthgen-hpc [command] [options]\n\n"
           "Without a command, `run` is meant. Options are written `--name value` or `--name=value`. Results "
           "go to stdout, progress and messages to stderr.\n\n");
    for (const struct sg_command_info *command = sg_command_table(); command->name; command++) {
        printf("## %s\n\n", command->name);
        printf("`synthgen-hpc %s%s%s%s`: %s.\n\n%s\n\n", command->name, command->arguments[0] ? " " : "",
               command->arguments, has_options(command) ? " [options]" : "", command->title, command->help);
        markdown_options(command);
    }
    printf(
        "## Environment\n\n| variable | meaning |\n|---|---|\n"
        "| `DATAGEN_ENV` | size by name when neither --env nor a number is given |\n"
        "| `DATABASE_URL` | where `run` and `load` load, and what `clear` empties, when no URL is given |\n"
        "| `PGHOST`, `PGPASSWORD` ... | libpq's own, where a URL leaves something open |\n"
        "| `PG_BINDIR` | where the programs of the private PostgreSQL server are |\n"
        "| `OMP_NUM_THREADS`, `SLURM_CPUS_PER_TASK` | threads per rank without --threads |\n"
        "| `SYNTHGEN_ISA` | `portable`, `avx2` or `avx512` instead of the best kernels of the processor; the "
        "bytes are the same |\n"
        "| `COGNITO_USER_POOL_ID`, `AWS_...` | users of spendsense from a Cognito pool "
        "([which](datasets.md#spendsense)) |\n"
        "| `STRIPE_SECRET_KEY`, `STRIPE_API_BASE` | test-mode key and endpoint of `live` |\n\n"
        "## Signals\n\nSIGTERM, SIGINT and SIGUSR1 stop a run at once without leaving a half-written shard; "
        "it exits with 75 and continues with `--resume`. To stop a run under mpirun, send mpirun SIGUSR1: it "
        "passes it on and reports 75, while on SIGTERM and SIGINT it ends the ranks itself and reports 1 "
        "(the run still continues with `--resume`). Slurm: `--signal=USR1@60`.\n\n"
        "A rank that dies (SIGKILL, out of memory, a lost host) ends the run on all hosts. The exit code is "
        "then the launcher's, not one of those below (Open MPI: 137 for a killed rank, 205 for a host that "
        "is no longer heard), no file of `--result` appears, and the run continues with `--resume`. Open MPI "
        "notices a host that fell silent after `oob_tcp_keepalive_time` seconds (default 300).\n\n"
        "## Exit codes\n\n| code | name | meaning |\n|---|---|---|\n");
    size_t count;
    const struct sg_code_info *codes = sg_code_table(&count);
    for (size_t i = 0; i < count; i++)
        printf("| %d | %s | %s |\n", codes[i].code, codes[i].name, codes[i].meaning);
}

void sg_help_print(enum sg_command command, bool as_markdown) {
    if (as_markdown)
        print_markdown();
    else if (command == SG_COMMAND_HELP)
        print_overview();
    else
        print_command(sg_command_info(command));
}
