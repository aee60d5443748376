/* Dispatch of the commands. */
#include "app/app.h"

#include <stdio.h>

int sg_app_main(int argc, char **argv) {
    (void)argc;
    (void)argv;
    puts("synthgen-hpc " SG_VERSION);
    return 0;
}
