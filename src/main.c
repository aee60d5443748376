/* Entry point: hands the command line to the application and returns its exit code. */
#include "app/app.h"

int main(int argc, char **argv) {
    return sg_app_main(argc, argv);
}
