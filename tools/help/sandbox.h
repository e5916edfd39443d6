/* sonde help sandbox: the system calls that each kind of process keeps. */
#ifndef SONDE_TOOLS_HELP_SANDBOX_H
#define SONDE_TOOLS_HELP_SANDBOX_H

/* Print the rows of all, or of the process that argv[0] names. Returns an exit status. */
int help_sandbox(int argc, char **argv);

#endif
