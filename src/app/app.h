/* The application: command line to exit code. */
#ifndef SG_APP_APP_H
#define SG_APP_APP_H

/* Collective when started under an MPI launcher. Returns the exit code (enum sg_code). */
int sg_app_main(int argc, char **argv);

#endif
